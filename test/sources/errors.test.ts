import { describe, expect, it } from '@jest/globals';
import { classifyAnswer } from '../../src/sources/errors.ts';
import { throttleWait } from '../../src/sources/throttle-wait.ts';

const NOW = Date.parse('2026-11-21T10:00:20Z');

const APIS = {
  graph: { api: 'graph', permission: 'ThreatHunting.Read.All', retiresOn: null },
  xdr: { api: 'xdr', permission: 'AdvancedHunting.Read.All', retiresOn: '2027-02-01' },
  mde: { api: 'mde', permission: 'AdvancedQuery.Read.All', retiresOn: '2027-02-01' },
} as const;

interface Case {
  readonly name: string;
  readonly api?: keyof typeof APIS;
  readonly status: number;
  readonly body: unknown;
  readonly retryAfter?: string;
  readonly code: string;
  readonly retryable?: boolean;
  readonly waitMs?: number;
  readonly says?: string;
}

const error = (code: string, message: string) => ({ error: { code, message, target: 'cd9f5106' } });
const graphError = (code: string, message: string) => ({
  error: { code, message, innerError: { date: '2026-09-13T10:00:00', 'request-id': 'x' } },
});
const QUOTA = 'API calls quota exceeded! maximum allowed';

const CASES: readonly Case[] = [
  {
    name: 'E1 calls a minute',
    api: 'mde',
    status: 429,
    body: error('429', `${QUOTA} 45 per 00:01:00`),
    code: 'SOURCE_THROTTLED',
    waitMs: 40_000,
  },
  {
    name: 'E2 calls an hour',
    api: 'mde',
    status: 429,
    body: error('429', `${QUOTA} 1500 per 01:00:00`),
    code: 'SOURCE_THROTTLED',
    waitMs: 3_580_000,
  },
  {
    name: 'E3 in seconds',
    api: 'mde',
    status: 429,
    body: error('429', 'You can send requests again in 8 seconds.'),
    code: 'SOURCE_THROTTLED',
    waitMs: 8000,
  },
  {
    name: 'E4 processing resources',
    status: 429,
    body: graphError(
      'TooManyRequests',
      'You have exceeded processing resources allocated to this tenant. You can run queries again in 00:05:00.',
    ),
    code: 'SOURCE_THROTTLED',
    waitMs: 300_000,
  },
  {
    name: 'E4 in minutes',
    status: 429,
    body: graphError('TooManyRequests', 'You can run queries again in 12 minutes.'),
    code: 'SOURCE_THROTTLED',
    waitMs: 720_000,
  },
  {
    name: 'E5 Retry-After',
    api: 'xdr',
    status: 429,
    body: error('TooManyRequests', ''),
    retryAfter: '33',
    code: 'SOURCE_THROTTLED',
    waitMs: 33_000,
  },
  {
    name: 'E6 message in innerError',
    status: 429,
    body: { error: { code: 'TooManyRequests', innerError: { code: '429', message: 'Please retry after' } } },
    retryAfter: '10',
    code: 'SOURCE_THROTTLED',
    waitMs: 10_000,
    says: 'Please retry after',
  },
  { name: '429 without a word', status: 429, body: '', code: 'SOURCE_THROTTLED', waitMs: 60_000 },
  {
    name: '429 as a web page',
    status: 429,
    body: '<html><title>Too many</title></html>',
    code: 'SOURCE_THROTTLED',
    waitMs: 60_000,
    says: 'Too many',
  },
  {
    name: 'E7 syntax',
    status: 400,
    body: graphError('BadRequest', 'x. Fix syntax errors in your query'),
    code: 'SOURCE_QUERY_INVALID',
    retryable: false,
  },
  {
    name: 'E7 recognition',
    api: 'mde',
    status: 400,
    body: error('BadRequest', 'A recognition error occurred.'),
    code: 'SOURCE_QUERY_INVALID',
  },
  {
    name: 'E8 semantic',
    status: 400,
    body: graphError(
      'BadRequest',
      "'project' operator: Failed to resolve scalar expression named 'X'. Fix semantic errors in your query.",
    ),
    code: 'SOURCE_QUERY_INVALID',
  },
  {
    name: 'E9 table',
    status: 400,
    body: graphError(
      'BadRequest',
      "'where' operator: Failed to resolve table or column expression named 'EmailEvents'. Fix semantic errors in your query.",
    ),
    code: 'SOURCE_TABLE_MISSING',
    retryable: false,
  },
  {
    name: 'E10 result size',
    api: 'mde',
    status: 400,
    body: error(
      'BadRequest',
      'Query execution has exceeded the allowed result size. Optimize your query by limiting the number of results and try again',
    ),
    code: 'SOURCE_RESULT_TOO_LARGE',
    retryable: false,
  },
  {
    name: 'E11 preempted',
    status: 400,
    body: graphError(
      'BadRequest',
      'Query execution has exceeded the allowed limits. The query execution was preempted.',
    ),
    code: 'SOURCE_LIMITS_EXCEEDED',
    retryable: true,
  },
  {
    name: 'E12 no query',
    api: 'mde',
    status: 400,
    body: error('InvalidRequestBody', 'Missing query.'),
    code: 'SOURCE_QUERY_INVALID',
  },
  { name: 'E13 token', api: 'mde', status: 401, body: error('Unauthorized', ''), code: 'SOURCE_AUTH', retryable: true },
  {
    name: 'E13 licence',
    api: 'mde',
    status: 401,
    body: error('Unauthorized', 'Unauthorized request - reason of failure: No Tvm license'),
    code: 'SOURCE_LICENSE',
    retryable: false,
  },
  {
    name: 'E13 account mode',
    api: 'mde',
    status: 401,
    body: error('Unauthorized', 'Unauthorized request - reason of failure: Account mode is inactive'),
    code: 'SOURCE_LICENSE',
  },
  {
    name: 'E13 not provisioned',
    api: 'mde',
    status: 403,
    body: error('Forbidden', 'Account is not provisioned'),
    code: 'SOURCE_LICENSE',
  },
  {
    name: 'E14 expired token',
    status: 401,
    body: graphError('InvalidAuthenticationToken', 'Lifetime validation failed, the token is expired.'),
    code: 'SOURCE_AUTH',
    says: 'Lifetime validation failed',
  },
  {
    name: 'E15 role',
    status: 403,
    body: graphError(
      'Forbidden',
      'Missing application roles. API required roles: ThreatHunting.Read.All, application roles: Policy.Read.All,User.Read.All.',
    ),
    code: 'SOURCE_PERMISSION',
    retryable: false,
    says: 'Grant the application ThreatHunting.Read.All with',
  },
  {
    name: 'E16 older wording',
    api: 'mde',
    status: 403,
    body: error(
      'Forbidden',
      'The application does not have any of the required application permissions (AdvancedQuery.Read.All) to access the resource.',
    ),
    code: 'SOURCE_PERMISSION',
    says: 'Grant the application AdvancedQuery.Read.All with',
  },
  {
    name: '403 without a word',
    api: 'xdr',
    status: 403,
    body: '',
    code: 'SOURCE_PERMISSION',
    says: 'AdvancedHunting.Read.All',
  },
  {
    name: 'E17 not licensed',
    status: 403,
    body: graphError('Forbidden', 'The tenant is not licensed for Defender'),
    code: 'SOURCE_LICENSE',
  },
  {
    name: 'E18 disabled feature',
    api: 'xdr',
    status: 403,
    body: error('DisabledFeature', 'Tenant feature is not enabled'),
    code: 'SOURCE_PERMISSION',
    says: 'DisabledFeature',
  },
  {
    name: 'E19 gone',
    api: 'mde',
    status: 404,
    body: error('NotFound', ''),
    code: 'SOURCE_RETIRED',
    retryable: false,
    says: 'graph',
  },
  { name: 'E19 gone for good', api: 'xdr', status: 410, body: '', code: 'SOURCE_RETIRED' },
  {
    name: 'E19 wrong path of graph',
    status: 404,
    body: graphError('NotFound', 'x'),
    code: 'SOURCE_SERVER',
    retryable: false,
    says: 'source.baseUrl',
  },
  {
    name: 'E19 unknown segment',
    status: 400,
    body: graphError('BadRequest', "Resource not found for the segment 'runHuntingQuery'."),
    code: 'SOURCE_SERVER',
    retryable: false,
  },
  {
    name: 'E20 heavy, 504',
    status: 504,
    body: graphError('UnknownError', ''),
    code: 'SOURCE_TIMEOUT',
    retryable: true,
  },
  { name: 'E20 heavy, 500', status: 500, body: graphError('UnknownError', ''), code: 'SOURCE_TIMEOUT' },
  { name: 'E20 empty body', status: 504, body: '', code: 'SOURCE_TIMEOUT' },
  {
    name: 'E21 gateway page',
    status: 502,
    body: '<html><head><title>502 Bad Gateway</title></head></html>',
    code: 'SOURCE_TIMEOUT',
    says: '502 Bad Gateway',
  },
  {
    name: 'E21 too long',
    status: 413,
    body: '<html><title>413 Request Entity Too Large</title></html>',
    code: 'SOURCE_BODY_TOO_LARGE',
    retryable: false,
  },
  { name: 'URI too long', status: 414, body: '', code: 'SOURCE_BODY_TOO_LARGE' },
  {
    name: 'E22 server error',
    api: 'mde',
    status: 500,
    body: error('InternalServerError', ''),
    code: 'SOURCE_SERVER',
    retryable: true,
  },
  {
    name: 'server error with text',
    status: 500,
    body: graphError('generalException', 'boom'),
    code: 'SOURCE_SERVER',
    says: 'boom',
  },
  {
    name: '503 with a wait',
    status: 503,
    body: graphError('ServiceUnavailable', 'busy'),
    retryAfter: '5',
    code: 'SOURCE_SERVER',
    waitMs: 5000,
  },
  {
    name: 'E23 timeout',
    api: 'xdr',
    status: 400,
    body: error('BadRequest', 'Query exceeded the timeout period.'),
    code: 'SOURCE_TIMEOUT',
  },
  {
    name: 'E23 result size',
    api: 'xdr',
    status: 400,
    body: error('BadRequest', 'Result size limit exceeded. Use "summarize"'),
    code: 'SOURCE_RESULT_TOO_LARGE',
  },
  {
    name: 'E23 resources',
    api: 'xdr',
    status: 400,
    body: error('BadRequest', 'Query stopped due to excessive resource consumption.'),
    code: 'SOURCE_LIMITS_EXCEEDED',
  },
  {
    name: 'E23 operator',
    api: 'xdr',
    status: 400,
    body: error('BadRequest', 'Query stopped. Adjust use of the join operator'),
    code: 'SOURCE_LIMITS_EXCEEDED',
  },
  {
    name: 'E23 unexpected',
    api: 'xdr',
    status: 400,
    body: error(
      'BadRequest',
      'An unexpected error occurred during query execution. Please try again in a few minutes.',
    ),
    code: 'SOURCE_SERVER',
    retryable: true,
  },
  {
    name: 'E23 query size',
    api: 'xdr',
    status: 400,
    body: error('BadRequest', 'The query cannot run because it exceeds the allowed size limit when processed.'),
    code: 'SOURCE_BODY_TOO_LARGE',
  },
  {
    name: 'E24 portal shape',
    status: 400,
    body: { ErrorCode: 1, ErrorMessage: 'x', RecommendedAction: 'Fix semantic errors in your query' },
    code: 'SOURCE_QUERY_INVALID',
    says: 'x Fix semantic',
  },
  { name: 'redirect', status: 302, body: '', code: 'SOURCE_SERVER', retryable: false },
  { name: '408', status: 408, body: '', code: 'SOURCE_TIMEOUT' },
];

