import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { SECOND_MS } from '../lib/duration.ts';
import { HuntwireError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { createHttpApp, type HttpDeps } from './http-app.ts';
import { makeRoom } from './make-room.ts';
import { createStandbyApp } from './standby-app.ts';

const HEADERS_MS = 10 * SECOND_MS;
const REQUEST_MS = 30 * SECOND_MS;
const MOST_CONNECTIONS = 100;
const HEADER_BYTES = 16 * 1024;

export interface OpenHttp {
  /** The port that is listened on. */
  readonly port: number;
  close(): Promise<void>;
}

interface Place {
  /** The address that is listened on, as URL writes it. */
  readonly host: string;
  readonly port: number;
  readonly log: Log;
}

/** Listens; CONFIG_INVALID where it cannot. Requests that are slow, large or too many at once are cut off. */
export function openHttp(deps: HttpDeps & Place): Promise<OpenHttp> {
  return listenFor(createHttpApp(deps).fetch, deps);
}

/** The same, for a process that stands by: it is alive and ready, and has nothing else to say. */
export function openStandbyHttp(deps: Place & { readonly basePath: string }): Promise<OpenHttp> {
  return listenFor(createStandbyApp(deps.basePath).fetch, deps);
}

async function listenFor(
  fetch: ReturnType<typeof createHttpApp>['fetch'],
  { host, port, log }: Place,
): Promise<OpenHttp> {
  const server = createAdaptorServer({
    fetch,
    overrideGlobalObjects: false,
    serverOptions: { maxHeaderSize: HEADER_BYTES, headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS },
  }) as HttpServer;
  makeRoom(server, MOST_CONNECTIONS);
  await listen(server, host.replace(/^\[|\]$/g, ''), port);
  log.info('listening for HTTP', { host, port: portOf(server) });
  return {
    port: portOf(server),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (thrown) {
    const { code = 'unknown' } = thrown as { readonly code?: string };
    throw new HuntwireError('CONFIG_INVALID', `http: cannot listen on port ${port} of ${host}: ${whyNot(code)}`, {
      cause: thrown,
    });
  }
}

function whyNot(code: string): string {
  if (code === 'EADDRINUSE') return 'another program has it. Name another one with http.port.';
  if (code === 'EADDRNOTAVAIL') return 'this machine has no such address. Check http.host.';
  if (code === 'EACCES') return 'this user may not. Ports below 1024 are for the administrator.';
  return `the machine refuses it (${code}).`;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
