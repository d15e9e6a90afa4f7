import { HuntwireError } from './errors.ts';

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };
const FORM = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g;

/** `90s`, `15m`, `1h30m`, `14d` as milliseconds, or null where the text is no duration, or one of more milliseconds than a number holds exactly. */
export function parseDuration(text: string): number | null {
  if (!FORM.test(text)) return null;
  let total = 0;
  for (const [, amount = '0', unit = 'ms'] of text.matchAll(PART)) total += Number(amount) * (UNIT_MS[unit] ?? 0);
  const ms = Math.round(total);
  return Number.isSafeInteger(ms) ? ms : null;
}

/** As parseDuration, for texts that must be right: a USAGE error names `what`. */
export function requireDuration(text: string, what: string): number {
  const ms = parseDuration(text);
  if (ms === null)
    throw new HuntwireError('USAGE', `${what}: "${text}" is no duration; write for example 30s, 15m, 4h or 7d.`);
  return ms;
}

/** The shortest exact form of a duration: 5400000 is `1h30m`, 0 is `0s`. */
export function formatDuration(ms: number): string {
  let rest = Math.max(0, Math.round(ms));
  let text = '';
  for (const unit of ['d', 'h', 'm', 's', 'ms'] as const) {
    const size = UNIT_MS[unit] ?? 1;
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text || '0s';
}
