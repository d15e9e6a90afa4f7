import { createSocket, type Socket } from 'node:dgram';
import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { checkName } from '../../lib/check-name.ts';
import type { CheckResult } from '../../lib/check-result.ts';
import type { Clock } from '../../lib/clock.ts';
import { DELIVERED, refused, TARGET_CLOSED } from '../delivery-result.ts';
import { networkFailure, resultOfFailure } from '../network-failure.ts';
import type { DeliveryResult, Target, TargetDeps } from '../target.ts';
import { renderFrame, renderJournal } from './message.ts';
import { addressesOf, messageSettings, type SyslogConfig } from './settings.ts';
import { tooLong } from './stream.ts';

/** Few, because a burst overruns the receiver's buffer, and nobody would notice. */
const CONCURRENCY = 16;
/** What a frame of Ethernet holds, less headers. */
const UNFRAGMENTED_BYTES = 1400;
/** How long a resolved address is used. */
const REFRESH_MS = 300_000;

type ResolveName = (host: string) => Promise<LookupAddress>;

interface Sender {
  readonly host: string;
  readonly port: number;
  readonly resolveName: ResolveName;
  readonly clock: Clock;
  socket: Promise<Socket> | null;
  openedAt: number;
}

/** Syslog over UDP, one message a datagram. A delivery counts as delivered once it is sent: more cannot be known. */
export function createDatagramSyslog(
  config: SyslogConfig,
  deps: TargetDeps,
  resolveName: ResolveName = lookup,
): Target {
  const message = messageSettings(config);
  const [{ host, port }] = addressesOf(config);
  const sender: Sender = { host, port, resolveName, clock: deps.clock, socket: null, openedAt: 0 };
  let closed = false;
  const post = async (render: () => string | null, signal: AbortSignal): Promise<DeliveryResult> => {
    if (closed || signal.aborted) return TARGET_CLOSED;
    const frame = render();
    if (frame === null) return tooLong(message.maxMessageBytes);
    return sendDatagram(sender, frame);
  };
  const deliver: Target['deliver'] = (delivery, signal) =>
    post(() => renderFrame(message, deps.format, delivery), signal);
  const carry: Target['carry'] = async (messages, signal) => {
    const results: DeliveryResult[] = [];
    // One behind another: a burst of datagrams is what networks drop.
    for (const one of messages) results.push(await post(() => renderJournal(message, one), signal));
    return results;
  };
  const close = async (): Promise<void> => {
    closed = true;
    await drop(sender);
  };
  const { name } = deps;
  const check: Target['check'] = async (signal) => [await checkReceiver(name, host, message.maxMessageBytes, signal)];
  const traits = { concurrency: CONCURRENCY, ratePerSecond: null };
  return { name, type: 'syslog', traits, deliver, carry, check, close };
}

async function checkReceiver(target: string, host: string, bytes: number, signal: AbortSignal): Promise<CheckResult> {
  const fix = 'Check DNS and the name of the host.';
  const result = await checkName({ subject: `${target} (${host})`, host, fix }, signal);
  const size =
    bytes > UNFRAGMENTED_BYTES
      ? ` Messages of up to ${bytes} bytes travel in fragments above about ${UNFRAGMENTED_BYTES}, which some networks drop: then lower maxMessageBytes.`
      : '';
  return { ...result, message: `${result.message} Over UDP nobody tells whether a receiver listens.${size}` };
}

async function sendDatagram(sender: Sender, frame: string): Promise<DeliveryResult> {
  if (sender.clock.monotonic() - sender.openedAt >= REFRESH_MS) await drop(sender);
  if (!sender.socket) {
    sender.openedAt = sender.clock.monotonic();
    sender.socket = openSocket(sender);
  }
  const { socket } = sender;
  try {
    await sendOn(await socket, frame);
    return DELIVERED;
  } catch (thrown) {
    if (sender.socket === socket) await drop(sender);
    return datagramFailure(thrown, Buffer.byteLength(frame));
  }
}

function datagramFailure(thrown: unknown, bytes: number): DeliveryResult {
  const failure = networkFailure(thrown);
  if (failure.code !== 'EMSGSIZE') return resultOfFailure(failure);
  return refused(`a datagram of ${bytes} bytes is too long for the network; lower maxMessageBytes`);
}

/** A connected socket is told when the receiver's host refuses; the error comes with a later send. */
async function openSocket({ host, port, resolveName }: Sender): Promise<Socket> {
  const { address, family } = await resolveName(host);
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  return new Promise((resolve, reject) => {
    const refuse = (error: Error): void => {
      socket.close();
      reject(error);
    };
    socket.once('error', refuse);
    socket.once('connect', () => {
      socket.off('error', refuse);
      socket.on('error', () => undefined);
      resolve(socket);
    });
    socket.connect(port, address);
  });
}

function sendOn(socket: Socket, frame: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(frame, (error) => (error ? reject(error) : resolve()));
  });
}

async function drop(sender: Sender): Promise<void> {
  const { socket } = sender;
  sender.socket = null;
  if (!socket) return;
  const opened = await socket.catch(() => null);
  opened?.close();
}
