import type { Answer, EmulatedApi } from './answer.ts';
import { encodeFrames } from './workspaces/encode-kusto.ts';
import { kustoError } from './workspaces/kusto-errors.ts';
import { partialAnswer, RECORD_LIMIT, workspaceError } from './workspaces/workspace-errors.ts';

/** An HTTP answer, ready to be sent. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RefusalContext {
  readonly api: EmulatedApi;
  readonly requestId: string;
  readonly now: number;
}

type ErrorOf = (context: RefusalContext, code: string, message: string) => object;

const legacyError: ErrorOf = ({ requestId }, code, message) => ({ code, message, target: requestId });

const ERRORS: Readonly<Record<EmulatedApi, ErrorOf>> = {
  graph: ({ now, requestId }, code, message) => {
    const date = new Date(now).toISOString().slice(0, 19);
    return { code, message, innerError: { date, 'request-id': requestId, 'client-request-id': requestId } };
  },
  xdr: legacyError,
  mde: legacyError,
  loganalytics: workspaceError,
  kusto: kustoError,
  lake: kustoError,
};

/** An error body in the API's own envelope. */
export function refuse(
  context: RefusalContext,
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const error = ERRORS[context.api](context, code, message);
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ error }) };
}

export function refuseHtml(status: number, title: string): Reply {
  const body = `<html>\r\n<head><title>${status} ${title}</title></head>\r\n<body>\r\n<center><h1>${status} ${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
  return { status, headers: { 'content-type': 'text/html' }, body };
}

export const REQUIRED_ROLES: Readonly<Record<EmulatedApi, string>> = {
  graph: 'ThreatHunting.Read.All',
  xdr: 'AdvancedHunting.Read.All',
  mde: 'AdvancedQuery.Read.All',
  loganalytics: 'Data.Read',
  kusto: 'Database Viewer',
  lake: 'Data.Read',
};

const UNAUTHORIZED: Partial<Record<EmulatedApi, string>> = {
  graph: 'InvalidAuthenticationToken',
  loganalytics: 'AuthenticationFailed',
};

export function unauthorized(context: RefusalContext, reason: string): Reply {
  return refuse(context, 401, UNAUTHORIZED[context.api] ?? 'Unauthorized', reason, {
    'www-authenticate': 'Bearer',
  });
}

export function forbidden(context: RefusalContext, roles: readonly string[]): Reply {
  if (context.api === 'loganalytics') return refuse(context, 403, 'InsufficientAccessError', NO_ACCESS);
  if (isKusto(context))
    return refuse(context, 403, 'Forbidden', "Principal 'aadapp' is not authorized to read database.");
  const message = `Missing application roles. API required roles: ${REQUIRED_ROLES[context.api]}, application roles: ${roles.join(',')}.`;
  return refuse(context, 403, 'Forbidden', message);
}

const ONE_ROW: Answer = { columns: [{ name: 'Column', type: 'int' }], rows: [{ Column: 1 }] };

function isKusto({ api }: RefusalContext): boolean {
  return api === 'kusto' || api === 'lake';
}

const NO_ACCESS = 'The provided credentials have insufficient access to perform the requested operation';

export function missingQuery(context: RefusalContext): Reply {
  // It answers so where the body, or its type, is missing.
  if (context.api === 'loganalytics') return { status: 200, headers: {}, body: '' };
  if (isKusto(context)) return refuse(context, 400, 'BadRequest', 'Syntax error: the request has no query.');
  return context.api === 'graph'
    ? refuse(context, 400, 'BadRequest', "Request body must have a parameter named 'query'.")
    : refuse(context, 400, 'InvalidRequestBody', 'Missing query.');
}

/** `limit` calls in `period` (a .NET time span) are spent; `seconds` until there is room again. */
export function throttled(context: RefusalContext, limit: number, period: string, seconds: number): Reply {
  if (context.api !== 'xdr' && context.api !== 'mde') {
    return refuse(context, 429, 'TooManyRequests', 'Please retry again later.', { 'retry-after': String(seconds) });
  }
  const message = `API calls quota exceeded! maximum allowed ${limit} per ${period} for the key Destination+TenantID+AppID. You can send requests again in ${seconds} seconds.`;
  return refuse(context, 429, '429', message);
}

export function outOfRunTime(context: RefusalContext, seconds: number): Reply {
  const span = new Date(seconds * 1000).toISOString().slice(11, 19);
  return refuse(
    context,
    429,
    'TooManyRequests',
    `You have exceeded processing resources allocated to this tenant. You can run queries again in ${span}.`,
  );
}

export function resultTooLarge(context: RefusalContext): Reply {
  if (context.api === 'loganalytics') return json(partialAnswer(RECORD_LIMIT));
  if (isKusto(context)) return { ...json(null), body: encodeFrames(ONE_ROW, true, 0) };
  const message =
    'Query execution has exceeded the allowed result size. Optimize your query by limiting the number of results and try again';
  return refuse(context, 400, 'BadRequest', message);
}

export function tooHeavy(context: RefusalContext): Reply {
  if (context.api === 'loganalytics' || isKusto(context))
    return refuse(context, 504, 'GatewayTimeout', 'Gateway timeout');
  return context.api === 'graph'
    ? refuse(context, 504, 'UnknownError', '')
    : refuse(context, 400, 'BadRequest', 'Query exceeded the timeout period.');
}

export function json(value: unknown, status = 200): Reply {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(value) };
}
