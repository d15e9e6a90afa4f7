import { MINUTE_MS, SECOND_MS } from '../../lib/duration.ts';

/** One answer's word: the service's epoch ms less monotonic ms, and the monotonic ms at which it came. */
export interface ClockSample {
  readonly offset: number;
  readonly at: number;
}

/** Answers further apart than this contradict each other. */
export const CONTRADICTION_MS = MINUTE_MS;
/** Offsets of samples that agree lie within this: `Date` has whole seconds, and answers take their time. */
const AGREEMENT_MS = 10 * SECOND_MS;
/** Samples closer to each other may come from one wrong machine. */
export const SAMPLE_GAP_MS = 10 * SECOND_MS;

/** The offset that the latest `count` samples agree on: the middle one of them; null where there are fewer, or they do not agree. */
export function agreedOffset(samples: readonly ClockSample[], count: number): number | null {
  const latest = samples.slice(-count).map(({ offset }) => offset);
  if (latest.length < count) return null;
  const sorted = latest.toSorted((a, b) => a - b);
  const spread = Math.max(...latest) - Math.min(...latest);
  return spread <= AGREEMENT_MS ? (sorted[Math.floor(count / 2)] ?? null) : null;
}
