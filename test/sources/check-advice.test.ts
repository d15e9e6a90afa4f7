import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import type { SourceDeps } from '../../src/sources/source.ts';
import { collect } from '../contract/source.ts';
import { depsOf, grantToken, makeSource, type Seen, secretAuth, sendJson, startStandIn } from './stand-in.ts';

const OK = '{"Schema":[{"Name":"A","Type":"Int32"}],"Results":[]}';
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

type Answer = (response: ServerResponse, seen: Seen) => void;

/** What `doctor` is told of an API whose parts answer like this. */
async function checked(
  {
    query,
    login = (response, seen) => grantToken(seen, response),
    head = (response) => sendJson(response, 404, ''),
  }: {
    readonly query: Answer;
    readonly login?: Answer;
    readonly head?: Answer;
  },
  api = 'graph',
  deps: Partial<SourceDeps> = {},
) {
  const server = await startStandIn((seen, response) => {
    if (seen.path.includes('/oauth2/')) return login(response, seen);
    return seen.method === 'HEAD' ? head(response, seen) : query(response, seen);
  });
  const source = makeSource(api, { baseUrl: server.origin }, depsOf(secretAuth(server.origin), deps));
  closers.push(server.close, source.close);
  return source.check(new AbortController().signal);
}

const refusing =
  (status: number, body: unknown = '') =>
  (response: ServerResponse) =>
    sendJson(response, status, body);
const LATER = "Try again later; if it stays, look at Microsoft's service health.";

describe('what helps against a query that fails', () => {
  it.each<[number, unknown, string, string, string]>([
    [
      401,
      '',
      'token',
      'graph',
      'The API does not take the token that the login host gave: check source.cloud and source.scope.',
    ],
    [
      403,
      '',
      'permission',
      'graph',
      'Grant ThreatHunting.Read.All with admin consent. A new token is needed then, which takes up to an hour.',
    ],
    [
      403,
      { error: { message: 'not licensed' } },
      'permission',
      'graph',
      'Ask who buys the licences of the tenant: advanced hunting needs one.',
    ],
    [429, '', 'quota', 'graph', 'Wait, and look who else uses the quota of the tenant.'],
    [504, '', 'query', 'graph', LATER],
    [503, { error: { message: 'down' } }, 'query', 'graph', LATER],
    [404, '', 'query', 'mde', 'Move to source.api: graph.'],
    [400, { error: { message: 'syntax error' } }, 'query', 'graph', 'See docs/errors.md for the code.'],
    [200, '<html>', 'query', 'graph', 'Something else answers in its place: check source.baseUrl and the proxy.'],
  ])('with %d %j', async (status, body, name, api, fix) => {
    const results = await checked({ query: refusing(status, body) }, api);
    expect(results.filter((one) => !one.ok)).toEqual([expect.objectContaining({ name, subject: api, fix })]);
  });

  it('names a connection that breaks', async () => {
    const results = await checked({ query: (response) => response.destroy() });
    expect(results.at(-1)).toMatchObject({ name: 'query', ok: false, fix: 'Check network, firewall and proxy.' });
    expect(results.at(-1)?.message).toMatch(/^SOURCE_NETWORK: /);
  });
});

describe('what helps against a token that is not given', () => {
  it.each<[string, Answer, string, string]>([
    [
      'a refusal that is known',
      refusing(401, { error: 'invalid_client', error_description: 'AADSTS7000222: expired', error_codes: [7000222] }),
      'token',
      'The client secret has expired: make a new one and set auth.clientSecret.',
    ],
    ['a login host that is down', refusing(503, { error: 'temporarily_unavailable' }), 'login', 'Try again later.'],
  ])('with %s', async (_name, login, name, fix) => {
    const results = await checked({ query: refusing(200, OK), login });
    expect(results.filter((one) => !one.ok)).toEqual([expect.objectContaining({ name, fix })]);
    expect(results.map((one) => one.name)).not.toContain('query');
  });
});

