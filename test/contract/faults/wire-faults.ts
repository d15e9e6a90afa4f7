import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Clock } from '../../../src/lib/clock.ts';
import { SECOND_MS } from '../../../src/lib/duration.ts';
import { NO_SUCH_NAME } from '../../lib/no-such-name.ts';
import type { Pair } from '../../targets/certificates.ts';

/** What goes wrong below any protocol. */
export type WireFault = 'refused' | 'reset' | 'half-open' | 'frozen' | 'drip' | 'tls' | 'dns';

/** Where a target believes its receiver to be. */
export interface FaultyPlace {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** A place on this machine, by what is wrong with it. */
  readonly local?: string;
  /** Deliveries that are kept waiting: only time ends them. */
  holding(): number;
  close(): Promise<void>;
}

export interface WireSettings {
  readonly clock: Clock;
  /** What no client trusts. */
  readonly pair: Pair;
  /** Whether the receiver speaks first, as mail servers do. */
  readonly greets: boolean;
  /** How an answer begins that never ends. */
  readonly drip: string;
}

/** A place on loopback where this fault meets everyone. */
export async function openWireFault(fault: WireFault, settings: WireSettings): Promise<FaultyPlace> {
  const sockets = new Set<Socket>();
  const held = new Set<Socket>();
  const server = serverOf(fault, settings, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      held.delete(socket);
    });
    const meet = (): void => play(fault, socket, held, settings);
    if (settings.greets) meet();
    else socket.once('data', meet);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  if (fault === 'refused') await close();
  const host = fault === 'dns' ? NO_SUCH_NAME : '127.0.0.1';
  return {
    secure: fault === 'tls',
    host,
    port,
    holding: () => held.size,
    close: fault === 'refused' ? async () => undefined : close,
  };
}

function serverOf(fault: WireFault, { pair }: WireSettings, meet: (socket: Socket) => void): Server {
  if (fault !== 'tls') return createServer({ allowHalfOpen: true }, meet);
  const server = createTlsServer(pair, meet);
  server.on('tlsClientError', () => undefined);
  return server;
}

function play(fault: WireFault, socket: Socket, held: Set<Socket>, settings: WireSettings): void {
  if (fault === 'reset') {
    socket.resetAndDestroy();
    return;
  }
  socket.on('end', () => socket.destroy());
  socket.resume();
  if (fault === 'half-open') {
    socket.end();
    return;
  }
  held.add(socket);
  if (fault === 'drip') void dripInto(socket, settings);
}

/** One byte a second, for as long as somebody listens. */
async function dripInto(socket: Socket, { clock, drip }: WireSettings): Promise<void> {
  for (let at = 0; !socket.destroyed; at += 1) {
    socket.write(drip[at] ?? 'a');
    await clock.sleep(SECOND_MS);
  }
}
