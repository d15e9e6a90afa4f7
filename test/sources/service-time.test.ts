/** @jest-environment-options {"modules": "own"} */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { generate } from 'selfsigned';
import { createManualClock } from '../../src/lib/clock.ts';
import { Secret } from '../../src/lib/secret.ts';
import { isOwnWord, listenForTime } from '../../src/sources/heard-time.ts';
import type { Source } from '../../src/sources/source.ts';
import { collect } from '../contract/source.ts';
import { depsOf, grantToken, LIMITS, makeSource, type Seen, secretAuth, sendJson, startStandIn } from './stand-in.ts';

const OK = '{"Schema":[{"Name":"A","Type":"Int32"}],"Results":[{"A":1}]}';
const QUESTION = { ruleId: 'rule', query: 'T' };
const TOLD = Date.parse('2026-11-21T10:00:00Z');
const DATE = { date: new Date(TOLD).toUTCString() };
const OTHER = Date.parse('2019-03-03T03:03:03Z');
const NEVER = new AbortController().signal;

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

type Reply = (response: ServerResponse, seen: Seen, attempt: number) => void;
const answer = (status: number, body: string, headers: Record<string, string> = DATE): Reply => {
  return (response) => sendJson(response, status, body, headers);
};

interface Wish {
  readonly reply: Reply;
  readonly login?: (seen: Seen, response: ServerResponse) => void;
  readonly settings?: object;
}

/** A source over a stand-in; what the login host says of the time is another year. */
async function setUp({ reply, login, settings = {} }: Wish) {
  let attempt = 0;
  const server = await startStandIn((seen, response) => {
    if (seen.path.includes('/oauth2/')) {
      response.setHeader('date', new Date(OTHER).toUTCString());
      return (login ?? grantToken)(seen, response);
    }
    attempt += 1;
    return reply(response, seen, attempt);
  });
  const source = makeSource('graph', { baseUrl: server.origin, ...settings }, depsOf(secretAuth(server.origin)));
  closers.push(server.close, source.close);
  return { source, server };
}

/** The time that an answer or a failure tells, in whole seconds: a little goes by on the way. */
async function toldBy(source: Source): Promise<number | null> {
  const time = await collect(source, QUESTION).then(
    ({ end }) => end.serviceTime,
    (error) => error.serviceTime,
  );
  return time === null ? null : Math.floor(time / 60_000) * 60_000;
}

