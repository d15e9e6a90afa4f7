import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Action } from '../../src/actions/action.ts';
import { ACTIONS } from '../../src/actions/registry.ts';
import { createHttpApp } from '../../src/http/http-app.ts';
import { createManualClock } from '../../src/lib/clock.ts';
import { type ErrorCode, HuntwireError } from '../../src/lib/errors.ts';
import { silentLog } from '../../src/lib/log.ts';
import { Secret } from '../../src/lib/secret.ts';

const TOKENS = [
  { name: 'reader', token: new Secret('reader-0123456789'), scopes: ['read'] },
  { name: 'soar', token: new Secret('soar-0123456789ab'), scopes: ['read', 'run', 'write'] },
] as const;

function openDoor(outcome: (action: Action, input: unknown, by: string) => unknown = () => ({ done: true })) {
  const asked: unknown[] = [];
  const told: unknown[] = [];
  const note = (message: string, fields: object = {}) => void told.push({ message, ...fields });
  const clock = createManualClock(0);
  const app = createHttpApp({
    host: '0.0.0.0',
    basePath: '/',
    tokens: TOKENS,
    pulse: { silent: () => [] },
    health: async () => ({ rules: [], targets: [], waiting: [] }),
    metrics: { contentType: 'text/plain', text: async () => '' },
    perform: async (action, input, { by }) => {
      asked.push({ slug: action.slug, input, by });
      return outcome(action, input, by);
    },
    clock,
    described: { version: '1.2.3', alert: {} },
    log: { ...silentLog, warn: note, info: note },
  });
  const call = async (path: string, init: RequestInit & { readonly token?: string } = {}) => {
    const { token = 'soar-0123456789ab', ...rest } = init;
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...init.headers };
    const answer = await app.request(path, { ...rest, headers: headers as Record<string, string> });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json') === true;
    return { status: answer.status, headers: answer.headers, text, body: isJson ? JSON.parse(text) : null };
  };
  const post = (slug: string, body: string, init: RequestInit & { readonly token?: string } = {}) =>
    call(`/v1/actions/${slug}`, { method: 'POST', body, ...init });
  return { asked, told, clock, call, post };
}

describe('an action over HTTP', () => {
  it('is done with the body as its input, and answers what came of it', async () => {
    const { asked, post } = openDoor();
    const { status, body, headers } = await post('acknowledge_alert', '{"id": "a"}');
    expect([status, body, headers.get('cache-control')]).toEqual([200, { done: true }, 'no-store']);
    expect(asked).toEqual([{ slug: 'acknowledge_alert', input: { id: 'a' }, by: 'soar' }]);
  });

  it('needs no body where nothing is to be said', async () => {
    const { asked, call } = openDoor();
    expect((await call('/v1/actions/list_rules', { method: 'POST', headers: {} })).status).toBe(200);
    expect(asked).toEqual([{ slug: 'list_rules', input: {}, by: 'soar' }]);
  });

  it('takes the parameters of an address where it is a list', async () => {
    const { asked, call } = openDoor();
    await call('/v1/alerts?cursor=abc&limit=5&severities=high,critical', { token: 'reader-0123456789' });
    await call('/v1/rules?tenant=acme');
    expect(asked).toEqual([
      { slug: 'list_alerts', input: { cursor: 'abc', limit: 5, severities: ['high', 'critical'] }, by: 'reader' },
      { slug: 'list_rules', input: { tenant: 'acme' }, by: 'soar' },
    ]);
  });

  it.each([...ACTIONS.values()].map(({ slug, scope }) => [slug, scope]))(
    '%s needs the scope %s',
    async (slug, scope) => {
      const { asked, post } = openDoor();
      expect((await post(slug, '{}', { token: 'reader-0123456789' })).status).toBe(scope === 'read' ? 200 : 403);
      expect(asked).toHaveLength(scope === 'read' ? 1 : 0);
    },
  );
});

