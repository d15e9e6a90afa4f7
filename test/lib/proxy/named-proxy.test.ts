import { createServer } from 'node:net';
import { expect, it } from '@jest/globals';
import { request } from 'undici';
import { createConnections } from '../../../src/lib/connections.ts';
import { networkAdvice, networkFault } from '../../../src/lib/network-fault.ts';
import { proxyOfError } from '../../../src/lib/proxy/named-proxy.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { networkReason } from '../../../src/sources/network-error.ts';
import { networkFailure } from '../../../src/targets/network-failure.ts';

const LIMITS = { connectTimeoutMs: 60_000, headersTimeoutMs: 60_000, bodyTimeoutMs: 60_000, connections: 1 };

/** A port at which, with `answer`, something says so and hangs up, and nothing listens without. */
async function portOf(answer: string | null): Promise<{ readonly port: number; close(): void }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(answer ?? ''));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  const close = (): void => void server.close();
  if (answer === null) await new Promise<void>((resolve) => server.close(() => resolve()));
  return { port: address.port, close };
}

async function failureThrough(port: number, plainProxy: boolean): Promise<unknown> {
  const proxy = new Secret(`http://user:hunter2@127.0.0.1:${port}`);
  const tls = { isFixed: true, current: () => ({}) };
  const connections = createConnections({ ...LIMITS, tls, proxy, plainProxy });
  try {
    return await request('http://h.example/', { dispatcher: connections.current() }).catch((error: unknown) => error);
  } finally {
    await connections.destroy();
  }
}

it.each([
  ['a tunnel', false],
  ['plain requests', true],
])('a proxy of %s that is down is named wherever that is told', async (_name, plainProxy) => {
  const { port } = await portOf(null);
  const thrown = await failureThrough(port, plainProxy);
  const reason = `the proxy 127.0.0.1:${port} was not reached: the connection was refused (ECONNREFUSED)`;
  expect([networkFailure(thrown).reason, networkReason(thrown)]).toEqual([reason, reason]);
  const fault = networkFault(thrown);
  const names = { address: 'source.baseUrl', ca: null, plain: '', client: null, proxy: 'source.proxy' };
  expect(networkAdvice(fault?.kind ?? null, names, fault?.proxy)).toBe(
    `Check that the proxy 127.0.0.1:${port} runs, and where it is named: source.proxy.`,
  );
});

it('a failure behind a proxy, and a proxy that answers, are told with its name and without its password', async () => {
  const refusing = await portOf('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n');
  const silent = await portOf('');
  const answered = await failureThrough(refusing.port, false);
  const broken = await failureThrough(silent.port, true);
  refusing.close();
  silent.close();
  expect(networkFailure(answered)).toMatchObject({ reason: `the proxy 127.0.0.1:${refusing.port} answered 502` });
  const reasons = [networkReason(answered), networkReason(broken), networkFailure(broken).reason];
  expect(reasons).toEqual([
    expect.stringContaining(`, through the proxy 127.0.0.1:${refusing.port}`),
    expect.stringContaining(`, through the proxy 127.0.0.1:${silent.port}`),
    expect.stringContaining(`, through the proxy 127.0.0.1:${silent.port}`),
  ]);
  expect(reasons.join()).not.toContain('hunter2');
  expect(proxyOfError(new Error('of something else'))).toBeNull();
});