describe('a host that is not reached', () => {
  it('is asked no query, though its login host gives a token', async () => {
    const login = await startStandIn((seen, response) => grantToken(seen, response));
    const gone = await startStandIn(() => undefined);
    await gone.close();
    const source = makeSource('graph', { baseUrl: gone.origin }, depsOf(secretAuth(login.origin)));
    closers.push(login.close, source.close);
    const results = await source.check(new AbortController().signal);
    expect(results.map(({ name, ok }) => [name, ok])).toEqual([
      ['dns', true],
      ['tls', false],
      ['token', true],
      ['permission', true],
    ]);
  });
});

describe('an answer', () => {
  const ask = async (answer: Answer, deps: Partial<SourceDeps> = {}) => {
    const server = await startStandIn((seen, response) =>
      seen.path.includes('/oauth2/') ? grantToken(seen, response) : answer(response, seen),
    );
    const source = makeSource('graph', { baseUrl: server.origin }, depsOf(secretAuth(server.origin), deps));
    closers.push(server.close, source.close);
    return collect(source, { ruleId: 'my-rule', query: 'T' });
  };

  it('of 200 to 299 has rows, and no other', async () => {
    for (const status of [200, 299]) expect((await ask(refusing(status, OK))).rows).toEqual([]);
    await expect(ask(refusing(300, OK))).rejects.toMatchObject({ code: 'SOURCE_SERVER' });
  });

  it('of 429 or 503 tells how long to wait', async () => {
    const later = (status: number) => (response: ServerResponse) =>
      sendJson(response, status, '', { 'retry-after': '77' });
    for (const status of [429, 503]) await expect(ask(later(status))).rejects.toMatchObject({ retryAfterMs: 77_000 });
    await expect(ask(refusing(503))).rejects.toMatchObject({ retryAfterMs: null });
  });

  it('with bytes that are no UTF-8 is logged, and no other', async () => {
    const warned: unknown[] = [];
    const log = { ...silentLog, warn: (message: string, fields?: object) => warned.push([message, fields]) };
    const rows = (cell: string) => `{"Schema":[{"Name":"A","Type":"String"}],"Results":[{"A":"${cell}"}]}`;
    const send = (body: string) => (response: ServerResponse) => response.end(Buffer.from(body, 'latin1'));
    await ask(send(rows('a')), { log });
    expect(warned).toEqual([]);
    await ask(send(rows('\xff')), { log });
    expect(warned).toEqual([
      [expect.stringContaining('no UTF-8'), { tenant: 'contoso', ruleId: 'my-rule', api: 'graph' }],
    ]);
  });
});

describe('the clock of this machine', () => {
  const DAY = 86_400_000;
  const NOON = Date.parse('2026-11-21T12:00:00Z');
  const timeless = (response: ServerResponse) => {
    response.sendDate = false;
    sendJson(response, 200, OK);
  };
  const dated = (ms: number) => (response: ServerResponse) =>
    sendJson(response, 200, OK, { date: new Date(ms).toUTCString() });
  const clocks = async (head: Answer, query: Answer) => {
    const results = await checked({ head, query }, 'graph', { clock: createManualClock(NOON) });
    return results.filter(({ name }) => name === 'clock').map(({ ok, message }) => [ok, message]);
  };
  const AGREES = "This machine's clock agrees with the service's.";

  it('is compared with the answer to the query, else with the first word of the host', async () => {
    expect(await clocks(dated(NOON - DAY), dated(NOON))).toEqual([[true, AGREES]]);
    expect(await clocks(dated(NOON - DAY), timeless)).toEqual([
      [false, "This machine's clock is 1d ahead of the service's, which rules go by."],
    ]);
    expect(await clocks(dated(NOON + DAY), timeless)).toEqual([
      [false, "This machine's clock is 1d behind the service's, which rules go by."],
    ]);
  });

  it('is compared with nothing where nobody tells the time', async () => {
    expect(await clocks(timeless, timeless)).toEqual([]);
  });

  it('is told of in whole seconds', async () => {
    const clock = createManualClock(NOON + 61_500);
    const results = await checked({ query: dated(NOON) }, 'graph', { clock });
    expect(results.at(-1)?.message).toContain('1m2s ahead of');
  });
});