/** Whether the same question may be asked again; of SOURCE_SERVER both occur. */
const RETRYABLE: Readonly<Record<string, boolean>> = {
  SOURCE_THROTTLED: true,
  SOURCE_AUTH: true,
  SOURCE_LIMITS_EXCEEDED: true,
  SOURCE_TIMEOUT: true,
  SOURCE_LICENSE: false,
  SOURCE_PERMISSION: false,
  SOURCE_BODY_TOO_LARGE: false,
  SOURCE_RETIRED: false,
  SOURCE_RESULT_TOO_LARGE: false,
  SOURCE_TABLE_MISSING: false,
  SOURCE_QUERY_INVALID: false,
};

function classify(one: Case) {
  const body = typeof one.body === 'string' ? one.body : JSON.stringify(one.body);
  return classifyAnswer(
    { status: one.status, body, retryAfter: one.retryAfter ?? null, now: NOW },
    APIS[one.api ?? 'graph'],
  );
}

describe('classifyAnswer', () => {
  it.each(CASES)('$name', (one) => {
    const found = classify(one);
    expect(found.code).toBe(one.code);
    expect(found.message).not.toBe('');
    expect(found.retryable).toBe(one.retryable ?? RETRYABLE[one.code] ?? true);
    if (one.waitMs !== undefined) expect(found.retryAfterMs).toBe(one.waitMs);
    if (one.says !== undefined) expect(found.message).toContain(one.says);
  });

  it('keeps the service’s own text for errors in the query, so that positions can be mapped', () => {
    const text = "A recognition error occurred. Token: '|'. Line: 3, Position: 5.";
    expect(classify({ name: '', status: 400, body: error('BadRequest', text), code: '' }).message).toBe(text);
  });

  it('knows a text by its status, too', () => {
    const codeOf = (status: number, text: string, api: Case['api'] = 'graph') =>
      classify({ name: '', api, status, body: error('', text), code: '' }).code;
    expect([400, 401, 403, 500].map((status) => codeOf(status, 'not licensed'))).toEqual([
      'SOURCE_QUERY_INVALID',
      'SOURCE_LICENSE',
      'SOURCE_LICENSE',
      'SOURCE_SERVER',
    ]);
    const missing = "Failed to resolve table 'T'";
    expect([400, 422, 500].map((status) => codeOf(status, missing))).toEqual([
      'SOURCE_TABLE_MISSING',
      'SOURCE_QUERY_INVALID',
      'SOURCE_QUERY_INVALID',
    ]);
    const segment = 'Resource not found for the segment';
    expect([400, 500].map((status) => codeOf(status, segment))).toEqual(['SOURCE_SERVER', 'SOURCE_SERVER']);
    expect([404, 405, 410].map((status) => codeOf(status, 'x'))).toEqual(Array(3).fill('SOURCE_SERVER'));
    expect([404, 405, 410].map((status) => codeOf(status, 'x', 'mde'))).toEqual([
      'SOURCE_RETIRED',
      'SOURCE_SERVER',
      'SOURCE_RETIRED',
    ]);
    expect([400, 409, 422].map((status) => codeOf(status, 'x'))).toEqual([
      'SOURCE_QUERY_INVALID',
      'SOURCE_SERVER',
      'SOURCE_QUERY_INVALID',
    ]);
    const retryable = (status: number, body: unknown) => classify({ name: '', status, body, code: '' }).retryable;
    expect([405, 409, 499, 500, 503].map((status) => retryable(status, error('', 'x')))).toEqual([
      false,
      false,
      false,
      true,
      true,
    ]);
  });

  it('takes a gateway page for a timeout, and other words of a gateway for a server that is down', () => {
    const codeOf = (status: number, body: unknown) => classify({ name: '', status, body, code: '' }).code;
    expect([502, 503].map((status) => codeOf(status, '<html>x</html>'))).toEqual(['SOURCE_TIMEOUT', 'SOURCE_SERVER']);
    expect(codeOf(502, 'plain')).toBe('SOURCE_SERVER');
    expect([500, 503].map((status) => codeOf(status, ''))).toEqual(['SOURCE_TIMEOUT', 'SOURCE_SERVER']);
  });

  it('tells the wait only where the question may be asked again', () => {
    const waitOf = (status: number) =>
      classify({ name: '', status, body: error('', 'x'), retryAfter: '5', code: '' }).retryAfterMs;
    expect([503, 504, 400, 403].map(waitOf)).toEqual([5000, 5000, null, null]);
    expect(classify({ name: '', status: 503, body: '', code: '' }).retryAfterMs).toBeNull();
  });

  it('names the permission that is asked for, and a code once', () => {
    const messageOf = (status: number, code: string, text: string) =>
      classify({ name: '', api: 'mde', status, body: error(code, text), code: '' }).message;
    expect(messageOf(403, 'Forbidden', 'API required roles: Other.Read.All.')).toContain(
      'application Other.Read.All with',
    );
    expect(messageOf(403, '', 'required application permissions (One.Read, Two.Read)')).toContain(
      'application One.Read, Two.Read with',
    );
    expect(messageOf(403, '', 'x')).toContain('application AdvancedQuery.Read.All with');
    expect(messageOf(429, '429', 'x')).toMatch(/^mde answered 429: x /);
    expect(messageOf(429, 'Z'.repeat(100), '')).toMatch(/^mde answered 429 Z{64} without a reason\. /);
    expect(messageOf(400, '', '')).toBe('mde refused the query with 400 and no reason.');
  });

  it('says API, status and code for all else', () => {
    const message = classify({
      name: '',
      api: 'xdr',
      status: 429,
      body: error('TooManyRequests', 'slow down'),
      code: '',
    }).message;
    expect(message).toMatch(/^xdr answered 429 TooManyRequests: slow down /);
  });

  it('says what to do within what a state keeps of a message, however long the text of the service is', () => {
    const body = error('Forbidden', 'Missing roles. '.repeat(1000));
    const { message } = classify({ name: '', status: 403, body, code: '' });
    expect(message.slice(0, 1000)).toMatch(
      /Grant the application .+ a new token is needed then, which takes up to an hour\.$/,
    );
  });

  it('cuts long texts to 1 kB', () => {
    const { message } = classify({ name: '', status: 400, body: error('BadRequest', 'é'.repeat(5000)), code: '' });
    expect(Buffer.byteLength(message)).toBe(1024);
  });

  it('reads members in any case and ignores bodies of other shapes', () => {
    expect(
      classify({ name: '', status: 400, body: { ERROR: { Message: 'Failed to resolve table' } }, code: '' }).code,
    ).toBe('SOURCE_TABLE_MISSING');
    for (const body of ['[]', 'null', '{"error":7}', '{"error":{"message":{}}}', '<', '{']) {
      expect(classify({ name: '', status: 503, body, code: '' }).code).toBe('SOURCE_SERVER');
    }
  });
});

describe('members of several spellings', () => {
  it('are read by the first of them', () => {
    const body = '{"error":{"message":"one","MESSAGE":"two"}}';
    expect(classify({ name: '', status: 503, body, code: '' }).message).toContain('503: one It');
  });
});

describe('throttleWait', () => {
  it.each([
    [null, '', 60_000],
    ['Sat, 21 Nov 2026 10:01:20 GMT', '', 60_000],
    ['Sat, 21 Nov 2026 09:00:00 GMT', '', 1000],
    ['0', '', 1000],
    ['10', 'again in 30 seconds', 30_000],
    ['soon', 'again in 1 minute', 60_000],
    [null, 'again in 2 hours', 7_200_000],
    [null, 'in 1.00:00:01 and more', 86_400_000],
    ['999999999', '', 86_400_000],
    [null, 'per 00:00:00', 60_000],
    [null, '1500 per 01:00:00. You can send requests again in 300 seconds.', 300_000],
  ])('Retry-After %s, text "%s": %d ms', (retryAfter, text, expected) => {
    expect(throttleWait({ retryAfter, text, now: NOW })).toBe(expected);
  });
});
