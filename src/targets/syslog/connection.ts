import { connect as connectTcp, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { Clock } from '../../lib/clock.ts';
import { again, DELIVERED, DELIVERY_STOPPED, TARGET_CLOSED } from '../delivery-result.ts';
import { networkFailure, resultOfFailure } from '../network-failure.ts';
import type { DeliveryResult } from '../target.ts';
import { createTicker, type Ticker } from '../ticker.ts';
import type { Carrier, Entry } from './carrier.ts';
import { WRITTEN } from './frame-bytes.ts';
import { refusedAfterHandshake } from './refused-after-handshake.ts';

export interface ConnectionSettings {
  readonly host: string;
  readonly port: number;
  /** null: plain TCP. */
  readonly tls: ConnectionOptions | null;
  readonly clock: Clock;
  readonly makeCarrier: () => Carrier;
  readonly connectTimeoutMs: number;
  /** For so long a connection may still be refused that has been made. */
  readonly probationMs: number;
  /** A receiver that takes nothing for so long is given up. */
  readonly stallMs: number;
  /** How long `closeConnection` waits for the receiver to close as well. */
  readonly closeMs: number;
  /**
   * Called at the end, with what could not be written because the connection was never made. Answers what all entries are told; null: those are
   * taken over, and there are no others.
   */
  readonly onEnd: (result: DeliveryResult, unwritten: readonly Entry[]) => DeliveryResult | null;
}

/** One connection to a receiver, from its first try to its end; it is never made again. */
export interface SyslogConnection {
  readonly settings: ConnectionSettings;
  readonly socket: Socket;
  readonly carrier: Carrier;
  readonly ticker: Ticker;
  readonly startedAt: number;
  queue: Entry[];
  /** Where in the queue the next write begins. */
  next: number;
  flushing: boolean;
  state: 'connecting' | 'greeting' | 'open' | 'ending' | 'over';
  openedAt: number;
  /** Since when the socket takes nothing more; null while it does. */
  stalledSince: number | null;
  ended: () => void;
}

const TICK_MS = 50;
const BATCH_BYTES = 65_536;
const KEEPALIVE_MS = 15_000;

export function openSyslogConnection(settings: ConnectionSettings): SyslogConnection {
  const { host, port, tls, clock } = settings;
  const socket = tls ? connectTls({ ...tls, host, port }) : connectTcp({ host, port });
  const connection: SyslogConnection = {
    settings,
    socket,
    carrier: settings.makeCarrier(),
    ticker: createTicker(clock, TICK_MS, () => tick(connection)),
    startedAt: clock.monotonic(),
    queue: [],
    next: 0,
    flushing: false,
    state: 'connecting',
    openedAt: Number.POSITIVE_INFINITY,
    stalledSince: null,
    ended: () => undefined,
  };
  socket.setNoDelay(true).setKeepAlive(true, KEEPALIVE_MS);
  socket.once(tls ? 'secureConnect' : 'connect', () => opened(connection));
  socket.on('drain', () => drained(connection));
  socket.on('error', (error) => fail(connection, resultOfFailure(networkFailure(error))));
  socket.on('close', () => closed(connection));
  // Receivers that say nothing are read, too, so that their end is seen.
  socket.on('data', (chunk) => hear(connection, chunk));
  return connection;
}

/** Queues a frame. Frames of one turn of the event loop go out in one write. */
export function sendFrame(connection: SyslogConnection, entry: Entry): void {
  connection.queue.push(entry);
  connection.ticker.start();
  if (connection.flushing) return;
  connection.flushing = true;
  setImmediate(flush, connection);
}

/**
 * Writes what is queued and closes. Where the receiver of a proven connection then closes without a reset it has read
 * everything, because a close with unread bytes resets the connection; else what is in flight must be sent again.
 */
export async function closeConnection(connection: SyslogConnection): Promise<void> {
  if (connection.state === 'connecting' || connection.state === 'greeting') fail(connection, TARGET_CLOSED);
  if (connection.state !== 'open') return;
  flush(connection);
  if (nextOf(connection)) return fail(connection, TARGET_CLOSED);
  connection.state = 'ending';
  const over = new Promise<void>((resolve) => {
    connection.ended = resolve;
  });
  const farewell = connection.carrier.farewell();
  if (farewell === null) connection.socket.end();
  else connection.socket.write(farewell);
  const patience = new AbortController();
  const late = connection.settings.clock.sleep(connection.settings.closeMs, patience.signal).catch(() => undefined);
  await Promise.race([over, late]);
  patience.abort();
  fail(connection, again('the receiver did not confirm in time that it had read everything'));
}

function opened(connection: SyslogConnection): void {
  const { greeting } = connection.carrier;
  connection.openedAt = connection.settings.clock.monotonic();
  connection.state = greeting === null ? 'open' : 'greeting';
  if (greeting !== null) connection.socket.write(greeting);
  flush(connection);
}

function hear(connection: SyslogConnection, chunk: Buffer): void {
  if (connection.state === 'over') return;
  const heard = connection.carrier.hear(chunk);
  if (heard === 'goodbye') fail(connection, again('the receiver closed the session'));
  else if (heard !== null && heard !== 'welcome') fail(connection, heard.failure);
  if (heard === 'welcome' && connection.state === 'greeting') connection.state = 'open';
  flush(connection);
}

function drained(connection: SyslogConnection): void {
  connection.stalledSince = null;
  flush(connection);
}

function flush(connection: SyslogConnection): void {
  connection.flushing = false;
  if (connection.state !== 'open') return;
  for (let first = nextOf(connection); first; first = nextOf(connection)) {
    const room = connection.stalledSince === null ? connection.carrier.room() : 0;
    if (room <= 0) return;
    writeBatch(connection, first, room);
  }
  connection.queue = [];
  connection.next = 0;
}

function nextOf({ queue, next }: SyslogConnection): Entry | undefined {
  return queue[next];
}

/** Writes as many queued frames as fit into one buffer; one that is larger goes alone. */
function writeBatch(connection: SyslogConnection, first: Entry, room: number): void {
  const { carrier } = connection;
  const entries: Entry[] = [];
  let bytes = carrier.wrap(first.frame, 0);
  const buffer = Buffer.allocUnsafe(Math.max(BATCH_BYTES, bytes.length));
  let used = 0;
  for (let entry: Entry | undefined = first; entry && entries.length < room; entry = nextOf(connection)) {
    if (entries.length > 0) bytes = carrier.wrap(entry.frame, entries.length);
    if (used + bytes.length > buffer.length) break;
    used += bytes.copy(buffer, used);
    entry.frame = WRITTEN;
    entries.push(entry);
    connection.next += 1;
  }
  const taken = carrier.launch(entries, used);
  const keepsUp = connection.socket.write(buffer.subarray(0, used), (error) => {
    if (error) return;
    taken();
    confirmDue(connection);
  });
  if (!keepsUp) connection.stalledSince = connection.settings.clock.monotonic();
}

function confirmDue(connection: SyslogConnection): DeliveryResult | null {
  const { openedAt, stalledSince, settings } = connection;
  return connection.carrier.confirm({ now: settings.clock.monotonic(), openedAt, stalledSince });
}

function tick(connection: SyslogConnection): boolean {
  dropStopped(connection);
  const failure = failureOf(connection);
  if (failure) fail(connection, failure);
  return nextOf(connection) !== undefined || !connection.carrier.isIdle();
}

/** What has lasted too long by now. */
function failureOf(connection: SyslogConnection): DeliveryResult | null {
  const { settings, state, stalledSince } = connection;
  const now = settings.clock.monotonic();
  if (!isMade(connection) && now - connection.startedAt >= settings.connectTimeoutMs) {
    return again(
      state === 'connecting'
        ? 'the connection could not be made in time'
        : 'the receiver did not open a session in time',
    );
  }
  if (stalledSince !== null && now - stalledSince >= settings.stallMs) return again('the receiver stopped reading');
  return state === 'open' ? confirmDue(connection) : null;
}

/** Deliveries that were stopped get their answer at once; a message that is not yet written is not written any more. */
function dropStopped(connection: SyslogConnection): void {
  const result = DELIVERY_STOPPED;
  const isStopped = (entry: Entry): boolean => entry.signal.aborted;
  const unwritten = connection.queue.slice(connection.next);
  for (const entry of unwritten) if (isStopped(entry)) entry.resolve(result);
  connection.queue = unwritten.filter((entry) => !isStopped(entry));
  connection.next = 0;
  for (const entry of connection.carrier.inFlight()) if (isStopped(entry)) entry.resolve(result);
}

function closed(connection: SyslogConnection): void {
  const { settings, openedAt, carrier } = connection;
  const isProven = settings.clock.monotonic() - openedAt >= settings.probationMs;
  if (connection.state === 'ending' && isProven && carrier.trustsClose) carrier.land(DELIVERED);
  fail(connection, again('the receiver closed the connection'));
}

/** The end of a connection; what it has ended with counts once. */
function fail(connection: SyslogConnection, failure: DeliveryResult): void {
  if (connection.state === 'over') return;
  const wasMade = isMade(connection);
  const result = isInTlsProbation(connection) ? refusedAfterHandshake(failure) : failure;
  connection.state = 'over';
  connection.ticker.stop();
  connection.socket.destroy();
  const unwritten = connection.queue.splice(connection.next);
  const told = connection.settings.onEnd(result, wasMade ? [] : unwritten);
  if (told) for (const entry of unwritten) entry.resolve(told);
  if (told) connection.carrier.land(told);
  connection.ended();
}

function isMade({ state }: SyslogConnection): boolean {
  return state === 'open' || state === 'ending';
}

/** Whether nothing waits for this connection, neither to be written nor to be proven. */
export function isAtRest(connection: SyslogConnection): boolean {
  return connection.state === 'open' && !nextOf(connection) && connection.carrier.isIdle();
}

/** With TLS 1.3 a receiver refuses a client certificate after the handshake. */
function isInTlsProbation({ settings, state, openedAt }: SyslogConnection): boolean {
  if (settings.tls === null || state === 'connecting' || state === 'ending') return false;
  return settings.clock.monotonic() - openedAt < settings.probationMs;
}
