import { HuntwireError } from '../lib/errors.ts';

/** What one query may cost. */
export interface Limits {
  /** Rows made by all operators together. */
  readonly rows: number;
  /** Estimated bytes of all values made. */
  readonly bytes: number;
  /** Wall time in milliseconds. */
  readonly ms: number;
}

export const DEFAULT_LIMITS: Limits = { rows: 20_000_000, bytes: 4_000_000_000, ms: 60_000 };

/** Checks the clock once in so many rows. */
const CLOCK_EVERY = 4096;

export interface Budget {
  /** Takes rows off the budget; throws KQL_BUDGET or ABORTED. */
  spend(rows: number): void;
  /** Counts work that makes no rows, so that the clock is looked at. */
  tick(work: number): void;
  /** Takes bytes off the budget. */
  spendBytes(bytes: number): void;
}

/** @param elapsed monotonic milliseconds, for the wall time */
export function createBudget(limits: Limits, elapsed: () => number, signal: AbortSignal): Budget {
  const state = { rows: 0, bytes: 0, sinceClock: 0 };
  const startedAt = elapsed();

  const checkClock = (): void => {
    state.sinceClock = 0;
    signal.throwIfAborted();
    if (elapsed() - startedAt > limits.ms) throw spent(`${limits.ms} ms of time`);
  };

  const tick = (work: number): void => {
    state.sinceClock += work;
    if (state.sinceClock >= CLOCK_EVERY) checkClock();
  };

  return {
    spend(rows) {
      state.rows += rows;
      if (state.rows > limits.rows) throw spent(`${limits.rows} rows`);
      tick(rows);
    },
    tick,
    spendBytes(bytes) {
      state.bytes += bytes;
      if (state.bytes > limits.bytes) throw spent(`${limits.bytes} bytes`);
    },
  };
}

function spent(what: string): HuntwireError {
  return new HuntwireError(
    'KQL_BUDGET',
    `The query needs more than its budget of ${what}. Narrow it with earlier filters, or raise the limit.`,
  );
}
