import type { Clock } from '../../lib/clock.ts';
import { SECOND_MS } from '../../lib/duration.ts';

/** Wall and monotonic time drift apart by less than this between two looks; by more only where a clock was set or the machine slept. */
const JUMP_MS = 5 * SECOND_MS;

/** Gives a look at the clock: by how many ms wall time has moved against monotonic time since the look before; 0 where that is no jump. */
export function createJumpWatch(clock: Pick<Clock, 'now' | 'monotonic'>): () => number {
  const difference = (): number => clock.now() - clock.monotonic();
  let before = difference();
  return () => {
    const moved = difference() - before;
    before += moved;
    return Math.abs(moved) > JUMP_MS ? moved : 0;
  };
}
