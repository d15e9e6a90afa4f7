import { createServer, request as forward, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Dispatcher, request } from 'undici';
import { createDispatcher, type DispatcherOptions } from '../../src/lib/dispatcher.ts';

const OPTIONS: DispatcherOptions = {
  tls: {},
  proxy: null,
  connectTimeoutMs: 60_000,
  headersTimeoutMs: 60_000,
  bodyTimeoutMs: 60_000,
  connections: 1,
};

const closers: (() => Promise<unknown>)[] = [];
const variables = { ...process.env };

afterEach(async () => {
  process.env = { ...variables };
  for (const close of closers.splice(0).reverse()) await close();
});

async function listen(server: ReturnType<typeof createServer>): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function startTarget(): Promise<string> {
  return listen(createServer((_, response) => response.end('target')));
}

/** A proxy that looks for every host on loopback, and notes what it is asked. */
async function startProxy(): Promise<{ readonly origin: string; readonly used: string[] }> {
  const used: string[] = [];
  const server = createServer((asked, response) => {
    const url = new URL(asked.url ?? '');
    used.push(url.host);
    const answered = (answer: IncomingMessage) => answer.pipe(response);
    asked.pipe(forward({ host: '127.0.0.1', port: url.port, path: url.pathname, method: asked.method }, answered));
  });
  server.on('connect', (asked, socket) => {
    used.push(asked.url ?? '');
    const through = connect(Number(asked.url?.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      through.pipe(socket).pipe(through);
    });
    through.on('error', () => socket.destroy());
    socket.on('error', () => through.destroy());
    socket.on('close', () => through.destroy());
  });
  return { origin: await listen(server), used };
}

async function get(url: string, options: Partial<DispatcherOptions>): Promise<string> {
  const dispatcher: Dispatcher = createDispatcher({ ...OPTIONS, ...options });
  closers.push(() => dispatcher.destroy());
  return (await request(url, { dispatcher })).body.text();
}

describe('createDispatcher', () => {
  it('goes straight where no proxy is named', async () => {
    expect(await get(await startTarget(), {})).toBe('target');
  });

  it('goes through the proxy that is named, to loopback too', async () => {
    const [target, proxy] = await Promise.all([startTarget(), startProxy()]);
    expect(await get(target, { proxy: proxy.origin })).toBe('target');
    expect(proxy.used).toHaveLength(1);
  });

  it('keeps to NO_PROXY', async () => {
    process.env.NO_PROXY = '127.0.0.1';
    const [target, proxy] = await Promise.all([startTarget(), startProxy()]);
    expect(await get(target, { proxy: proxy.origin })).toBe('target');
    expect(proxy.used).toEqual([]);
  });

  it('takes the proxy of the environment, but not for loopback', async () => {
    const [target, proxy] = await Promise.all([startTarget(), startProxy()]);
    process.env.HTTP_PROXY = proxy.origin;
    expect(await get(target, {})).toBe('target');
    expect(proxy.used).toEqual([]);
    const far = target.replace('127.0.0.1', 'target.invalid');
    expect(await get(far, {})).toBe('target');
    expect(proxy.used).toEqual([new URL(far).host]);
  });

  it('goes straight where it must, whatever is named', async () => {
    const [target, proxy] = await Promise.all([startTarget(), startProxy()]);
    expect(await get(target, { proxy: proxy.origin, direct: true })).toBe('target');
    expect(proxy.used).toEqual([]);
  });

  it.each([
    ['http://u:1%@p.example', 'HTTPS_PROXY: user and password must be written as in a URL: % as %25, @ as %40.'],
    ['http://u:#hush@p.example', 'HTTPS_PROXY: write a URL such as http://proxy.example:8080, user and password'],
  ])('refuses %s as a proxy of the environment, by the name of the variable', (proxy, message) => {
    process.env.HTTPS_PROXY = proxy;
    expect(() => createDispatcher(OPTIONS)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(message) }),
    );
  });

  it.each(['proxy.example:8080', 'http://p.example/path', 'socks5://127.0.0.1:1', 'nonsense'])(
    'refuses %s as a proxy',
    (proxy) => {
      expect(() => createDispatcher({ ...OPTIONS, proxy })).toThrow(
        expect.objectContaining({ code: 'CONFIG_INVALID' }),
      );
    },
  );
});
