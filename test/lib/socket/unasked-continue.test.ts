import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Dispatcher, request } from 'undici';
import { createDispatcher } from '../../../src/lib/dispatcher.ts';

const LIMITS = { connectTimeoutMs: 60_000, headersTimeoutMs: 60_000, bodyTimeoutMs: 60_000, connections: 1 };
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function taken(body: string): string {
  return `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

/** A receiver that answers each request with these bytes, part by part; how many connections it has had. */
async function receiverOf(parts: readonly string[]) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.setNoDelay(true).on('error', () => undefined);
    socket.on('data', async () => {
      for (const part of parts) {
        await new Promise<void>((resolve) => socket.write(part, 'latin1', () => resolve()));
        await new Promise(setImmediate);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const dispatcher: Dispatcher = createDispatcher({ tls: {}, proxy: null, direct: true, ...LIMITS });
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    return Promise.all([dispatcher.destroy(), new Promise((resolve) => server.close(resolve))]);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const post = async () => (await request(url, { dispatcher, method: 'POST', body: 'an alert' })).body.text();
  return { post, connections: () => sockets.length };
}

describe('a 100 Continue that nobody asked for', () => {
  it.each([
    { how: 'with the answer', parts: [`${CONTINUE}${taken('ok')}`] },
    { how: 'before the answer', parts: [CONTINUE, taken('ok')] },
    { how: 'twice, and with headers', parts: [CONTINUE, `HTTP/1.1 100 Go on\r\nx-a: 1\r\n\r\n${taken('ok')}`] },
    { how: 'byte by byte', parts: [...CONTINUE, ...taken('ok')] },
    { how: 'before another informational answer', parts: [`${CONTINUE}HTTP/1.1 103 Early Hints\r\n\r\n`, taken('ok')] },
  ])('is passed over: $how', async ({ parts }) => {
    const { post, connections } = await receiverOf(parts);
    expect([await post(), await post()]).toEqual(['ok', 'ok']);
    expect(connections()).toBe(1);
  });

  it('is left alone where it stands in a body', async () => {
    const { post } = await receiverOf([
      taken(`${CONTINUE}${CONTINUE}`).slice(0, -2 * CONTINUE.length),
      CONTINUE,
      CONTINUE,
    ]);
    expect([await post(), await post()]).toEqual([CONTINUE.repeat(2), CONTINUE.repeat(2)]);
  });

  it('of which there is no end is an error', async () => {
    const { post } = await receiverOf([`HTTP/1.1 100 Continue\r\nx-a: ${'a'.repeat(20_000)}`]);
    await expect(post()).rejects.toThrow();
  });
});
