import { type Clock, systemClock } from '../../src/lib/clock.ts';

export interface PacedClock extends Clock {
  /** From here on time passes so many times as fast; who is asleep by then sleeps on as before. */
  pace(factor: number): void;
}

/**
 * The machine's clock at a pace that a test sets: quick while it waits for somebody's patience to end, and as it is while another program has
 * to do something in time, which takes as long as the machine is busy.
 */
export function createPacedClock(factor = 1): PacedClock {
  let since = { passed: 0, at: systemClock.monotonic(), factor };
  const monotonic = (): number => since.passed + (systemClock.monotonic() - since.at) * since.factor;
  return {
    now: systemClock.now,
    monotonic,
    sleep: (ms, signal) => systemClock.sleep(ms / since.factor, signal),
    pace: (next) => {
      since = { passed: monotonic(), at: systemClock.monotonic(), factor: next };
    },
  };
}
