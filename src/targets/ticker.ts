import type { Clock } from '../lib/clock.ts';

export interface Ticker {
  /** Begins to tick unless it does already. */
  start(): void;
  stop(): void;
}

/**
 * Calls `tick` every `everyMs` of the clock for as long as it answers true: one timer for any number of deadlines,
 * and none at all while there is nothing to watch.
 */
export function createTicker(clock: Clock, everyMs: number, tick: () => boolean): Ticker {
  let stopper: AbortController | null = null;
  const run = async (signal: AbortSignal): Promise<void> => {
    do await clock.sleep(everyMs, signal).catch(() => undefined);
    while (!signal.aborted && tick());
    if (!signal.aborted) stopper = null;
  };
  const start = (): void => {
    if (stopper) return;
    stopper = new AbortController();
    void run(stopper.signal);
  };
  const stop = (): void => {
    stopper?.abort();
    stopper = null;
  };
  return { start, stop };
}
