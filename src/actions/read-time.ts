import { parseDuration } from '../lib/duration.ts';
import { HuntwireError } from '../lib/errors.ts';

const ISO = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,7})?)?)?(Z|[+-]\d\d:\d\d)?$/;

/** An instant in epoch ms: ISO text, UTC where it names no zone, a duration back from now (`14d`), or `now`. Else a USAGE error names `what`. */
export function readTime(text: string, what: string, now: number): number {
  if (text === 'now') return now;
  const back = parseDuration(text);
  if (back !== null) return now - back;
  const match = ISO.exec(text);
  const withTime = text.includes('T') ? text : `${text}T00:00`;
  const time = match ? Date.parse(match[1] ? text : `${withTime}Z`) : Number.NaN;
  if (Number.isNaN(time))
    throw new HuntwireError('USAGE', `${what}: "${text}" is no time; write for example 2026-01-31T08:00:00Z or 14d.`);
  return time;
}
