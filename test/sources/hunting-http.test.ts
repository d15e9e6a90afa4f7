import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { Secret } from '../../src/lib/secret.ts';
import type { SourceDeps } from '../../src/sources/source.ts';
import { collect } from '../contract/source.ts';
import { NO_SUCH_NAME } from '../lib/no-such-name.ts';
import {
  depsOf,
  grantToken,
  LIMITS,
  makeSource,
  type Seen,
  type StandIn,
  secretAuth,
  sendJson,
  startStandIn,
} from './stand-in.ts';

const OK = '{"Schema":[{"Name":"A","Type":"Int32"}],"Results":[{"A":1},{"A":2},{"A":3}]}';
const QUESTION = { ruleId: 'my-rule', query: 'T | take 1' };

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

type QueryAnswer = (response: ServerResponse, seen: Seen, attempt: number) => void;

/** A source whose queries are answered by `answer`; tokens are always granted. */
async function setUp(answer: QueryAnswer, settings: object = {}, api = 'graph', deps: Partial<SourceDeps> = {}) {
  let attempt = 0;
  const server: StandIn = await startStandIn((seen, response) => {
    if (seen.path.includes('/oauth2/')) return grantToken(seen, response);
    attempt += 1;
    return answer(response, seen, attempt);
  });
  const source = makeSource(api, { baseUrl: server.origin, ...settings }, depsOf(secretAuth(server.origin), deps));
  closers.push(server.close, source.close);
  const queries = () => server.seen.filter((one) => !one.path.includes('/oauth2/'));
  const tokens = () => server.seen.filter((one) => one.path.includes('/oauth2/'));
  return { source, server, queries, tokens };
}

const failing =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    sendJson(response, status, body, headers);

