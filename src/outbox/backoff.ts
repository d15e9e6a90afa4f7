import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../lib/duration.ts';

const SHORTEST_MS = SECOND_MS;
const LONGEST_MS = 15 * MINUTE_MS;
/** A receiver that asks for more is asked again after this time all the same. */
const LONGEST_RETRY_AFTER_MS = HOUR_MS;

/**
 * Milliseconds to wait after the `attempts`-th failed attempt (from 1): exponential with full jitter between 1 s and 15 min.
 * `retryAfterMs`, where the other side told one, is a lower bound, itself capped at 1 h. `random` is from [0, 1).
 */
export function backoffMs(attempts: number, retryAfterMs: number | null, random: number): number {
  const ceiling = Math.min(LONGEST_MS, SHORTEST_MS * 2 ** Math.min(attempts, 20));
  const jittered = SHORTEST_MS + random * (ceiling - SHORTEST_MS);
  return Math.ceil(Math.max(jittered, Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS)));
}
