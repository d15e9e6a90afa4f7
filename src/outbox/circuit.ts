import type { TargetState } from '../state/outbox-store.ts';

/** Whether alerts go out to a target: all of them, none, or one as a probe. */
export type Circuit = 'closed' | 'open' | 'half-open';

/** `now` is outbox time. A probe goes out as soon as it may. */
export function circuitOf({ blockedSince, nextProbeAt }: TargetState, now: number): Circuit {
  if (blockedSince === null) return 'closed';
  return (nextProbeAt ?? 0) <= now ? 'half-open' : 'open';
}
