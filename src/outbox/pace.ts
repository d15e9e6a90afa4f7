import { SECOND_MS } from '../lib/duration.ts';

/** Keeps deliveries of one target below its rate. */
export interface Pace {
  /** Milliseconds until the next delivery may start; 0: now. */
  waitMs(monotonic: number): number;
  /** Counts one delivery that starts now. */
  take(monotonic: number): void;
}

/** Deliveries that are late by a timer's coarseness may be made up for within this time. */
const SLACK_MS = 50;

const UNLIMITED: Pace = { waitMs: () => 0, take: () => undefined };

export function createPace(ratePerSecond: number | null): Pace {
  if (ratePerSecond === null) return UNLIMITED;
  const gap = SECOND_MS / ratePerSecond;
  const slack = gap < SLACK_MS ? SLACK_MS : 0;
  let next = Number.NEGATIVE_INFINITY;
  return {
    waitMs: (monotonic) => Math.max(0, Math.ceil(next - slack - monotonic)),
    take: (monotonic) => {
      next = Math.max(next, monotonic) + gap;
    },
  };
}