describe('a hunting query', () => {
  it.each([
    ['graph', '/v1.0/security/runHuntingQuery', 'https://graph.microsoft.com/.default'],
    ['xdr', '/api/advancedhunting/run', 'https://api.security.microsoft.com/.default'],
    ['mde', '/api/advancedqueries/run', 'https://api.securitycenter.microsoft.com/.default'],
  ])('is sent by %s as its API wants it', async (api, path, scope) => {
    const { source, queries, tokens } = await setUp(failing(200, OK), {}, api);
    await collect(source, { ruleId: 'rule\n| evil é', query: 'T\n| where x == "é"' });
    const [sent] = queries();
    expect(sent).toMatchObject({ method: 'POST', path });
    expect(sent?.body).toBe(JSON.stringify({ Query: '// huntwire rule_| evil _\nT\n| where x == "é"' }));
    expect(sent?.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      accept: 'application/json',
      'accept-encoding': 'gzip',
      'user-agent': 'huntwire/0.1.0',
      authorization: expect.stringMatching(/^Bearer \S+$/),
      'client-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(new URLSearchParams(tokens()[0]?.body).get('scope')).toBe(scope);
  });

  it('tells the service’s clock and reads gzip', async () => {
    const { source } = await setUp((response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', date: 'Sat, 21 Nov 2026 10:00:00 GMT' });
      response.end(gzipSync(OK));
    });
    const { rows, end } = await collect(source, QUESTION);
    expect(rows).toEqual([{ A: 1 }, { A: 2 }, { A: 3 }]);
    expect(end).toMatchObject({ rows: 3, bytes: OK.length });
    expect((end.serviceTime ?? 0) - Date.parse('2026-11-21T10:00:00Z')).toBeLessThan(60_000);
  });

  it('applies the limit on bytes to what a compressed body becomes', async () => {
    const bomb = gzipSync(`{"Schema":[],"x":"${'a'.repeat(1_000_000)}","Results":[]}`);
    const limits = { ...LIMITS, maxBytes: 100_000 };
    const { source } = await setUp(
      (response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' });
        response.end(bomb);
      },
      { limits },
    );
    await expect(collect(source, QUESTION)).rejects.toMatchObject({ code: 'SOURCE_RESULT_TOO_LARGE' });
  });

  it('stops reading beyond maxRows', async () => {
    const { source } = await setUp(failing(200, OK), { limits: { ...LIMITS, maxRows: 2 } });
    const { rows, end } = await collect(source, QUESTION);
    expect(rows).toHaveLength(2);
    expect(end.truncated).toBe(true);
  });

  it('uses one connection pool and one token for many queries', async () => {
    const { source, queries, tokens } = await setUp(failing(200, OK));
    await Promise.all(Array.from({ length: 5 }, () => collect(source, QUESTION)));
    expect(queries()).toHaveLength(5);
    expect(tokens()).toHaveLength(1);
  });
});

describe('a refused token', () => {
  it('is replaced once', async () => {
    const { source, queries, tokens } = await setUp((response, _, attempt) =>
      attempt === 1
        ? sendJson(response, 401, { error: { code: 'InvalidAuthenticationToken', message: 'expired' } })
        : sendJson(response, 200, OK),
    );
    expect((await collect(source, QUESTION)).rows).toHaveLength(3);
    const [first, second] = queries();
    expect(first?.headers.authorization).not.toBe(second?.headers.authorization);
    expect(tokens()).toHaveLength(2);
  });

  it('is an error the second time', async () => {
    const { source, queries } = await setUp(failing(401, { error: { code: 'Unauthorized', message: 'no' } }));
    await expect(collect(source, QUESTION)).rejects.toMatchObject({ code: 'SOURCE_AUTH' });
    expect(queries()).toHaveLength(2);
  });

  it('is not replaced where the licence is what is missing', async () => {
    const { source, queries } = await setUp(
      failing(401, { error: { code: 'Unauthorized', message: 'No Tvm license' } }),
    );
    await expect(collect(source, QUESTION)).rejects.toMatchObject({ code: 'SOURCE_LICENSE' });
    expect(queries()).toHaveLength(1);
  });

  it('costs one new token when many queries are refused at once', async () => {
    const refused = new Set<string>();
    const { source, tokens } = await setUp((response, seen) => {
      const token = seen.headers.authorization ?? '';
      if (refused.size === 0) refused.add(token);
      if (refused.has(token)) sendJson(response, 401, { error: { code: 'Unauthorized', message: '' } });
      else sendJson(response, 200, OK);
    });
    const answers = await Promise.all([1, 2, 3].map(() => collect(source, QUESTION)));
    expect(answers.map((answer) => answer.rows.length)).toEqual([3, 3, 3]);
    expect(tokens()).toHaveLength(2);
  });
});

describe('faults of the API', () => {
  it.each<[string, QueryAnswer, string, number]>([
    ['a web page with 200', failing(200, '<html>login</html>'), 'SOURCE_RESPONSE_INVALID', 1],
    ['no schema', failing(200, '{"Results":[]}'), 'SOURCE_RESPONSE_INVALID', 1],
    ['a body that ends early', failing(200, OK.slice(0, 70)), 'SOURCE_RESPONSE_INVALID', 1],
    ['nothing', failing(200, ''), 'SOURCE_RESPONSE_INVALID', 1],
    ['an encoding nobody asked for', failing(200, OK, { 'content-encoding': 'br' }), 'SOURCE_RESPONSE_INVALID', 1],
    ['gzip that is none', failing(200, OK, { 'content-encoding': 'gzip' }), 'SOURCE_NETWORK', 1],
    ['413', failing(413, '<html>'), 'SOURCE_BODY_TOO_LARGE', 1],
    ['429', failing(429, { error: { code: '429', message: 'in 8 seconds' } }), 'SOURCE_THROTTLED', 1],
    ['429 with Retry-After', failing(429, '', { 'retry-after': '7' }), 'SOURCE_THROTTLED', 1],
    ['403', failing(403, { error: { code: 'Forbidden', message: '' } }), 'SOURCE_PERMISSION', 1],
    ['504 without a word', failing(504, { error: { code: 'UnknownError', message: '' } }), 'SOURCE_TIMEOUT', 1],
    ['a redirect', failing(307, '', { location: 'http://127.0.0.1:1/' }), 'SOURCE_SERVER', 1],
    ['a reset before the answer', (response) => response.socket?.resetAndDestroy(), 'SOURCE_NETWORK', 1],
    [
      'a reset in the middle',
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write(OK.slice(0, 60), () => setImmediate(() => response.socket?.resetAndDestroy()));
      },
      'SOURCE_NETWORK',
      1,
    ],
    [
      'a body shorter than its length',
      (response) => {
        response.writeHead(200, { 'content-length': '5000' });
        response.write(OK, () => setImmediate(() => response.socket?.destroy()));
      },
      'SOURCE_NETWORK',
      1,
    ],
  ])('%s', async (_, answer, code, sent) => {
    const { source, queries } = await setUp(answer);
    await expect(collect(source, QUESTION)).rejects.toMatchObject({ name: 'HuntwireError', code });
    expect(queries()).toHaveLength(sent);
  });

  it('takes member names in any case', async () => {
    const { source } = await setUp(failing(200, '{"sCHEMA":[{"NAME":"A","TYPE":"int32"}],"RESULTS":[{"a":1}]}'));
    expect((await collect(source, QUESTION)).rows).toEqual([{ A: 1 }]);
  });

  it('names the missing permission', async () => {
    const { source } = await setUp(failing(403, ''), {}, 'mde');
    await expect(collect(source, QUESTION)).rejects.toMatchObject({
      message: expect.stringContaining('AdvancedQuery.Read.All'),
    });
  });

  it('keeps the token out of a message, even when the API echoes it', async () => {
    const { source } = await setUp((response, seen) =>
      sendJson(response, 503, `you sent ${seen.headers.authorization}`),
    );
    await expect(collect(source, QUESTION)).rejects.toMatchObject({
      message: expect.stringContaining('you sent Bearer ***'),
    });
  });

  it('says that an older API is gone', async () => {
    const { source } = await setUp(failing(410, ''), {}, 'xdr');
    await expect(collect(source, QUESTION)).rejects.toMatchObject({ code: 'SOURCE_RETIRED' });
  });

  it.each<[string, (response: ServerResponse, late: () => void) => void]>([
    ['slow first byte', (_, late) => late()],
    ['body that never ends', (response, late) => response.writeHead(200).write(OK.slice(0, 50), late)],
  ])('gives up on a %s, by the given clock', async (_, answer) => {
    const manual = createManualClock(Date.now());
    const { source } = await setUp(
      (response) => answer(response, () => void manual.advance(240_001)),
      { timeoutSeconds: 240 },
      'graph',
      { clock: manual },
    );
    await expect(collect(source, QUESTION)).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT', retryable: true });
  });

  it('stops in the middle when it is told to', async () => {
    const stop = new AbortController();
    const { source } = await setUp(() => stop.abort());
    await expect(collect(source, QUESTION, stop.signal)).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('names host and reason where nobody listens', async () => {
    const { server } = await setUp(failing(200, OK));
    const gone = await startStandIn(() => undefined);
    await gone.close();
    const source = makeSource('graph', { baseUrl: gone.origin }, depsOf(secretAuth(server.origin)));
    closers.push(source.close);
    await expect(collect(source, QUESTION)).rejects.toMatchObject({
      code: 'SOURCE_NETWORK',
      retryable: true,
      message: expect.stringMatching(/127\.0\.0\.1:\d+.*ECONNREFUSED/),
    });
  });
});

describe('hosts', () => {
  it.each([
    ['http://example.org', /https/],
    ['ftp://127.0.0.1', /no URL/],
    ['nonsense', /no URL/],
    ['https://user:pw@example.org', /user or password/],
  ])('refuses baseUrl %s', (baseUrl, message) => {
    const make = () => makeSource('graph', { baseUrl }, depsOf(secretAuth('http://127.0.0.1:1')));
    expect(make).toThrow(message);
  });

  it('keeps a path of baseUrl in front', async () => {
    const { server, queries } = await setUp(failing(200, OK));
    const source = makeSource('graph', { baseUrl: `${server.origin}/proxy/` }, depsOf(secretAuth(server.origin)));
    closers.push(source.close);
    await collect(source, QUESTION);
    expect(queries()[0]?.path).toBe('/proxy/v1.0/security/runHuntingQuery');
  });
});

describe('a host that is too slow for its connection', () => {
  it.each<[string, QueryAnswer]>([
    ['sends no head', () => undefined],
    ['sends a head and no end', (response) => response.writeHead(200).write('{"Schema":')],
  ])('and %s fails as a timeout, whatever the clock says', async (_name, answer) => {
    // The deadline goes by the clock, which stands still: the connection's own limit is left.
    const clock = createManualClock(Date.now());
    const { source } = await setUp(answer, { timeoutSeconds: 1 }, 'graph', { clock });
    await expect(collect(source, QUESTION)).rejects.toMatchObject({
      code: 'SOURCE_TIMEOUT',
      retryable: true,
      message: expect.stringMatching(/^graph \(127\.0\.0\.1:\d+\) was too slow: /),
    });
  });
});

describe('check', () => {
  const run = async (answer: QueryAnswer, api = 'graph', deps: Partial<SourceDeps> = {}) => {
    const { source } = await setUp(answer, {}, api, deps);
    return source.check(new AbortController().signal);
  };

  it('goes through name, host, token, permission and a query', async () => {
    const results = await run(failing(200, OK));
    expect(results.map(({ name, ok }) => [name, ok])).toEqual([
      ['dns', true],
      ['tls', true],
      ['token', true],
      ['permission', true],
      ['query', true],
      ['clock', true],
    ]);
  });

  it('tells a clock that is wrong', async () => {
    const clock = createManualClock(Date.now() + 3 * 86_400_000);
    const results = await run(failing(200, OK), 'graph', { clock });
    expect(results.at(-1)).toMatchObject({ name: 'clock', ok: false, message: expect.stringContaining('ahead of') });
  });

  it('names the permission that the token lacks, and asks all the same', async () => {
    const server = await startStandIn((seen, response) =>
      seen.path.includes('/oauth2/') ? grantToken(seen, response, ['Other.Read']) : sendJson(response, 403, ''),
    );
    const source = makeSource('xdr', { baseUrl: server.origin }, depsOf(secretAuth(server.origin)));
    closers.push(server.close, source.close);
    const results = await source.check(new AbortController().signal);
    expect(results.filter((result) => !result.ok)).toMatchObject([
      {
        name: 'permission',
        message: 'The token lacks AdvancedHunting.Read.All.',
        fix: 'Grant AdvancedHunting.Read.All with admin consent. A new token is needed then, which takes up to an hour.',
      },
    ]);
    expect(results.find((result) => result.name === 'permission')?.message).toContain('AdvancedHunting.Read.All');
  });

  it('gives a host that answers nothing 20 seconds', async () => {
    const clock = createManualClock(Date.now());
    const silent = await startStandIn(() => undefined);
    const source = makeSource('graph', { baseUrl: silent.origin }, depsOf(secretAuth(silent.origin), { clock }));
    closers.push(silent.close, source.close);
    let over = false;
    const results = source.check(new AbortController().signal).finally(() => {
      over = true;
    });
    while (silent.seen.length === 0) await new Promise(setImmediate);
    await clock.advance(19_999);
    expect([over, silent.seen[0]?.method]).toEqual([false, 'HEAD']);
    await clock.advance(1);
    while (silent.seen.length === 1) await new Promise(setImmediate);
    await clock.advance(60_000);
    expect(await results).toMatchObject([
      { name: 'dns', ok: true },
      { name: 'tls', ok: false, message: 'The host does not answer.' },
      { name: 'login', ok: false },
    ]);
  });

  it.each([
    [401, 'token', 'SOURCE_AUTH'],
    [403, 'permission', 'SOURCE_PERMISSION'],
    [429, 'quota', 'SOURCE_THROTTLED'],
    [500, 'query', 'SOURCE_TIMEOUT'],
  ])('names what a query fails for with %d: %s', async (status, name, code) => {
    const last = (await run(failing(status, ''))).at(-1);
    expect(last).toMatchObject({ name, ok: false, subject: 'graph', message: expect.stringContaining(`${code}: `) });
  });

  it('tells a licence that is missing as a permission', async () => {
    const last = (await run(failing(403, { error: { message: 'not licensed' } }))).at(-1);
    expect(last).toMatchObject({ name: 'permission', message: expect.stringContaining('SOURCE_LICENSE: ') });
  });

  it.each([
    [60_000, true, 'agrees'],
    [-60_000, true, 'agrees'],
    [61_000, false, '1m1s ahead of'],
    [-61_000, false, '1m1s behind'],
  ])('finds a clock that is %d ms off right: %s', async (skewMs, ok, words) => {
    const clock = createManualClock(Date.parse('2026-11-21T10:00:00Z') + skewMs);
    const answer = (response: ServerResponse) => sendJson(response, 200, OK, { date: 'Sat, 21 Nov 2026 10:00:00 GMT' });
    const last = (await run(answer, 'graph', { clock })).at(-1);
    expect(last).toMatchObject({ name: 'clock', ok, subject: 'graph', message: expect.stringContaining(words) });
  });

  it('says how many rows came, and over what', async () => {
    const results = await run(failing(200, OK));
    const said = (name: string) => results.find((result) => result.name === name)?.message;
    expect(said('query')).toMatch(/^A query was answered with 3 rows in \d+ ms\.$/);
    expect(said('tls')).toBe('The host answers, without TLS.');
  });

  it('ends with a token that cannot be had', async () => {
    const server = await startStandIn((seen, response) => sendJson(response, seen.method === 'HEAD' ? 200 : 400, ''));
    const source = makeSource('graph', { baseUrl: server.origin }, depsOf(secretAuth(server.origin)));
    closers.push(server.close, source.close);
    const results = await source.check(new AbortController().signal);
    expect(results.map(({ name, ok }) => [name, ok])).toEqual([
      ['dns', true],
      ['tls', true],
      ['clock', true],
      ['token', false],
    ]);
  });

  it('leaves names to the proxy where there is one', async () => {
    const settings = { baseUrl: `https://${NO_SUCH_NAME}` };
    const checked = async (more: object) => {
      const source = makeSource('graph', { ...settings, ...more }, depsOf(secretAuth(`https://${NO_SUCH_NAME}`)));
      closers.push(source.close);
      return (await source.check(new AbortController().signal)).map(({ name, ok }) => [name, ok]);
    };
    expect(await checked({})).toEqual([
      ['dns', false],
      ['login', false],
    ]);
    expect(await checked({ proxy: new Secret('http://127.0.0.1:1') })).toEqual([
      ['dns', true],
      ['tls', false],
      ['login', false],
    ]);
  });

  it('names what a query fails for', async () => {
    const results = await run(failing(403, ''));
    expect(results.at(-1)).toMatchObject({
      name: 'permission',
      ok: false,
      message: expect.stringContaining('SOURCE_PERMISSION'),
    });
  });

  it('ends with what fails first', async () => {
    const gone = await startStandIn(() => undefined);
    await gone.close();
    const source = makeSource('graph', { baseUrl: gone.origin }, depsOf(secretAuth(gone.origin)));
    closers.push(source.close);
    const results = await source.check(new AbortController().signal);
    expect(results.map(({ name, ok }) => [name, ok])).toEqual([
      ['dns', true],
      ['tls', false],
      ['login', false],
    ]);
  });
});
