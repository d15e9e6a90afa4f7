/** The time that a query itself takes: what is spent on reading files does not count. */
export interface WorkClock {
  elapsed(): number;
  pause<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** @param elapsed monotonic milliseconds */
export function createWorkClock(elapsed: () => number): WorkClock {
  let paused = 0;
  return {
    elapsed: () => elapsed() - paused,
    async pause(work) {
      const begun = elapsed();
      try {
        return await work();
      } finally {
        paused += elapsed() - begun;
      }
    },
  };
}
