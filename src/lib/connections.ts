import type { Dispatcher } from 'undici';
import { createDispatcher, type DispatcherOptions } from './dispatcher.ts';
import { type Log, silentLog } from './log.ts';
import { createRenewed, type Renewed } from './renewed.ts';
import type { Secret } from './secret.ts';
import type { TlsMaterial } from './tls.ts';

export interface ConnectionsOptions extends Omit<DispatcherOptions, 'proxy' | 'tls'> {
  readonly tls: Pick<Renewed<TlsMaterial>, 'current' | 'isFixed'>;
  readonly proxy: Secret | null;
  /** Told where a proxy has changed; what a log calls it. */
  readonly where?: string;
  readonly log?: Log;
}

/** A pool of connections that can be left behind as a whole. */
export interface Connections {
  /** Those that lead through the proxy as it is now, with the certificates as they are now. */
  current(): Dispatcher;
  /** What is asked from now on goes over new connections: idle ones may be as dead as the one that broke. Requests in flight go on. */
  renew(): void;
  destroy(): Promise<void>;
}

export function createConnections(options: ConnectionsOptions): Connections {
  const { tls, proxy, where = 'proxy', log = silentLog } = options;
  const leaving = new Set<Dispatcher>();
  const retire = (old: Dispatcher): void => {
    leaving.add(old);
    // It closes once its last request is answered; an error of that request is for whoever sent it.
    old.close().then(
      () => leaving.delete(old),
      () => leaving.delete(old),
    );
  };
  const make = (): Dispatcher => createDispatcher({ ...options, tls: tls.current(), proxy: proxy?.reveal() ?? null });
  const { current, renew } = createRenewed({ settings: proxy, inner: tls, make, where, log, retire });
  return {
    current,
    renew,
    destroy: async () => {
      await Promise.all([...leaving, current()].map((one) => one.destroy()));
    },
  };
}
