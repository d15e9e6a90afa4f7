import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { request } from 'undici';
import { createConnections } from '../../src/lib/connections.ts';
import type { LogFields } from '../../src/lib/log.ts';
import { silentLog } from '../../src/lib/log.ts';
import { Secret } from '../../src/lib/secret.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const LIMITS = { connectTimeoutMs: 60_000, headersTimeoutMs: 60_000, bodyTimeoutMs: 60_000, connections: 1 };

/** A proxy that remembers how it was greeted, and lets nobody through. */
async function startProxy(): Promise<{ readonly port: number; readonly greeted: (string | undefined)[] }> {
  const greeted: (string | undefined)[] = [];
  const server = createServer();
  server.on('connect', ({ headers }, socket) => {
    greeted.push(headers['proxy-authorization']);
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  return { port: (server.address() as AddressInfo).port, greeted };
}

describe('connections through a proxy whose password changes', () => {
  it('greet it with the new one, and with the last where the new proxy is none', async () => {
    const { port, greeted } = await startProxy();
    const world = { text: `http://u:one@127.0.0.1:${port}` };
    const warned: (LogFields | undefined)[] = [];
    const connections = createConnections({
      ...LIMITS,
      tls: { isFixed: false, current: () => ({}) },
      proxy: new Secret({ text: () => world.text, trouble: () => null }),
      where: 'source.proxy of contoso',
      log: { ...silentLog, warn: (_message, fields) => warned.push(fields) },
    });
    closers.push(connections.destroy);
    const ask = () => request('http://h.example/', { dispatcher: connections.current() }).catch(() => null);
    await ask();
    world.text = `http://u:t%40wo@127.0.0.1:${port}`;
    await ask();
    world.text = 'u:three@nowhere';
    await ask();
    const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
    expect(greeted).toEqual([basic('u:one'), basic('u:t@wo'), basic('u:t@wo')]);
    expect(warned).toMatchObject([
      { where: 'source.proxy of contoso', reason: expect.stringContaining('proxy: write a URL') },
    ]);
    expect(JSON.stringify(warned)).not.toContain('three');
  });
});
