import type { DeliveryLoop } from './delivery-loop.ts';

/** A loop that another can follow while it runs. */
export interface RenewedLoop extends DeliveryLoop {
  /** The loop is made anew; resolves when nothing of the one before is in flight any more. */
  renew(): Promise<void>;
}

/** Deliveries by the loop that `make` gives. While `run` goes on, a renewed one begins where the one before has ended. */
export function createRenewedLoop(make: () => DeliveryLoop): RenewedLoop {
  let loop = make();
  let going: { readonly stop: AbortController; readonly done: Promise<void> } | null = null;
  const start = (signal: AbortSignal): Promise<void> => {
    const stop = new AbortController();
    const forward = (): void => stop.abort();
    if (signal.aborted) forward();
    signal.addEventListener('abort', forward);
    const done = loop.run(stop.signal).finally(() => signal.removeEventListener('abort', forward));
    going = { stop, done };
    return done;
  };
  return {
    run: async (signal) => {
      try {
        await start(signal);
        while (!signal.aborted) await start(signal);
      } finally {
        going = null;
      }
    },
    drain: (options) => loop.drain(options),
    poke: () => loop.poke(),
    renew: async () => {
      loop = make();
      going?.stop.abort();
      // Whoever runs it learns of a failure.
      await going?.done.catch(() => undefined);
    },
  };
}
