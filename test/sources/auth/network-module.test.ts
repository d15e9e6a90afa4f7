import { afterEach, describe, expect, it } from '@jest/globals';
import { type Clock, createManualClock, systemClock } from '../../../src/lib/clock.ts';
import { createConnections } from '../../../src/lib/connections.ts';
import { createLoginNetwork, type LoginNetwork } from '../../../src/sources/auth/network-module.ts';
import { listenForTime } from '../../../src/sources/heard-time.ts';
import { NO_SUCH_NAME } from '../../lib/no-such-name.ts';
import { type Answer, type StandIn, startStandIn } from '../stand-in.ts';

const MEBI = 1024 * 1024;
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function setUp(
  answer: Answer,
  rewriteFrom: string | null = null,
  clock: Clock = systemClock,
): Promise<{ server: StandIn; network: LoginNetwork }> {
  const server = await startStandIn(answer);
  const connections = createConnections({
    tls: { isFixed: false, current: () => ({}) },
    proxy: null,
    direct: true,
    connectTimeoutMs: 60_000,
    headersTimeoutMs: 60_000,
    bodyTimeoutMs: 60_000,
    connections: 2,
  });
  closers.push(server.close, () => connections.destroy());
  const network = createLoginNetwork({
    connections,
    rewrite: rewriteFrom === null ? null : { from: rewriteFrom, to: server.origin },
    heard: listenForTime(systemClock, true),
    host: null,
    clock,
    signal: new AbortController().signal,
  });
  return { server, network };
}

describe("msal's network", () => {
  it('reads answers of a mebibyte, and no longer ones', async () => {
    let size = MEBI;
    const { server, network } = await setUp((_seen, response) => response.end(JSON.stringify('x'.repeat(size - 2))));
    const { body } = await network.sendGetRequestAsync<string>(server.origin);
    expect(body).toHaveLength(MEBI - 2);
    expect(network.failure()).toBeNull();
    size += 1;
    await expect(network.sendGetRequestAsync(server.origin)).rejects.toThrow('larger than 1048576 bytes');
    expect(network.failure()).toMatchObject({ message: 'the answer is larger than 1048576 bytes' });
    network.forget();
    expect(network.failure()).toBeNull();
  });

  it('sends what it is given, to the host that stands in', async () => {
    const { server, network } = await setUp((_seen, response) => {
      response.writeHead(201, { 'x-one': 'a', 'set-cookie': ['b=1', 'c=2'] });
      response.end('{"ok":true}');
    }, 'https://login.example');
    const options = { headers: { 'x-sent': 'yes' }, body: 'grant=1' };
    const answer = await network.sendPostRequestAsync('https://login.example/token?a=1', options);
    expect(answer).toMatchObject({
      status: 201,
      body: { ok: true },
      headers: { 'x-one': 'a', 'set-cookie': 'b=1, c=2' },
    });
    expect(server.seen).toMatchObject([
      { method: 'POST', path: '/token?a=1', body: 'grant=1', headers: { 'x-sent': 'yes' } },
    ]);
    await network.sendGetRequestAsync('https://login.example/other');
    expect(server.seen[1]).toMatchObject({ method: 'GET', path: '/other', body: '' });
  });

  it('remembers what proves who asks, so that it can be hidden, until it is told to forget', async () => {
    const { server, network } = await setUp((_seen, response) => response.end('{}'));
    const names = [
      'client_secret',
      'client_assertion',
      'assertion',
      'refresh_token',
      'device_code',
      'code',
      'password',
    ];
    const form = (of: string) => names.map((name) => `${name}=${of}-${name}`).join('&');
    await network.sendPostRequestAsync(server.origin, { body: `${form('a')}&scope=public` });
    await network.sendPostRequestAsync(server.origin, { body: 'client_secret=one%20more' });
    await network.sendPostRequestAsync(server.origin);
    await network.sendGetRequestAsync(server.origin);
    expect(network.sent()).toEqual([...names.map((name) => `a-${name}`), 'one more']);
    network.forget();
    expect(network.sent()).toEqual([]);
  });

  it.each<[number, string, object | null]>([
    [399, '{"error_description":"no"}', null],
    [400, '{"error_description":"no"}', { status: 400, text: 'no' }],
    [503, '{"error":"busy"}', { status: 503, text: '{"error":"busy"}' }],
    [500, 'null', { status: 500, text: 'null' }],
    [500, '{"error_description":7}', { status: 500, text: '{"error_description":7}' }],
  ])('remembers a refusal: %d %s', async (status, body, refusal) => {
    const { server, network } = await setUp((_seen, response) => response.writeHead(status).end(body));
    await network.sendGetRequestAsync(server.origin);
    expect(network.refusal()).toEqual(refusal);
    network.forget();
    expect(network.refusal()).toBeNull();
  });

  it('gives the login host 40 seconds for its answer', async () => {
    const clock = createManualClock(Date.now());
    const { server, network } = await setUp(() => undefined, null, clock);
    let over = false;
    const asked = network.sendGetRequestAsync(server.origin).finally(() => {
      over = true;
    });
    const failed = expect(asked).rejects.toThrow('no complete answer came within 40 s');
    while (server.seen.length === 0) await new Promise(setImmediate);
    await clock.advance(39_999);
    expect(over).toBe(false);
    await clock.advance(1);
    await failed;
  });

  it('sends elsewhere only what is for the host that is stood in for', async () => {
    const { server, network } = await setUp((_seen, response) => response.end('{}'), 'https://login.example');
    await network.sendGetRequestAsync(`${server.origin}/own`);
    await network.sendGetRequestAsync('https://login.example/theirs');
    expect(server.seen.map(({ path }) => path)).toEqual(['/own', '/theirs']);
    await expect(network.sendGetRequestAsync(`https://login.example.${NO_SUCH_NAME}/x`)).rejects.toThrow();
    expect(server.seen).toHaveLength(2);
  });

  it.each([
    ['<html>', 'a web page'],
    ['', 'nothing'],
  ])('makes an error of %j, as msal reads it', async (text, words) => {
    const { server, network } = await setUp((_seen, response) => {
      response.writeHead(502);
      response.end(text);
    });
    const answer = await network.sendGetRequestAsync(server.origin);
    expect(answer).toMatchObject({
      status: 502,
      body: { error: 'no_json', error_description: `The login host answered 502 with ${words}.` },
    });
  });
});
