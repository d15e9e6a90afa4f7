import { type Answerer, type EmulatedApi, QueryFault } from './answer.ts';
import { encodeAnswer } from './encode.ts';
import { type FaultList, type FaultName, refusalOfFault, ruleIdOf } from './faults.ts';
import type { EmulatedMeter } from './meter.ts';
import {
  forbidden,
  missingQuery,
  REQUIRED_ROLES,
  type RefusalContext,
  type Reply,
  refuse,
  refuseHtml,
  resultTooLarge,
  unauthorized,
} from './refusals.ts';
import { readToken } from './token.ts';
import { answerCatalog } from './workspaces/catalog.ts';

/** Paths of the APIs but those that name a workspace. */
const PATHS: Readonly<Record<string, EmulatedApi>> = {
  '/v1.0/security/runHuntingQuery': 'graph',
  '/v1.0/security/microsoft.graph.security.runHuntingQuery': 'graph',
  '/beta/security/runHuntingQuery': 'graph',
  '/api/advancedhunting/run': 'xdr',
  '/api/advancedqueries/run': 'mde',
  '/v2/rest/query': 'kusto',
  '/v1/rest/query': 'kusto',
  '/lake/kql/v2/rest/query': 'lake',
};

const WORKSPACE_PATH = /^\/v1\/workspaces\/[^/]+\/query$/;

/** The API that lies at a path; null: none. */
export function apiAt(path: string): EmulatedApi | null {
  if (WORKSPACE_PATH.test(path)) return 'loganalytics';
  return PATHS[path] ?? null;
}

const AUDIENCES: Readonly<Record<EmulatedApi, RegExp>> = {
  graph: /graph\.microsoft\.|^https?:\/\/(127\.|localhost)/,
  xdr: /security\.microsoft\.|securitycenter\.microsoft\.com\/mtp|^https?:\/\/(127\.|localhost)/,
  loganalytics: /api\.loganalytics\.(io|us|azure\.com)|^https?:\/\/(127\.|localhost)/,
  kusto: /kusto\.(windows|fabric)|^https?:\/\/(127\.|localhost)/,
  lake: /^4500ebfb-89b6-4b14-a480-7f749797bfcd/,
  mde: /securitycenter\.(microsoft|onmicrosoft)\.|security\.microsoft\.|^https?:\/\/(127\.|localhost)/,
};

/** Answers in the form of version 1. */
const OLD_KUSTO = '/v1/rest/query';

/** A workspace that nobody has. */
const NO_WORKSPACE = '00000000-0000-0000-0000-000000000000';

export interface HuntingLimits {
  readonly maxRows: number;
  readonly maxResultBytes: number;
  readonly maxRequestBytes: number;
}

/** A database that no cluster has. */
const NO_DATABASE = 'NoSuchDatabase';
/** What the data lake does not have. */
const LAKE_LACKS = /\b(ingestion_time|externaldata|adx|arg) ?\(/;

/** Rows that Log Analytics, Kusto and the data lake give. */
const WORKSPACE_ROWS = 500_000;

/** 100,000 rows on every page; 124 MB as the pages said until 2025 (50 MB since); requests end at about 1 MB. */
export const DOCUMENTED_LIMITS: HuntingLimits = {
  maxRows: 100_000,
  maxResultBytes: 124_000_000,
  maxRequestBytes: 1_000_000,
};

export interface HuntingDeps {
  readonly answerer: Answerer;
  readonly meter: EmulatedMeter;
  readonly faults: FaultList;
  readonly limits: HuntingLimits;
}

export interface HuntingRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
  readonly body: string;
  readonly signal: AbortSignal;
}

/** A refusal, or a body with the fault that is to spoil it. */
export type HuntingReply =
  | Reply
  | { readonly status: 200; readonly body: string; readonly fault: FaultName | null; readonly ruleId: string | null };

/** A question for all tables, checked as one for rows is. */
export function answerTables(request: HuntingRequest, context: RefusalContext, { meter }: HuntingDeps): Reply {
  const denied = isUnsigned(request, context) ? null : deny(request.authorization, context);
  return denied ?? lackOf(request, context) ?? meter.admit(context) ?? answerCatalog(context, request.body);
}

