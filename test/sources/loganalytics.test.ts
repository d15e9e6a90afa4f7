import { afterEach, describe, expect, it } from '@jest/globals';
import type { QueryRequest } from '../../src/sources/source.ts';
import { collect, describeSource } from '../contract/source.ts';
import { askEmulator, emulatedUnderTest } from './emulated.ts';
import { depsOf, grantToken, makeSource, type Seen, secretAuth, sendJson, startStandIn } from './stand-in.ts';

const WORKSPACE = '12345678-1234-1234-1234-1234567890ab';
const OTHER = '87654321-4321-4321-4321-ba0987654321';
const SETTINGS = { workspaces: [WORKSPACE] };
const QUESTION = { ruleId: 'my-rule', query: 'Some' };

describeSource('loganalytics', () => emulatedUnderTest('loganalytics', SETTINGS));

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Asked once where every query is answered so. */
async function asked(status: number, body: unknown, settings: object = SETTINGS, more: Partial<QueryRequest> = {}) {
  const queries: Seen[] = [];
  const scopes: (string | null)[] = [];
  const server = await startStandIn((seen, response) => {
    if (seen.path.includes('/oauth2/')) {
      scopes.push(new URLSearchParams(seen.body).get('scope'));
      return grantToken(seen, response, []);
    }
    queries.push(seen);
    return sendJson(response, status, body);
  });
  const source = makeSource('loganalytics', { baseUrl: server.origin, ...settings }, depsOf(secretAuth(server.origin)));
  closers.push(server.close, source.close);
  const outcome = await collect(source, { ...QUESTION, ...more }).catch((error: unknown) => error);
  return { outcome, queries, scopes };
}

const TABLES = { tables: [{ name: 'PrimaryResult', columns: [{ name: 'A', type: 'long' }], rows: [[1]] }] };

describe('a question to a workspace', () => {
  it('names it in the path, and how long it waits', async () => {
    const { queries, scopes, outcome } = await asked(200, TABLES);
    expect(outcome).toMatchObject({ rows: [{ A: 1 }], end: { rows: 1 } });
    expect(queries[0]).toMatchObject({ method: 'POST', path: `/v1/workspaces/${WORKSPACE}/query` });
    expect(queries[0]?.headers).toMatchObject({
      prefer: 'wait=20, include-statistics=true',
      'content-type': 'application/json; charset=utf-8',
    });
    expect(JSON.parse(queries[0]?.body ?? '')).toEqual({ query: '// huntwire my-rule\nSome' });
    expect(scopes).toEqual(['https://api.loganalytics.io/.default']);
  });

  it('names the others beside the query, and has the scope of its cloud', async () => {
    const { queries, scopes } = await asked(200, TABLES, { workspaces: [WORKSPACE, OTHER], cloud: 'gcchigh' });
    expect(JSON.parse(queries[0]?.body ?? '')).toMatchObject({ workspaces: [OTHER] });
    expect(scopes).toEqual(['https://api.loganalytics.us/.default']);
  });

  it('says which time can matter, where that is known', async () => {
    const [from, to] = [Date.parse('2026-11-27T10:00:00Z'), Date.parse('2026-11-30T10:00:00Z')];
    const { queries } = await asked(200, TABLES, SETTINGS, { range: { from, to } });
    const { timespan } = JSON.parse(queries[0]?.body ?? '');
    expect(timespan).toBe('2026-11-27T10:00:00.000Z/2026-11-30T10:00:00.000Z');
  });

  it('waits no longer than the service can', async () => {
    const { queries } = await asked(200, TABLES, { ...SETTINGS, timeoutSeconds: 900 });
    expect(queries[0]?.headers.prefer).toBe('wait=600, include-statistics=true');
  });
});

const invalid = (code: string, message: string) => ({
  error: {
    message: 'The request had some invalid properties',
    code: 'BadArgumentError',
    innererror: { code, message: 'An error occurred in the query.', innererror: { code: 'SEM0100', message } },
  },
});
const partial = (message: string) => ({
  ...TABLES,
  error: {
    code: 'PartialError',
    message: 'There were some errors.',
    details: [{ code: 'EngineError', message: 'x', innererror: { code: '1', message } }],
  },
});

