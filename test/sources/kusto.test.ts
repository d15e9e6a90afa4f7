import { afterEach, describe, expect, it } from '@jest/globals';
import type { HuntwireError } from '../../src/lib/errors.ts';
import type { AuthConfig } from '../../src/sources/auth/auth-config.ts';
import { collect, describeSource } from '../contract/source.ts';
import { askEmulator, emulatedUnderTest } from './emulated.ts';
import { depsOf, grantToken, makeSource, type Seen, secretAuth, sendJson, startStandIn } from './stand-in.ts';

const SETTINGS = { cluster: 'https://c.westeurope.kusto.windows.net/', database: 'Security' };

describeSource('kusto', () => emulatedUnderTest('kusto', SETTINGS));

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const V1 = { Tables: [{ TableName: 'Table_0', Columns: [{ ColumnName: 'A', DataType: 'SByte' }], Rows: [[1]] }] };

/** Asked once where every query is answered so; `request` is what is asked. */
async function asked(status: number, body: unknown, settings: object = SETTINGS, request: object = {}) {
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
  const source = makeSource('kusto', { baseUrl: server.origin, ...settings }, depsOf(secretAuth(server.origin)));
  closers.push(server.close, source.close);
  const rows: unknown[] = [];
  const sink = { schema: () => undefined, row: (row: unknown) => rows.push(row) };
  const signal = new AbortController().signal;
  const outcome = await source
    .query({ ruleId: 'my-rule', query: 'T', signal, ...request }, sink)
    .catch((error: unknown) => error);
  return { outcome, rows, queries, scopes };
}

it('asks the database of the cluster, reading only, for as long as it waits', async () => {
  const asOf = Date.parse('2026-11-27T10:00:00Z');
  const { rows, queries, scopes } = await asked(200, V1, { ...SETTINGS, timeoutSeconds: 3725 }, { asOf });
  expect(rows).toEqual([{ A: true }]);
  expect(queries[0]).toMatchObject({
    path: '/v2/rest/query',
    headers: { 'x-ms-app': 'huntwire', 'x-ms-readonly': 'true' },
  });
  const { db, csl, properties } = JSON.parse(queries[0]?.body ?? '');
  expect({ db, csl }).toEqual({ db: 'Security', csl: '// huntwire my-rule\nT' });
  expect(properties.Options).toMatchObject({
    servertimeout: '01:00:00',
    request_readonly_hardline: true,
    results_progressive_enabled: false,
    query_now: '2026-11-27T10:00:00.000Z',
  });
  expect(scopes).toEqual(['https://c.westeurope.kusto.windows.net/.default']);
});

const error = (code: string, message: string, permanent: boolean, innererror: object = {}) => ({
  error: { code, message: 'Request is invalid.', '@message': message, '@permanent': permanent, ...innererror },
});
const end = (message: string) => [
  {
    FrameType: 'DataTable',
    TableId: 1,
    TableKind: 'PrimaryResult',
    Columns: [{ ColumnName: 'A', ColumnType: 'int' }],
    Rows: [[1]],
  },
  { FrameType: 'DataSetCompletion', HasErrors: true, OneApiErrors: [error('LimitsExceeded', message, false)] },
];