/** One request to one of the APIs, checked in the service's order: method, token, role, size, body, quota, query. */
export async function answerHunting(
  request: HuntingRequest,
  context: RefusalContext,
  deps: HuntingDeps,
): Promise<HuntingReply> {
  if (request.method !== 'POST') return refuse(context, 405, 'BadRequest', 'The HTTP method is not supported.');
  const denied = isUnsigned(request, context) ? null : deny(request.authorization, context);
  if (denied) return denied;
  if (Buffer.byteLength(request.body) > deps.limits.maxRequestBytes) return refuseHtml(413, 'Request Entity Too Large');
  const lacking = lackOf(request, context);
  if (lacking) return lacking;
  const query = queryOf(request.body, context.api);
  if (query === null) return missingQuery(context);
  const fault = deps.faults.take(query);
  const refusal = (fault && refusalOfFault(fault, context)) ?? deps.meter.admit(context);
  return refusal ?? run({ query, fault, ...request }, context, deps);
}

interface AdmittedQuery {
  readonly query: string;
  readonly fault: FaultName | null;
  readonly path: string;
  readonly signal: AbortSignal;
}

async function run(admitted: AdmittedQuery, context: RefusalContext, deps: HuntingDeps): Promise<HuntingReply> {
  const { query, fault, path, signal } = admitted;
  const begun = performance.now();
  try {
    const answer = await deps.answerer.answer({ query, now: context.now, signal });
    const elapsed = performance.now() - begun;
    deps.meter.ran(context.api, elapsed);
    const most = mostRows(context.api, deps.limits);
    const isCut = answer.rows.length > most;
    const rows = answer.rows.slice(0, most);
    const body = encodeAnswer({ ...answer, rows }, context.api, {
      seconds: elapsed / 1000,
      isCut,
      isOld: path === OLD_KUSTO,
    });
    if (Buffer.byteLength(body) > deps.limits.maxResultBytes) return resultTooLarge(context);
    return { status: 200, body, fault, ruleId: ruleIdOf(query) };
  } catch (thrown) {
    if (thrown instanceof QueryFault) return refuse(context, 400, 'BadRequest', thrown.message);
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return refuse(context, 500, 'InternalServerError', `The stand-in could not answer: ${message}`);
  }
}

/** With the documented limits each API has its own; where a test asks for less it is that of all. */
function mostRows(api: EmulatedApi, { maxRows }: HuntingLimits): number {
  const isHunting = api === 'graph' || api === 'xdr' || api === 'mde';
  return !isHunting && maxRows === DOCUMENTED_LIMITS.maxRows ? WORKSPACE_ROWS : maxRows;
}

/** The Kusto emulator knows no tokens. */
function isUnsigned({ authorization }: HuntingRequest, { api }: RefusalContext): boolean {
  return api === 'kusto' && authorization === '';
}

/** A workspace, database or function that is not there. */
function lackOf({ path, body }: HuntingRequest, context: RefusalContext): Reply | null {
  if (path.includes(NO_WORKSPACE)) return refuse(context, 400, 'FailedToResolveResource', 'Failed to resolve resource');
  if (context.api === 'kusto' && body.includes(`"${NO_DATABASE}"`))
    return refuse(context, 400, 'BadRequest_EntityNotFound', `Database '${NO_DATABASE}' could not be found.`);
  const refused = context.api === 'lake' ? LAKE_LACKS.exec(body)?.[1] : undefined;
  return refused === undefined
    ? null
    : refuse(context, 400, 'BadRequest', `Unknown function: '${refused}'. Semantic error.`);
}

function deny(authorization: string, context: RefusalContext): Reply | null {
  const token = /^Bearer (\S+)$/i.exec(authorization)?.[1];
  const claims = token ? readToken(token) : null;
  if (!claims) return unauthorized(context, 'Access token is empty or malformed.');
  if (claims.expiresAt <= context.now)
    return unauthorized(context, 'Lifetime validation failed, the token is expired.');
  if (!AUDIENCES[context.api].test(claims.audience))
    return unauthorized(context, 'Access token validation failure. Invalid audience.');
  const needed = REQUIRED_ROLES[context.api];
  const allowed = claims.roles.some((role) => role === needed || role === needed.replace(/\.All$/, ''));
  return allowed ? null : forbidden(context, claims.roles);
}

const QUERY_KEYS: Partial<Record<EmulatedApi, string>> = { loganalytics: 'query', kusto: 'csl', lake: 'csl' };

/** The legacy APIs take `Query` only, Graph any casing, Log Analytics `query`, Kusto `csl`. */
function queryOf(body: string, api: EmulatedApi): string | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null) return null;
  const entry = Object.entries(parsed).find(([key]) =>
    api === 'graph' ? key.toLowerCase() === 'query' : key === (QUERY_KEYS[api] ?? 'Query'),
  );
  return typeof entry?.[1] === 'string' && entry[1] !== '' ? entry[1] : null;
}
