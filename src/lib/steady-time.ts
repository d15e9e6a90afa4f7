import type { Clock } from './clock.ts';
import { SECOND_MS } from './duration.ts';

/** Where steady time stood, and what our wall clock said then; what a restart goes on from. Both in milliseconds. */
export interface SteadyMark {
  readonly at: number;
  readonly wall: number;
}

/**
 * Time to wait by, in whole milliseconds. It goes on with monotonic time and never back; a machine that was suspended, a restart, or a
 * clock that was set forward moves it on by what the wall clock says has passed, a clock that was set back moves it by nothing. So
 * nothing waits longer than it was to, whatever the clock shows.
 */
export interface SteadyTime {
  now(): number;
  mark(): SteadyMark;
}

/** Wall and monotonic time that differ by more than this since the last look mean a jump or a suspended machine. */
const JUMP_MS = 5 * SECOND_MS;

export function createSteadyTime(clock: Clock, mark: SteadyMark | null): SteadyTime {
  let wall = clock.now();
  let monotonic = clock.monotonic();
  let at = mark === null ? wall : mark.at + Math.max(0, wall - mark.wall);
  const now = (): number => {
    const passed = clock.monotonic() - monotonic;
    const shown = clock.now() - wall;
    at += Math.max(0, shown - passed > JUMP_MS ? shown : passed);
    monotonic += passed;
    wall += shown;
    return Math.floor(at);
  };
  return { now, mark: () => ({ at: now(), wall: clock.now() }) };
}
