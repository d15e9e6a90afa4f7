import type { Clock } from '../lib/clock.ts';

/** A failure that lasts is told this often. */
const TELL_MS = 60_000;

/** Decides when a failure that comes again and again is worth a line of the log. */
export interface RecurringFailure {
  /** Whether it is to be told now: it is the first of its code, or the last line about it is a minute old. */
  isNews(code: string): boolean;
  /** It has gone well: the next failure is told at once. */
  over(): void;
}

export function createRecurringFailure(clock: Clock): RecurringFailure {
  const toldAt = new Map<string, number>();
  return {
    isNews: (code) => {
      const now = clock.monotonic();
      const before = toldAt.get(code);
      if (before !== undefined && now - before < TELL_MS) return false;
      toldAt.set(code, now);
      return true;
    },
    over: () => toldAt.clear(),
  };
}