describe('what the service says', () => {
  it.each<[string, number, unknown, string, boolean, string]>([
    [
      'a wrong query',
      400,
      error('General_BadRequest', 'x', true, {
        innererror: { code: 'SYN0002', message: 'Query could not be parsed [line:position=2:5]' },
      }),
      'SOURCE_QUERY_INVALID',
      false,
      'could not be parsed',
    ],
    [
      'a missing table',
      400,
      error('General_BadRequest', 'x', true, {
        innererror: { code: 'SEM0100', '@message': "Failed to resolve table or column expression named 'T'" },
      }),
      'SOURCE_TABLE_MISSING',
      false,
      "named 'T'",
    ],
    [
      'a missing database',
      400,
      error('BadRequest_EntityNotFound', "Database 'X' could not be found.", true),
      'SOURCE_SERVER',
      false,
      'Check the database',
    ],
    [
      'a moment',
      400,
      error('General_BadRequest', 'The cluster is starting', false),
      'SOURCE_SERVER',
      true,
      'asked again',
    ],
    [
      'a missing database, as clusters say it now',
      404,
      error('BadRequest_DatabaseNotExist', "Entity ID 'X' of kind 'Database' was not found.", true),
      'SOURCE_SERVER',
      false,
      'Check the database',
    ],
    ['too long a text', 413, error('RequestTooLarge', 'x', true), 'SOURCE_BODY_TOO_LARGE', false, 'too long'],
    ['a page of a gateway', 502, '<html><title>Bad Gateway</title></html>', 'SOURCE_TIMEOUT', true, ''],
    ['a page that stands in for it', 200, '<html>', 'SOURCE_RESPONSE_INVALID', true, 'web page'],
    ['nothing', 200, '', 'SOURCE_RESPONSE_INVALID', true, 'ends early'],
    ['no token', 401, '', 'SOURCE_AUTH', true, ''],
    [
      'no role',
      403,
      error('Forbidden', 'Principal is not authorized', true),
      'SOURCE_PERMISSION',
      false,
      'Viewer on source.database',
    ],
    ['too many queries', 429, error('TooManyRequests', 'x', false), 'SOURCE_THROTTLED', true, ''],
    ['a timeout', 504, error('Timeout', 'x', false), 'SOURCE_TIMEOUT', true, ''],
    ['its own failure', 520, error('Internal', 'x', false), 'SOURCE_SERVER', true, ''],
    [
      'too many rows',
      200,
      end('Query result set has exceeded the internal record count limit 500000 (E_QUERY_RESULT_SET_TOO_LARGE)'),
      'SOURCE_RESULT_TOO_LARGE',
      false,
      '',
    ],
    ['too much memory', 200, end('Runaway query (E_RUNAWAY_QUERY)'), 'SOURCE_LIMITS_EXCEEDED', true, ''],
    ['a part that went away', 200, end('One node failed'), 'SOURCE_SERVER', true, 'nothing of it was used'],
    ['an answer that ends early', 200, end('x').slice(0, 1), 'SOURCE_RESPONSE_INVALID', true, 'DataSetCompletion'],
  ])('of %s', async (_, status, body, code, retryable, says) => {
    const { outcome } = await asked(status, body);
    expect(outcome).toMatchObject({ code, retryable, message: expect.stringContaining(says) });
  });
});

describe('without signing in', () => {
  const none: AuthConfig = { none: true };
  const refusal = (api: string, settings: object): string => {
    try {
      makeSource(api, settings, depsOf(none));
      return '';
    } catch (thrown) {
      return (thrown as HuntwireError).message;
    }
  };

  it('asks a cluster on this machine', async () => {
    const { emulator, close } = await askEmulator('kusto', SETTINGS);
    const source = makeSource('kusto', { cluster: emulator.baseUrl, database: 'D' }, depsOf(none));
    closers.push(close, source.close);
    expect((await collect(source, { ruleId: 'r', query: 'Some' })).rows).toHaveLength(2);
    expect(emulator.tokens()).toBe(0);
    for (const result of await source.check(new AbortController().signal)) expect(result).toMatchObject({ ok: true });
  });

  it('asks one elsewhere only where that is meant, and no other API', () => {
    expect(refusal('kusto', { cluster: 'http://adx.example:8080', database: 'D' })).toContain(
      'must be asked over https',
    );
    expect(refusal('kusto', { cluster: 'https://adx.example', database: 'D' })).toContain('source.insecure');
    expect(refusal('kusto', { cluster: 'http://adx.example:8080', database: 'D', insecure: true })).toBe('');
    expect(refusal('graph', {})).toContain('graph answers nobody without a token');
  });

  it('sends a token over http to no other machine, whatever is meant', () => {
    const settings = { cluster: 'http://adx.example:8080', database: 'D', insecure: true };
    expect(() => makeSource('kusto', settings, depsOf(secretAuth('http://127.0.0.1:1')))).toThrow('over https');
  });
});

it('the stand-in tells a missing database, too many rows, and a role that is missing', async () => {
  const codeOf = async (settings: object, options: object = {}) => {
    const { source, close } = await askEmulator('kusto', { ...SETTINGS, ...settings }, options);
    closers.push(close);
    return collect(source, { ruleId: 'r', query: 'Some' }).catch((thrown: { readonly code?: string }) => thrown.code);
  };
  expect(await codeOf({ database: 'NoSuchDatabase' })).toBe('SOURCE_SERVER');
  expect(await codeOf({}, { limits: { maxRows: 1 } })).toBe('SOURCE_RESULT_TOO_LARGE');
  expect(await codeOf({}, { application: { roles: [] } })).toBe('SOURCE_PERMISSION');
});