describe('what the service says', () => {
  it.each<[string, number, unknown, string, boolean, string]>([
    [
      'syntax',
      400,
      invalid('SyntaxError', 'Query could not be parsed at x'),
      'SOURCE_QUERY_INVALID',
      false,
      'could not be parsed',
    ],
    [
      'a missing table',
      400,
      invalid('SemanticError', "'where' operator: Failed to resolve table or column expression named 'T'"),
      'SOURCE_TABLE_MISSING',
      false,
      "named 'T'",
    ],
    [
      'no token',
      401,
      { error: { code: 'AuthenticationFailed', message: 'Authentication failed' } },
      'SOURCE_AUTH',
      true,
      'Check the credentials',
    ],
    [
      'a token that it does not take',
      403,
      { error: { code: 'InvalidAuthenticationToken', message: 'x' } },
      'SOURCE_AUTH',
      true,
      'scope and cloud',
    ],
    [
      'no role',
      403,
      {
        error: {
          code: 'InsufficientAccessError',
          message: 'x',
          innererror: { code: 'UnauthorizedClient', message: 'y' },
        },
      },
      'SOURCE_PERMISSION',
      false,
      'role Log Analytics Reader',
    ],
    [
      'a wrong path',
      404,
      { error: { code: 'PathNotFoundError', message: 'The requested path does not exist' } },
      'SOURCE_SERVER',
      false,
      'source.baseUrl',
    ],
    [
      'no such workspace',
      400,
      { error: { code: 'FailedToResolveResource', message: 'x' } },
      'SOURCE_SERVER',
      false,
      'check source.workspaces',
    ],
    ['too many calls', 429, { error: { code: 'ThrottledError', message: 'x' } }, 'SOURCE_THROTTLED', true, ''],
    ['a timeout', 504, { error: { code: 'GatewayTimeout', message: 'x' } }, 'SOURCE_TIMEOUT', true, ''],
    ['nothing at all', 200, '', 'SOURCE_RESPONSE_INVALID', true, 'ends early'],
    [
      'too many rows',
      200,
      partial('has exceeded the internal record count limit (E_QUERY_RESULT_SET_TOO_LARGE)'),
      'SOURCE_RESULT_TOO_LARGE',
      false,
      '',
    ],
    ['too much memory', 200, partial('E_RUNAWAY_QUERY: x'), 'SOURCE_LIMITS_EXCEEDED', true, ''],
    ['a part of the rows', 200, partial('a node went away'), 'SOURCE_SERVER', true, 'nothing of it was used'],
  ])('of %s', async (_, status, body, code, retryable, says) => {
    const { outcome } = await asked(status, body);
    expect(outcome).toMatchObject({ code, retryable, message: expect.stringContaining(says) });
  });

  it('204 of a workspace without data is no row', async () => {
    const { outcome } = await asked(204, '');
    expect(outcome).toMatchObject({ columns: [], rows: [], end: { rows: 0, truncated: false, bytes: 0 } });
  });
});

describe('the stand-in as a workspace', () => {
  const codeOf = async (query: string, settings: object = SETTINGS, options: object = {}) => {
    const { source, close } = await askEmulator('loganalytics', settings, options);
    closers.push(close);
    const sink = { schema: () => undefined, row: () => undefined };
    const signal = new AbortController().signal;
    return source.query({ ruleId: 'r', query, signal }, sink).then(
      () => 'answered',
      (error: { readonly code?: string }) => error.code,
    );
  };

  it.each([
    ['Bad |', 'SOURCE_QUERY_INVALID'],
    ['Some // emu:too-large', 'SOURCE_RESULT_TOO_LARGE'],
    ['Some // emu:timeout', 'SOURCE_TIMEOUT'],
    ['Some // emu:throttle-minute', 'SOURCE_THROTTLED'],
    ['Some // emu:truncated-json', 'SOURCE_RESPONSE_INVALID'],
    ['Some // emu:html', 'SOURCE_RESPONSE_INVALID'],
  ])('answers %s with what means %s', async (query, code) => {
    expect(await codeOf(query)).toBe(code);
  });

  it('tells too many rows, an unknown workspace, and a lack of access', async () => {
    expect(await codeOf('Some', SETTINGS, { limits: { maxRows: 1 } })).toBe('SOURCE_RESULT_TOO_LARGE');
    expect(await codeOf('Some', { workspaces: ['00000000-0000-0000-0000-000000000000'] })).toBe('SOURCE_SERVER');
    expect(await codeOf('Some', SETTINGS, { application: { roles: [] } })).toBe('SOURCE_PERMISSION');
  });

  it('lets doctor name the role that is missing', async () => {
    const { source, close } = await askEmulator('loganalytics', SETTINGS, { application: { roles: [] } });
    closers.push(close);
    const failed = (await source.check(new AbortController().signal)).filter(({ ok }) => !ok);
    expect(failed).toMatchObject([{ name: 'permission', fix: expect.stringContaining('Log Analytics Reader') }]);
  });
});
