import { HOUR_MS } from '../lib/duration.ts';
import type { OutboxEntry, TargetState } from '../state/outbox-store.ts';

/** At this age an entry is dead whatever the reason. */
export const LONGEST_AGE_MS = 72 * HOUR_MS;
/** So much of the time between two attempts counts: a machine that was off has given nobody a chance to take the entry. */
export const LONGEST_STEP_MS = 6 * HOUR_MS;

/** What the time since `from` adds to an age; times are outbox times. */
export function stepMs(from: number | null, now: number): number {
  return from === null ? 0 : Math.min(LONGEST_STEP_MS, Math.max(0, now - from));
}

/** The age of an entry at an attempt of its own: the times between its attempts, or between the probes while its target was blocked. */
export function ageMs(entry: OutboxEntry, target: TargetState, now: number): number {
  const { agedMs, triedAt, probedFrom } = entry;
  if (probedFrom === null) return agedMs + stepMs(triedAt, now);
  return agedMs + Math.max(0, target.probedMs - probedFrom) + stepMs(target.probedAt, now);
}
