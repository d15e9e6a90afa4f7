import type { StoredPause } from '../source.ts';

/** What is left of a stored pause at `now` (epoch ms), never more than was left when it was written: a wrong clock cannot make it longer. */
export function pauseLeft({ remainedMs, writtenAt }: StoredPause, now: number): number {
  return Math.min(remainedMs, Math.max(0, remainedMs - (now - writtenAt)));
}
