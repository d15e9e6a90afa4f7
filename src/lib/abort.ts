import type { Clock } from './clock.ts';

/** What came of work with a deadline: its value, or that it was stopped because the time was over. */
export type Deadlined<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'late' };

/**
 * Runs `work` with a signal that aborts when `signal` does and after `ms` of the clock. Errors of the work pass through, except
 * those after the deadline: then the answer is `late`. Leaves no timer and no listener behind.
 */
export async function withDeadline<T>(
  clock: Clock,
  ms: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<Deadlined<T>> {
  const inner = new AbortController();
  const stop = new AbortController();
  const forward = (): void => inner.abort(signal.reason);
  if (signal.aborted) forward();
  signal.addEventListener('abort', forward, { once: true });
  let late = false;
  const expire = (): void => {
    late = true;
    inner.abort();
  };
  // The sleep rejects when the work was done in time: that is what stopping it means.
  clock.sleep(ms, stop.signal).then(expire, () => undefined);
  try {
    return { kind: 'done', value: await work(inner.signal) };
  } catch (error) {
    if (late && !signal.aborted) return { kind: 'late' };
    throw error;
  } finally {
    stop.abort();
    signal.removeEventListener('abort', forward);
  }
}

/** `promise`, or a rejection with the signal's reason as soon as it aborts; the promise itself goes on for others. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let abandon: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abandon = () => reject(signal.reason);
    if (signal.aborted) abandon();
    signal.addEventListener('abort', abandon, { once: true });
  });
  try {
    return await Promise.race([aborted, promise]);
  } finally {
    signal.removeEventListener('abort', abandon);
  }
}

export interface JoinedSignal {
  readonly signal: AbortSignal;
  /** Lets go of the signals that it follows. */
  readonly release: () => void;
}

/**
 * A signal that aborts as soon as one of these does, until it is released. `AbortSignal.any` leaves an entry in each of them for as long
 * as they live, and ours live as long as the process.
 */
export function joinSignals(signals: readonly AbortSignal[]): JoinedSignal {
  const joined = new AbortController();
  const release = (): void => {
    for (const one of signals) one.removeEventListener('abort', forward);
  };
  function forward(this: AbortSignal): void {
    joined.abort(this.reason);
    release();
  }
  const over = signals.find(({ aborted }) => aborted);
  if (over) joined.abort(over.reason);
  else for (const one of signals) one.addEventListener('abort', forward, { once: true });
  return { signal: joined.signal, release };
}

/** Work with such a signal, which is released behind it. */
export async function withJoined<T>(
  signals: readonly AbortSignal[],
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { signal, release } = joinSignals(signals);
  try {
    return await work(signal);
  } finally {
    release();
  }
}
