import { withJoined } from '../../lib/abort.ts';
/** Work that goes by the configuration of the time. */
export interface Follower {
  run(signal: AbortSignal): Promise<void>;
  /** Goes by what is configured now; resolves when the work by what was before has ended. */
  follow(): Promise<void>;
}

/** `work` goes on until its signal, and begins anew where `groundsOf` gives other things than when it began. */
export function createFollower(
  groundsOf: () => readonly unknown[],
  work: (signal: AbortSignal) => Promise<void>,
): Follower {
  let going: { readonly stop: AbortController; readonly done: Promise<void>; readonly by: readonly unknown[] } | null =
    null;
  const start = (signal: AbortSignal): Promise<void> => {
    const stop = new AbortController();
    const done = withJoined([signal, stop.signal], work);
    going = { stop, done, by: groundsOf() };
    return done;
  };
  return {
    run: async (signal) => {
      while (!signal.aborted) await start(signal);
    },
    follow: async () => {
      const before = going;
      if (!before || areSame(groundsOf(), before.by)) return;
      before.stop.abort();
      await before.done.catch(() => undefined);
    },
  };
}

function areSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((one, at) => one === others[at]);
}
