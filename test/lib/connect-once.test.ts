import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { checkName, withoutBrackets } from '../../src/lib/check-name.ts';
import { createManualClock, systemClock } from '../../src/lib/clock.ts';
import { connectOnce } from '../../src/lib/connect-once.ts';
import { NO_SUCH_NAME } from './no-such-name.ts';

const signal = new AbortController().signal;
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A server that says nothing, and how many connections it has taken and lost. */
async function silentServer() {
  const sockets = new Set<Socket>();
  const counts = { taken: 0, closed: 0, bytes: 0 };
  const server = createServer((socket) => {
    counts.taken += 1;
    sockets.add(socket);
    socket.on('data', (chunk) => {
      counts.bytes += chunk.length;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      counts.closed += 1;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, counts };
}

describe('one connection', () => {
  it('is made and closed, and nothing is sent', async () => {
    const { port, counts } = await silentServer();
    await connectOnce({ host: '127.0.0.1', port, tls: null }, systemClock, signal);
    while (counts.closed === 0) await new Promise(setImmediate);
    expect(counts).toEqual({ taken: 1, closed: 1, bytes: 0 });
  });

  it('is given up after ten seconds, and closed then, too', async () => {
    const { port, counts } = await silentServer();
    const clock = createManualClock(0);
    const made = connectOnce({ host: '127.0.0.1', port, tls: {} }, clock, signal);
    const outcome = expect(made).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    while (counts.taken === 0) await new Promise(setImmediate);
    await clock.advance(9_999);
    await clock.advance(1);
    await outcome;
    while (counts.closed === 0) await new Promise(setImmediate);
  });

  it('rejects with what the resolver says', async () => {
    const lookup = (_: string, __: unknown, callback: (error: Error, address: string) => void): void =>
      callback(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), '');
    const endpoint = { host: 'host.test', port: 1, tls: null, lookup: lookup as never };
    await expect(connectOnce(endpoint, systemClock, signal)).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  it('ends with the signal', async () => {
    const { port } = await silentServer();
    const stop = new AbortController();
    const made = connectOnce({ host: '127.0.0.1', port, tls: {} }, systemClock, stop.signal);
    stop.abort();
    await expect(made).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('checking a name', () => {
  it.each(['127.0.0.1', '::1', '[::1]'])('takes the address %s as it is', async (host) => {
    const result = await checkName({ subject: 'soar', host, fix: 'Check DNS.' }, signal);
    const message = `The name resolves to ${withoutBrackets(host)}.`;
    expect(result).toEqual({ name: 'dns', subject: 'soar', ok: true, message, fix: null });
  });

  it('says why a name does not resolve, and what to do', async () => {
    const result = await checkName({ subject: 'soar', host: NO_SUCH_NAME, fix: 'Check DNS.' }, signal);
    expect(result).toMatchObject({
      ok: false,
      message: expect.stringMatching(/\((?:.*)\)|E[A-Z_]+/),
      fix: 'Check DNS.',
    });
  });

  it('is not ok when it is stopped', async () => {
    const result = await checkName({ subject: 'soar', host: 'localhost', fix: 'Check DNS.' }, AbortSignal.abort());
    expect(result.ok).toBe(false);
  });
});
