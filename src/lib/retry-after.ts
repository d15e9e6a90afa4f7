import { SECOND_MS } from './duration.ts';

const SECONDS = /^\d{1,9}(\.\d{1,9})?$/;
/** An HTTP date begins with the name of a day; `Date.parse` would take far more. */
const DATE = /^[A-Za-z]{3,9},? /;

/**
 * The Retry-After header (RFC 9110 section 10.2.3), a number of seconds or an HTTP date, in ms from `now` (epoch ms): never negative,
 * and null where the header is absent or is neither. Fractions of a second, which some services send, round up.
 */
export function retryAfterMs(header: string | null, now: number): number | null {
  const text = header?.trim() ?? '';
  if (SECONDS.test(text)) return Math.ceil(Number(text) * SECOND_MS);
  if (!DATE.test(text)) return null;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
