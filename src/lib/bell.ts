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
  const ring = (): void => {
    rung = true;
    wake?.();
  };
  const wait = async (ms: number): Promise<boolean> => {
    if (!rung) await untilRung(clock, ms, (resolve) => (wake = resolve));
    wake = null;
    const woken = rung;
    rung = false;
    return woken;
  };
  return { ring, wait };
}

/** Given as the reason: without one, every ring would make an exception with its stack for nobody to read. */
const RUNG = new Error('rung');

async function untilRung(clock: Clock, ms: number, listen: (wake: () => void) => void): Promise<void> {
  const timer = new AbortController();
  const rung = new Promise<void>((resolve) => listen(resolve));
  const slept = clock.sleep(ms, timer.signal).catch(() => undefined);
  await Promise.race([rung, slept]);
  timer.abort(RUNG);
}
