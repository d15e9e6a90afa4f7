import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SECOND_MS } from '../lib/duration.ts';

/** A POST whose signature was checked. */
export interface ReceivedPost {
  /** The header `webhook-id`. */
  readonly messageId: string;
  readonly verified: boolean;
  readonly body: string;
}

export interface WebhookReceiverOptions {
  /** As the sender has it: `whsec_` and base64. */
  readonly secret: string;
  /** Epoch ms; a signature is good for five minutes around it. */
  readonly now: () => number;
  readonly onPost: (post: ReceivedPost) => void;
}

export interface Receiver {
  readonly port: number;
  close(): Promise<void>;
}

const TOLERANCE_MS = 300 * SECOND_MS;
const MOST_BYTES = 2_000_000;

/**
 * A receiver of Standard Webhooks on loopback: answers 204 to what is signed with the secret, 401 to anything else, and tells both.
 * The check is written from the specification, not shared with the sender.
 */
export async function startWebhookReceiver(options: WebhookReceiverOptions): Promise<Receiver> {
  const server = createServer((request, response) => {
    receive(request, response, options).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port, close };
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  options: WebhookReceiverOptions,
): Promise<void> {
  const body = await readBody(request);
  if (request.method !== 'POST' || body === null) {
    response.writeHead(body === null ? 413 : 405).end();
    return;
  }
  const messageId = headerOf(request, 'webhook-id');
  const verified = isSigned(request, messageId, body, options);
  options.onPost({ messageId, verified, body });
  response.writeHead(verified ? 204 : 401).end();
}

/** `webhook-signature` holds one signature for each secret of the sender; one that fits is enough. */
function isSigned(
  request: IncomingMessage,
  messageId: string,
  body: string,
  { secret, now }: WebhookReceiverOptions,
): boolean {
  const timestamp = headerOf(request, 'webhook-timestamp');
  const age = Math.abs(now() - Number(timestamp) * SECOND_MS);
  if (messageId === '' || !/^\d+$/.test(timestamp) || age > TOLERANCE_MS) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${messageId}.${timestamp}.${body}`).digest();
  const signatures = headerOf(request, 'webhook-signature').split(' ');
  return signatures.some((signature) => {
    const given = Buffer.from(signature.replace(/^v1,/, ''), 'base64');
    return signature.startsWith('v1,') && given.length === expected.length && timingSafeEqual(given, expected);
  });
}

function headerOf(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}

/** Null where it is too long to be an alert. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MOST_BYTES) chunks.push(chunk);
  }
  return size > MOST_BYTES ? null : Buffer.concat(chunks).toString('utf8');
}
