import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { setTimeout as sleepFor } from 'node:timers/promises';

/** Time that goes on while no process of ours runs, and that nobody sets: ms since the machine was started, and which start that was. */
export interface BootTime {
  readonly boot: string;
  readonly ms: number;
}

/** Time as an argument. Nothing but this file reads the machine's clock or sets its timers. */
export interface Clock {
  /** Wall time in epoch milliseconds. */
  now(): number;
  /** Milliseconds that only ever grow, from an arbitrary start. */
  monotonic(): number;
  /** Resolves after `ms` of this clock; rejects with an AbortError when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Null, or left out, where the machine does not tell it. */
  sinceBoot?(): BootTime | null;
}

/** Node's timers overflow beyond 2^31 - 1 ms, so longer sleeps are cut into pieces. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

async function sleepReal(ms: number, signal?: AbortSignal): Promise<void> {
  let left = Math.max(0, ms);
  do {
    const piece = Math.min(left, LONGEST_TIMER_MS);
    await sleepFor(piece, undefined, signal ? { signal } : {});
    left -= piece;
  } while (left > 0);
}

/** Linux names each start of the machine (random(4)); null on others. */
function readBoot(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
}

const BOOT = readBoot();

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: sleepReal,
  sinceBoot: () => (BOOT === null ? null : { boot: BOOT, ms: Math.round(uptime() * 1000) }),
};

/** A clock that starts at `start` (epoch ms) and runs `factor` times as fast as `base`. */
export function createFastClock(start: number, factor: number, base: Clock = systemClock): Clock {
  const origin = base.monotonic();
  const elapsed = () => (base.monotonic() - origin) * factor;
  return {
    now: () => Math.floor(start + elapsed()),
    monotonic: elapsed,
    sleep: (ms, signal) => base.sleep(ms / factor, signal),
  };
}

export interface ManualClock extends Clock {
  /** Moves time forward and wakes, in order of their due times, all sleepers that are due by then. */
  advance(ms: number): Promise<void>;
  /** Sets wall time by so much, as a person or a time server does; monotonic time and sleepers do not notice. */
  jump(ms: number): void;
}

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

/** A clock that stands still until it is told to move: for tests and for rule tests. Its monotonic time begins at `origin`. */
export function createManualClock(start: number, origin = 0): ManualClock {
  let current = start;
  let jumped = 0;
  let sleepers: Sleeper[] = [];
  const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(abortError(signal));
      // A listener that stayed behind would cost each later sleep of a long-lived signal a little more.
      const wake = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const sleeper: Sleeper = { due: current + Math.max(0, ms), wake };
      const leave = (): void => {
        sleepers = sleepers.filter((other) => other !== sleeper);
        reject(abortError(signal));
      };
      sleepers.push(sleeper);
      signal?.addEventListener('abort', leave, { once: true });
    });
  const advance = async (ms: number): Promise<void> => {
    const end = current + ms;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = sleepers.filter((sleeper) => sleeper.due <= end).sort((a, b) => a.due - b.due)[0];
      if (!next) break;
      current = Math.max(current, next.due);
      sleepers = sleepers.filter((sleeper) => sleeper !== next);
      next.wake();
    }
    current = end;
  };
  const jump = (ms: number): void => {
    jumped += ms;
  };
  return { now: () => current + jumped, monotonic: () => origin + current - start, sleep, advance, jump };
}

function abortError(signal: AbortSignal | undefined): Error {
  const error = new Error('The operation was aborted', { cause: signal?.reason });
  error.name = 'AbortError';
  return error;
}
