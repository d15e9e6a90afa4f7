import type { Clock } from '../lib/clock.ts';

/** Notices parts of the process that have stopped going on. */
export interface Pulse {
  /** To be called by a part at each of its turns, and when it is over as it was meant to be. */
  beat(part: string, isOver?: boolean): void;
  /** Parts that have beaten before and not for `longestMs`. */
  silent(longestMs: number): readonly string[];
}

export function createPulse({ monotonic }: Pick<Clock, 'monotonic'>): Pulse {
  const beats = new Map<string, number>();
  return {
    beat: (part, isOver = false) => {
      if (isOver) beats.delete(part);
      else beats.set(part, monotonic());
    },
    silent: (longestMs) => {
      const now = monotonic();
      return [...beats].filter(([, at]) => now - at > longestMs).map(([part]) => part);
    },
  };
}
