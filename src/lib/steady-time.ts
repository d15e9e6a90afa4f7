import type { BootTime, Clock } from './clock.ts';
import { SECOND_MS } from './duration.ts';

/** Where steady time stood, and what our wall clock said then; what a restart goes on from. Both in milliseconds. */
export interface SteadyMark {
  readonly at: number;
  readonly wall: number;
  /** What the machine said then; left out where it tells nothing. */
  readonly boot?: BootTime;
}

/**
 * Time to wait by, in whole milliseconds. It goes on with monotonic time and never back, whatever the clock shows; a machine that was
 * suspended, or a restart, moves it on by the time that has passed. Where the machine tells how long it has been up, that is what has
 * passed, and a clock that was set moves it by nothing. Elsewhere the wall clock alone says what has passed: one that was set forward
 * moves it on, one that was set back by nothing. So nothing waits longer than it was to.
 */
export interface SteadyTime {
  now(): number;
  mark(): SteadyMark;
}

/** Wall and monotonic time that differ by more than this since the last look mean a jump or a suspended machine. */
const JUMP_MS = 5 * SECOND_MS;

export function createSteadyTime(clock: Clock, mark: SteadyMark | null): SteadyTime {
  const uptime = createUptime(clock);
  let wall = clock.now();
  let monotonic = clock.monotonic();
  let at = mark === null ? wall : mark.at + Math.max(0, sinceMark(mark, wall, uptime.told()));
  const look = (): number => {
    const passed = clock.monotonic() - monotonic;
    const shown = clock.now() - wall;
    const isJump = Math.abs(shown - passed) > JUMP_MS;
    at += Math.max(0, passed, isJump ? passed + (uptime.slept() ?? shown - passed) : 0);
    monotonic += passed;
    wall += shown;
    return Math.floor(at);
  };
  return {
    now: look,
    mark: () => {
      const now = look();
      const boot = uptime.told();
      return { at: now, wall: clock.now(), ...(boot && { boot }) };
    },
  };
}

/** A machine that counts from anew under an old name (a container may) says nothing of the time between. */
function sinceMark(mark: SteadyMark, wall: number, boot: BootTime | null): number {
  const isSame = boot !== null && boot.boot === mark.boot?.boot;
  const passed = isSame ? boot.ms - (mark.boot?.ms ?? 0) : -1;
  return passed >= 0 ? passed : wall - mark.wall;
}

/** How long the machine has been up: it is asked at the start and at jumps, for that is a file to be read. */
function createUptime(clock: Clock): { told(): BootTime | null; slept(): number | null } {
  const boot = clock.sinceBoot?.() ?? null;
  const monotonic = clock.monotonic();
  let slept = 0;
  const up = (): number => (boot?.ms ?? 0) + clock.monotonic() - monotonic + slept;
  return {
    told: () => boot && { boot: boot.boot, ms: Math.round(up()) },
    /** How long it was suspended since the last question; null: it does not tell. */
    slept: () => {
      const told = clock.sinceBoot?.() ?? null;
      if (told === null) return null;
      const more = Math.max(0, told.ms - up());
      slept += more;
      return more;
    },
  };
}
