import { once } from 'node:events';
import { connect as connectTcp, type LookupFunction, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { joinSignals, withDeadline } from './abort.ts';
import type { Clock } from './clock.ts';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** null: plain TCP. */
  readonly tls: ConnectionOptions | null;
  readonly lookup?: LookupFunction;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** With TLS 1.3 a server that refuses a client certificate says so after the handshake. */
const PROBATION_MS = 500;

/** What a connection shows of the other side. */
export interface Introduction {
  /** Until when its certificate is valid, epoch ms; null without TLS. */
  readonly validTo: number | null;
}

/**
 * Makes one connection, with its TLS handshake, sends nothing and closes it. Rejects with the error of resolver, socket or TLS:
 * ETIMEDOUT where nothing came within 10 s, ECONNRESET where the other side closed right after the handshake.
 */
export async function connectOnce(endpoint: Endpoint, clock: Clock, signal: AbortSignal): Promise<Introduction> {
  const outcome = await withDeadline(clock, CONNECT_TIMEOUT_MS, signal, (inner) => connect(endpoint, clock, inner));
  if (outcome.kind === 'late') throw failure('The connection could not be made in time.', 'ETIMEDOUT');
  return outcome.value;
}

async function connect({ tls, ...address }: Endpoint, clock: Clock, signal: AbortSignal): Promise<Introduction> {
  const secure = tls ? connectTls({ ...tls, ...address }) : null;
  const socket = secure ?? connectTcp(address);
  // What comes while nobody waits for it says nothing new.
  socket.on('error', () => undefined);
  try {
    await once(socket, tls ? 'secureConnect' : 'connect', { signal });
    if (!secure) return { validTo: null };
    const validTo = Date.parse(secure.getPeerCertificate().valid_to);
    await staysOpen(socket, clock, signal);
    return { validTo: Number.isNaN(validTo) ? null : validTo };
  } finally {
    socket.destroy();
  }
}

async function staysOpen(socket: Socket, clock: Clock, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const { signal: both, release } = joinSignals([signal, over.signal]);
  const closing = once(socket, 'close', { signal: both }).then(() => {
    throw failure('The other side closed the connection right after the TLS handshake.', 'ECONNRESET');
  });
  const waiting = clock.sleep(PROBATION_MS, both);
  // What the other side says must be read to be seen.
  socket.resume();
  try {
    await Promise.race([closing, waiting]);
  } finally {
    // The loser of the race ends with the abort, and nobody waits for it.
    for (const one of [closing, waiting]) one.catch(() => undefined);
    over.abort();
    release();
  }
}

function failure(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}