describe('who asks wrongly', () => {
  it.each([
    ['no token', { headers: { authorization: '' } }],
    ['an unknown token', { token: 'soar-0123456789ac' }],
    ['a token and more', { token: 'soar-0123456789abc' }],
    ['another scheme', { headers: { authorization: 'Basic soar-0123456789ab' } }],
  ])('with %s learns nothing, not even which actions there are', async (_, init) => {
    const { asked, told, post } = openDoor();
    const answers = [await post('list_rules', '{}', init), await post('no_such_action', '{}', init)];
    expect(answers.map(({ status, text }) => [status, text])).toEqual([
      [401, answers[0]?.text],
      [401, answers[0]?.text],
    ]);
    expect(answers[0]?.headers.get('www-authenticate')).toBe('Bearer');
    expect([asked, JSON.stringify(told)]).toEqual([[], expect.not.stringContaining('0123456789')]);
  });

  it.each([
    ['an action that is not there', 404, 'no_such_action', '{}', {}],
    ['an action by the name of something else', 404, '__proto__', '{}', {}],
    ['a path', 404, '..%2f..%2fetc%2fpasswd', '{}', {}],
    ['no JSON', 400, 'list_rules', '{', {}],
    ['too deep a JSON', 400, 'list_rules', '['.repeat(100_000), {}],
    ['another content type', 400, 'list_rules', '{}', { headers: { 'content-type': 'text/plain' } }],
    ['a form', 400, 'list_rules', 'id=1', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    ['too large a body', 413, 'list_rules', JSON.stringify({ x: 'x'.repeat(300_000) }), {}],
    ['another method', 405, 'list_rules', '{}', { method: 'PUT' }],
  ])('with %s is told so', async (_, status, slug, body, init) => {
    const { asked, post } = openDoor();
    const answer = await post(slug, body, init);
    expect(answer).toMatchObject({
      status,
      body: { error: { code: expect.any(String), message: expect.any(String) } },
    });
    expect(asked).toEqual([]);
  });

  it('too often is asked to wait, by token', async () => {
    const { call, clock } = openDoor();
    const statuses = new Set<number>();
    for (let count = 0; count < 61; count += 1) statuses.add((await call('/v1/rules')).status);
    const refused = await call('/v1/rules');
    expect([...statuses, refused.status, refused.headers.get('retry-after')]).toEqual([200, 429, 429, '1']);
    expect((await call('/v1/rules', { token: 'reader-0123456789' })).status).toBe(200);
    await clock.advance(200);
    expect((await call('/v1/rules')).status).toBe(200);
  });

  it('too often with a wrong token is not heard any more for a while, right or wrong', async () => {
    const { call, clock, told } = openDoor();
    const wrong = { token: 'guess-0123456789ab' };
    for (let count = 0; count < 20; count += 1) expect((await call('/v1/rules', wrong)).status).toBe(401);
    expect([(await call('/v1/rules', wrong)).status, (await call('/v1/rules')).status]).toEqual([429, 429]);
    expect(told).toEqual([expect.objectContaining({ address: 'unknown', path: '/v1/rules' })]);
    await clock.advance(3001);
    expect((await call('/v1/rules')).status).toBe(200);
  });
});

describe('a wrong token that is tried elsewhere', () => {
  it.each(['/metrics', '/livez', '/readyz'])('counts at %s, too, as does asking without one nowhere', async (path) => {
    const { call } = openDoor();
    const status = async (at: string, authorization: string) => (await call(at, { headers: { authorization } })).status;
    for (let count = 0; count < 30; count += 1) await status('/livez', '');
    expect(await status('/v1/rules', RIGHT)).toBe(200);
    for (let count = 0; count < 20; count += 1) await status(path, `Bearer guess-${count}-0123456789ab`);
    expect([await status('/metrics', RIGHT), await status('/v1/rules', RIGHT)]).toEqual([401, 429]);
    expect(await status('/livez', RIGHT)).toBe(200);
  });
});

const RIGHT = 'Bearer soar-0123456789ab';

describe('an action that fails', () => {
  it.each([
    ['USAGE', 400],
    ['NOT_FOUND', 404],
    ['ACTION_BUSY', 409],
    ['STATE_LOCKED', 409],
    ['KQL_SYNTAX', 422],
    ['SOURCE_QUOTA', 429],
    ['INTERNAL', 500],
    ['ACTION_NOT_OFFERED', 501],
    ['SOURCE_AUTH', 502],
    ['STATE_FULL', 503],
    ['ABORTED', 503],
    ['SOURCE_TIMEOUT', 504],
  ] satisfies readonly (readonly [ErrorCode, number])[])('with %s is %i', async (code, status) => {
    const { post } = openDoor(() => Promise.reject(new HuntwireError(code, 'why', { retryAfterMs: 1500 })));
    const answer = await post('list_rules', '{}');
    expect([answer.status, answer.body.error.code, answer.headers.get('retry-after')]).toEqual([status, code, '2']);
  });

  it('tells callers nothing of files of this machine', async () => {
    const { post, told } = openDoor(() => Promise.reject(new HuntwireError('STATE_FAILED', '/secret/place is gone')));
    expect((await post('list_rules', '{}')).text).not.toContain('/secret');
    expect(told).toEqual([expect.objectContaining({ action: 'list_rules', reason: '/secret/place is gone' })]);
  });
});

describe('whatever is sent', () => {
  it.each([undefined, '9'])('may break off in the middle, and is nothing for the log (length %s)', async (length) => {
    const { call, told, asked } = openDoor();
    const stream = new ReadableStream({ pull: (controller) => controller.error(new Error('aborted')) });
    const headers = length === undefined ? {} : { 'content-length': length };
    const init = { method: 'POST', body: stream, duplex: 'half', headers } as RequestInit;
    const { status, body } = await call('/v1/actions/list_rules', init);
    expect([status, body.error.code, told, asked]).toEqual([400, 'USAGE', [], []]);
  });

  it('is answered in the form of our failures, and never by a crash', async () => {
    const { call } = openDoor(() => Promise.reject(new HuntwireError('USAGE', 'wrong')));
    const anything = fc.record({
      path: fc.oneof(fc.webPath(), fc.constant('/v1/actions/list_rules'), fc.constant('/v1/alerts')),
      query: fc.webQueryParameters(),
      method: fc.constantFrom('GET', 'POST', 'DELETE'),
      body: fc.string(),
    });
    await fc.assert(
      fc.asyncProperty(anything, async ({ path, query, method, body }) => {
        const answer = await call(`${path || '/'}?${query}`, { method, ...(method !== 'GET' && { body }) });
        expect([400, 401, 404, 405, 429]).toContain(answer.status);
        expect(answer.body.error.code).toEqual(expect.any(String));
      }),
      { numRuns: 50 },
    );
  });
});