describe("the service's time", () => {
  it.each<[string, Reply]>([
    ['an answer', answer(200, OK)],
    ['403', answer(403, '{}')],
    ['429', answer(429, '{}')],
    ['503', answer(503, '')],
    ['a 200 that is no result', answer(200, '<html>')],
    [
      'an answer that breaks off',
      (response) => {
        response.writeHead(200, DATE);
        response.write(OK.slice(0, 20), () => setImmediate(() => response.socket?.resetAndDestroy()));
      },
    ],
  ])('is told by %s', async (_, reply) => {
    const { source } = await setUp({ reply });
    expect(await toldBy(source)).toBe(TOLD);
  });

  it.each<[string, Reply]>([
    [
      'an answer without Date',
      (response) => {
        response.sendDate = false;
        sendJson(response, 200, OK);
      },
    ],
    ['a Date that is none', answer(200, OK, { date: 'soon' })],
    ['an answer that a cache has kept', answer(200, OK, { ...DATE, age: '60' })],
    ['a proxy that wants a login', answer(407, '', DATE)],
  ])('is not told by %s', async (_, reply) => {
    const { source } = await setUp({ reply });
    expect(await toldBy(source)).toBeNull();
  });

  it('is told by the login host with a token, and by its refusal', async () => {
    const { source } = await setUp({ reply: answer(200, OK) });
    expect(Math.abs(((await source.greet?.(NEVER)) ?? 0) - OTHER)).toBeLessThan(60_000);
    expect(await source.greet?.(NEVER)).toBeNull();
    const refused = await setUp({
      reply: answer(200, OK),
      login: (_, response) => sendJson(response, 401, { error: 'invalid_client', error_description: 'AADSTS7000215' }),
    });
    await expect(refused.source.greet?.(NEVER)).rejects.toMatchObject({ code: 'SOURCE_AUTH' });
    const time = await collect(refused.source, QUESTION).catch((error) => error.serviceTime);
    expect(Math.abs(time - OTHER)).toBeLessThan(60_000);
  });

  it('is not what the endpoint of a managed identity says', async () => {
    const server = await startStandIn((seen, response) =>
      seen.path.includes('/msi')
        ? sendJson(response, 200, { access_token: 'a.b.c', expires_on: '4102444800', token_type: 'Bearer' }, DATE)
        : sendJson(response, 200, OK, DATE),
    );
    closers.push(server.close);
    process.env.IDENTITY_ENDPOINT = `${server.origin}/msi`;
    process.env.IDENTITY_HEADER = 'secret';
    closers.push(() => {
      delete process.env.IDENTITY_ENDPOINT;
      delete process.env.IDENTITY_HEADER;
    });
    const source = makeSource('graph', { baseUrl: server.origin }, depsOf({ managedIdentity: true }));
    closers.push(source.close);
    expect(await source.greet?.(NEVER)).toBeNull();
    expect(server.seen).toHaveLength(1);
    expect(await toldBy(source)).toBe(TOLD);
  });

  it('is not what comes through a proxy without TLS: the proxy may have said it', async () => {
    const { server } = await setUp({ reply: answer(200, OK) });
    const proxy = createServer();
    proxy.on('connect', (request, socket) => {
      const [host = '', port = ''] = (request.url ?? '').split(':');
      const there = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        there.pipe(socket).pipe(there);
      });
      there.on('error', () => socket.destroy());
      socket.on('error', () => there.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const source = makeSource(
      'graph',
      { baseUrl: server.origin, proxy: new Secret(url) },
      depsOf(secretAuth(server.origin)),
    );
    closers.push(() => proxy.close(), source.close);
    expect((await collect(source, QUESTION)).end.serviceTime).toBeNull();
    expect(isOwnWord(new URL('https://graph.example'), url)).toBe(true);
  });

  it('is the word of a host whose certificate is trusted', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'huntwire-time-'));
    closers.push(() => rmSync(folder, { recursive: true }));
    const made = await generate([{ name: 'commonName', value: 'localhost' }], {
      keySize: 2048,
      algorithm: 'sha256',
      extensions: [
        { name: 'basicConstraints', cA: true },
        { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
      ],
    });
    const caFile = join(folder, 'ca.pem');
    writeFileSync(caFile, made.cert);
    const secure = await startStandIn((_, response) => sendJson(response, 200, OK, DATE), {
      key: made.private,
      cert: made.cert,
    });
    const login = await startStandIn(grantToken);
    closers.push(secure.close, login.close);
    const trusting = makeSource('graph', { baseUrl: secure.origin, caFile }, depsOf(secretAuth(login.origin)));
    const wary = makeSource('graph', { baseUrl: secure.origin }, depsOf(secretAuth(login.origin)));
    closers.push(trusting.close, wary.close);
    expect(await toldBy(trusting)).toBe(TOLD);
    expect(await toldBy(wary)).toBeNull();
  });

  it('goes on from the moment of the headers', async () => {
    const clock = createManualClock(0);
    const heard = listenForTime(clock, true);
    heard.note(200, DATE);
    clock.jump(86_400_000);
    await clock.advance(5000);
    expect(heard.now()).toBe(TOLD + 5000);
  });
});

describe('a connection that breaks', () => {
  const broken: Reply = (response) => response.socket?.resetAndDestroy();

  it('before any byte of an answer says so', async () => {
    const { source } = await setUp({ reply: broken });
    await expect(collect(source, QUESTION)).rejects.toMatchObject({ code: 'SOURCE_NETWORK', unanswered: true });
  });

  it('says so of the login host, too', async () => {
    const { source } = await setUp({ reply: answer(200, OK), login: (_, response) => broken(response, {} as Seen, 1) });
    await expect(collect(source, QUESTION)).rejects.toMatchObject({ code: 'SOURCE_NETWORK', unanswered: true });
  });

  it.each<[string, Reply]>([
    [
      'in the middle of an answer',
      (response) => {
        response.writeHead(200);
        response.write(OK.slice(0, 20), () => setImmediate(() => response.socket?.resetAndDestroy()));
      },
    ],
    ['with 503', answer(503, '')],
  ])('%s does not', async (_, reply) => {
    const { source } = await setUp({ reply });
    await expect(collect(source, QUESTION)).rejects.toMatchObject({ unanswered: false });
  });

  it('that never was does not', async () => {
    const { source, server } = await setUp({ reply: answer(200, OK) });
    await source.greet?.(NEVER);
    await server.close();
    await expect(collect(source, QUESTION)).rejects.toMatchObject({ code: 'SOURCE_NETWORK', unanswered: false });
  });

  it('is not used again where a fresh one is asked for', async () => {
    const ports: unknown[] = [];
    const { source } = await setUp({
      settings: { limits: { ...LIMITS, concurrency: 1 } },
      reply: (response) => {
        ports.push(response.socket?.remotePort);
        sendJson(response, 200, OK);
      },
    });
    const ask = (fresh: boolean) =>
      source.query({ ...QUESTION, fresh, signal: NEVER }, { schema: () => undefined, row: () => undefined });
    await ask(false);
    await ask(false);
    await ask(true);
    await ask(false);
    expect(ports[1]).toBe(ports[0]);
    expect(ports[2]).not.toBe(ports[0]);
    expect(ports[3]).toBe(ports[2]);
  });
});
