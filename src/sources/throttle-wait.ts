import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../lib/duration.ts';
import type { ThrottleTold } from '../lib/errors.ts';
import { retryAfterMs } from '../lib/retry-after.ts';

const UNIT_MS: Readonly<Record<string, number>> = { second: SECOND_MS, minute: MINUTE_MS, hour: HOUR_MS };
const IN_UNITS = /\bin (\d{1,6}(?:\.\d{1,3})?) ?(second|minute|hour)s?\b/i;
const IN_CLOCK = /\bin (?:(\d{1,3})\.)?(\d{1,2}):(\d{2}):(\d{2})/i;
const PER_CLOCK = /\bper (?:(\d{1,3})\.)?(\d{1,2}):(\d{2}):(\d{2})/i;

const ALLOWED = /\bmaximum allowed (\d{1,6}) per \d/i;
/** What the portal says of processing time; the API tells it in the same words. */
const PROCESSING = /processing resources|\bcpu\b/i;

/** Where the service says 429 and no time at all. */
const DEFAULT_WAIT_MS = MINUTE_MS;
const LONGEST_WAIT_MS = DAY_MS;

export interface ThrottleAnswer {
  /** The `Retry-After` header, seconds or a date. */
  readonly retryAfter: string | null;
  readonly text: string;
  /** The service's clock in epoch ms; ours where it did not say. */
  readonly now: number;
}

/**
 * How long a 429 asks to wait, in ms: the longest of Retry-After, `in 8 seconds` and `again in 00:05:00`; where none of them is told,
 * for `45 per 00:01:00` what is left of the period that the service's clock is in. At least 1 s, at most a day; one minute where
 * nothing is said.
 */
export function throttleWait(answer: ThrottleAnswer): number {
  const told = [
    retryAfterMs(answer.retryAfter, answer.now),
    inUnits(answer.text),
    clockMs(IN_CLOCK.exec(answer.text)),
  ].filter((wait) => wait !== null);
  const guess = restOfPeriod(clockMs(PER_CLOCK.exec(answer.text)), answer.now) ?? DEFAULT_WAIT_MS;
  const wait = told.length === 0 ? guess : Math.max(...told);
  return Math.min(LONGEST_WAIT_MS, Math.max(SECOND_MS, wait));
}

/** Which quota a 429 speaks of. One that says nothing speaks of calls. */
export function throttleTold(text: string): ThrottleTold {
  const calls = Number(ALLOWED.exec(text)?.[1] ?? 0);
  const periodMs = clockMs(PER_CLOCK.exec(text)) ?? 0;
  const allowed = calls > 0 && periodMs > 0 ? { calls, periodMs } : null;
  return { of: PROCESSING.test(text) ? 'processing' : 'calls', allowed };
}

function inUnits(text: string): number | null {
  const match = IN_UNITS.exec(text);
  if (!match) return null;
  return Math.ceil(Number(match[1]) * (UNIT_MS[(match[2] ?? '').toLowerCase()] ?? SECOND_MS));
}

function clockMs(match: RegExpExecArray | null): number | null {
  if (!match) return null;
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = match;
  return Number(days) * DAY_MS + Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS + Number(seconds) * SECOND_MS;
}

function restOfPeriod(periodMs: number | null, now: number): number | null {
  return periodMs === null || periodMs === 0 ? null : periodMs - (now % periodMs);
}
