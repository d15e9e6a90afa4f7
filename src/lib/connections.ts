import type { Dispatcher } from 'undici';
import { createDispatcher, type DispatcherOptions } from './dispatcher.ts';

/** A pool of connections that can be left behind as a whole. */
export interface Connections {
  current(): Dispatcher;
  /** What is asked from now on goes over new connections: idle ones may be as dead as the one that broke. Requests in flight go on. */
  renew(): void;
  destroy(): Promise<void>;
}

export function createConnections(options: DispatcherOptions): Connections {
  const leaving = new Set<Dispatcher>();
  let current = createDispatcher(options);
  return {
    current: () => current,
    renew: () => {
      const old = current;
      current = createDispatcher(options);
      leaving.add(old);
      // It closes once its last request is answered; an error of that request is for whoever sent it.
      old.close().then(
        () => leaving.delete(old),
        () => leaving.delete(old),
      );
    },
    destroy: async () => {
      await Promise.all([...leaving, current].map((one) => one.destroy()));
    },
  };
}
