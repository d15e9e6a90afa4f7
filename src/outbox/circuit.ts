import { MINUTE_MS } from '../lib/duration.ts';
import type { TargetState } from '../state/outbox-store.ts';

/** Whether alerts go out to a target: all of them, none, or one as a probe. */
export type Circuit = 'closed' | 'open' | 'half-open';

/** A target that was asked for so long and has taken nothing is left alone but for probes, whatever it answers, and that is told. */
export const OPENS_AFTER_MS = 10 * MINUTE_MS;
/** With a failure that may pass, an entry that is due need not wait for the next probe: it is one, so often at most. */
export const DUE_PROBE_MS = MINUTE_MS;

/** `now` is outbox time. A probe goes out as soon as it may. */
export function circuitOf({ blockedSince, nextProbeAt }: TargetState, now: number): Circuit {
  if (blockedSince === null) return 'closed';
  return (nextProbeAt ?? 0) <= now ? 'half-open' : 'open';
}
