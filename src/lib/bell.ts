import type { Clock } from './clock.ts';

/** Wakes a loop that has nothing to do. A ring while nobody waits is kept for the next wait. */
export interface Bell {
  ring(): void;
  /** Resolves with true at the next ring, with false after `ms` without one. */
  wait(ms: number): Promise<boolean>;
}

export function createBell(clock: Clock): Bell {
  let rung = false;
  let wake: (() => void) | null = null;
  // One for all waits that end by themselves: to make and abort one costs as much as the wait.
  let timer = new AbortController();
  const ring = (): void => {
    rung = true;
    wake?.();
  };
  const untilRung = async (ms: number): Promise<void> => {
    let hasSlept = false;
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const slept = clock.sleep(ms, timer.signal).then(
      () => {
        hasSlept = true;
      },
      () => undefined,
    );
    await Promise.race([woken, slept]);
    if (hasSlept) return;
    timer.abort(RUNG);
    timer = new AbortController();
  };
  const wait = async (ms: number): Promise<boolean> => {
    if (!rung) await untilRung(ms);
    wake = null;
    const woken = rung;
    rung = false;
    return woken;
  };
  return { ring, wait };
}

/** Given as the reason: without one, every ring would make an exception with its stack for nobody to read. */
const RUNG = new Error('rung');
