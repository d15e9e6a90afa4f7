import { connect as connectTcp, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { Clock } from '../../lib/clock.ts';
import { again, blocked, DELIVERED, DELIVERY_STOPPED, TARGET_CLOSED } from '../delivery-result.ts';
import { networkFailure, resultOfFailure } from '../network-failure.ts';
import type { DeliveryResult } from '../target.ts';
import { createTicker, type Ticker } from '../ticker.ts';
import {
  confirmDelivered,
  createFlight,
  type Entry,
  type Flight,
  type FlightRules,
  land,
  launch,
  take,
} from './flight.ts';

export interface ConnectionSettings {
  readonly host: string;
  readonly port: number;
  /** null: plain TCP. */
  readonly tls: ConnectionOptions | null;
  readonly clock: Clock;
  readonly rules: FlightRules;
  readonly connectTimeoutMs: number;
  /** A receiver that takes nothing for so long is given up. */
  readonly stallMs: number;
  /** How long `closeConnection` waits for the receiver to close as well. */
  readonly closeMs: number;
}

/** One connection to a receiver, from its first try to its end; it is never made again. */
export interface SyslogConnection {
  readonly settings: ConnectionSettings;
  readonly socket: Socket;
  readonly flight: Flight;
  readonly ticker: Ticker;
  readonly startedAt: number;
  queue: Entry[];
  /** Where in the queue the next write begins. */
  next: number;
  flushing: boolean;
  state: 'connecting' | 'open' | 'ending' | 'over';
  openedAt: number;
  /** Since when the socket takes nothing more; null while it does. */
  stalledSince: number | null;
  ended: () => void;
}

const TICK_MS = 50;
const BATCH_BYTES = 65_536;
/** UTF-8 needs at most three bytes for a unit of a JavaScript string. */
const MAX_BYTES_PER_UNIT = 3;
const KEEPALIVE_MS = 15_000;

export function openSyslogConnection(settings: ConnectionSettings): SyslogConnection {
  const { host, port, tls, clock } = settings;
  const socket = tls ? connectTls({ ...tls, host, port }) : connectTcp({ host, port });
  const connection: SyslogConnection = {
    settings,
    socket,
    flight: createFlight(settings.rules),
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
  // Receivers say nothing; what they send is read away so that their end is seen.
  socket.resume();
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
  if (connection.state === 'connecting') fail(connection, TARGET_CLOSED);
  if (connection.state !== 'open') return;
  flush(connection);
  if (nextOf(connection)) return fail(connection, TARGET_CLOSED);
  connection.state = 'ending';
  const over = new Promise<void>((resolve) => {
    connection.ended = resolve;
  });
  connection.socket.end();
  const patience = new AbortController();
  const late = connection.settings.clock.sleep(connection.settings.closeMs, patience.signal).catch(() => undefined);
  await Promise.race([over, late]);
  patience.abort();
  fail(connection, again('the receiver did not confirm in time that it had read everything'));
}

function opened(connection: SyslogConnection): void {
  connection.state = 'open';
  connection.openedAt = connection.settings.clock.monotonic();
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
    if (connection.stalledSince !== null) return;
    writeBatch(connection, first);
  }
  connection.queue = [];
  connection.next = 0;
}

function nextOf({ queue, next }: SyslogConnection): Entry | undefined {
  return queue[next];
}

/** Writes as many queued frames as fit into one buffer; one that is larger goes alone. */
function writeBatch(connection: SyslogConnection, first: Entry): void {
  const { flight } = connection;
  const { clock } = connection.settings;
  const buffer = Buffer.allocUnsafe(Math.max(BATCH_BYTES, MAX_BYTES_PER_UNIT * first.frame.length));
  const entries: Entry[] = [];
  let used = 0;
  for (let entry = nextOf(connection); entry; entry = nextOf(connection)) {
    if (used + MAX_BYTES_PER_UNIT * entry.frame.length > buffer.length) break;
    used += buffer.write(entry.frame, used, 'utf8');
    entry.frame = '';
    entries.push(entry);
    connection.next += 1;
  }
  const batch = launch(flight, entries, used);
  const keepsUp = connection.socket.write(buffer.subarray(0, used), (error) => {
    if (error) return;
    take(flight, batch, clock.monotonic());
    confirmDue(connection, clock.monotonic());
  });
  if (!keepsUp) connection.stalledSince = clock.monotonic();
}

/** A full buffer that empties within a tick is the normal course of a fast sender and no stall. */
function confirmDue(connection: SyslogConnection, now: number): void {
  const { stalledSince, flight, openedAt } = connection;
  confirmDelivered(flight, now, openedAt, stalledSince !== null && now - stalledSince >= TICK_MS);
}

function tick(connection: SyslogConnection): boolean {
  const { settings, flight } = connection;
  const now = settings.clock.monotonic();
  dropStopped(connection);
  if (connection.state === 'connecting' && now - connection.startedAt >= settings.connectTimeoutMs) {
    fail(connection, again('the connection could not be made in time'));
  }
  if (connection.stalledSince !== null && now - connection.stalledSince >= settings.stallMs) {
    fail(connection, again('the receiver stopped reading'));
  }
  if (connection.state === 'open') confirmDue(connection, now);
  return connection.queue.length > connection.next || flight.batches.length > 0;
}

/** Deliveries that were stopped get their answer at once; a message that is not yet written is not written any more. */
function dropStopped(connection: SyslogConnection): void {
  const result = DELIVERY_STOPPED;
  const isStopped = (entry: Entry): boolean => entry.signal.aborted;
  const unwritten = connection.queue.slice(connection.next);
  for (const entry of unwritten) if (isStopped(entry)) entry.resolve(result);
  connection.queue = unwritten.filter((entry) => !isStopped(entry));
  connection.next = 0;
  for (const { entries } of connection.flight.batches) {
    for (const entry of entries) if (isStopped(entry)) entry.resolve(result);
  }
}

function closed(connection: SyslogConnection): void {
  const { settings, openedAt } = connection;
  const isProven = settings.clock.monotonic() - openedAt >= settings.rules.probationMs;
  if (connection.state === 'ending' && isProven) land(connection.flight, DELIVERED);
  fail(connection, again('the receiver closed the connection'));
}

/** The end of a connection; what it has ended with counts once. */
function fail(connection: SyslogConnection, result: DeliveryResult): void {
  const told = inTlsProbation(connection) ? refusedAfterHandshake(result) : result;
  connection.state = 'over';
  connection.ticker.stop();
  connection.socket.destroy();
  for (const entry of connection.queue.splice(connection.next)) entry.resolve(told);
  land(connection.flight, told);
  connection.ended();
}

function inTlsProbation(connection: SyslogConnection): boolean {
  const { tls, rules, clock } = connection.settings;
  return tls !== null && connection.state === 'open' && clock.monotonic() - connection.openedAt < rules.probationMs;
}

/** With TLS 1.3 a receiver refuses a client certificate after the handshake, by an alert, a reset or a mere close. */
function refusedAfterHandshake(result: DeliveryResult): DeliveryResult {
  if (result.kind !== 'again') return result;
  return blocked(`${result.reason} right after the TLS handshake; the receiver may want another client certificate`);
}
