import type { Clock } from '../../../src/lib/clock.ts';
import type { SimTime } from './sim-time.ts';

/** The machine that processes run on: its clock can be wrong, and it can sleep. */
export interface Machine {
  /** Our wall time less true time, ms. */
  skew(): number;
  setSkew(ms: number): void;
  suspend(ms: number): void;
  isSuspended(): boolean;
  /** The clock of one process; once that is dead, none of its sleeps ends. */
  clock(isDead: () => boolean): Clock;
  /** Ends after `ms` of true time, or when the machine wakes. Never for a dead process; rejects when `signal` aborts. */
  delay(ms: number, isDead: () => boolean, signal?: AbortSignal): Promise<void>;
}

export function createMachine(time: SimTime, skewMs: number): Machine {
  const boot = time.now();
  let skew = skewMs;
  let sleptBefore = 0;
  let suspendedAt = boot;
  let wakesAt = boot;
  const isSuspended = (): boolean => time.now() < wakesAt;
  /** Stands while the machine sleeps. */
  const monotonic = (): number =>
    time.now() - boot - sleptBefore - Math.max(0, Math.min(time.now(), wakesAt) - suspendedAt);
  const waiting = (isDead: () => boolean, left: () => number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(ABORTED);
      const look = (): void => {
        if (isDead()) return;
        const more = isSuspended() ? Math.max(wakesAt - time.now(), left()) : left();
        if (more > 0) {
          cancel = time.at(time.now() + more, look);
          return;
        }
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      const abort = (): void => {
        cancel();
        if (!isDead()) reject(ABORTED);
      };
      let cancel = time.at(time.now() + Math.max(0, left()), look);
      signal?.addEventListener('abort', abort, { once: true });
    });
  return {
    skew: () => skew,
    setSkew: (ms) => {
      skew = ms;
    },
    suspend: (ms) => {
      sleptBefore += wakesAt - suspendedAt;
      suspendedAt = time.now();
      wakesAt = time.now() + ms;
    },
    isSuspended,
    clock: (isDead) => ({
      now: () => time.now() + skew,
      monotonic,
      sinceBoot: () => ({ boot: 'the only one', ms: time.now() - boot }),
      sleep: (ms, signal) => {
        const due = monotonic() + Math.max(0, ms);
        return waiting(isDead, () => Math.ceil(due - monotonic()), signal);
      },
    }),
    delay: (ms, isDead, signal) => {
      const due = time.now() + ms;
      return waiting(isDead, () => due - time.now(), signal);
    },
  };
}

/** One for all: what rejects a sleep is looked at by its name alone, and a new one would cost its stack each time. */
const ABORTED = Object.assign(new Error('The operation was aborted'), { name: 'AbortError' });
