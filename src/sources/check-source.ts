import { request as send } from 'undici';
import { withDeadline } from '../lib/abort.ts';
import { checkName } from '../lib/check-name.ts';
import { type CheckResult, failed, passed } from '../lib/check-result.ts';
import { formatDuration, MINUTE_MS, SECOND_MS } from '../lib/duration.ts';
import { type ErrorCode, HuntwireError, toHuntwireError } from '../lib/errors.ts';
import type { ApiTraits } from './api-traits.ts';
import { missingPermission } from './auth/token-claims.ts';
import type { HuntingClient } from './hunting-client.ts';
import { networkFailureKind, networkReason } from './network-error.ts';
import type { QueryEnd, QueryRequest, RowSink } from './source.ts';

type Query = (request: QueryRequest, sink: RowSink) => Promise<QueryEnd>;

const REACH_TIMEOUT_MS = 20_000;

/**
 * What `doctor` asks of a hunting API, in the order in which one thing needs the other: name, TLS, token, permission, a one-row query.
 * The first failure ends the chain, as what follows could only fail for it.
 */
export async function checkSource(
  client: HuntingClient,
  query: Query,
  signal: AbortSignal,
): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of [checkHost, checkTls, checkToken]) {
    results.push(...(await check(client, signal)));
    if (results.some(isBarrier)) return results;
  }
  results.push(...(await checkQuery(client, query, signal)));
  return results;
}

/** A failure that makes the rest pointless; a missing permission is better seen once more in the answer to a query. */
function isBarrier({ name, ok }: CheckResult): boolean {
  return !ok && ['dns', 'tls', 'token'].includes(name);
}

async function checkHost({ baseUrl, config }: HuntingClient, signal: AbortSignal): Promise<readonly CheckResult[]> {
  const subject = baseUrl.hostname;
  const result = await checkName({ subject, host: subject, fix: 'Check DNS and source.baseUrl.' }, signal);
  if (result.ok || !config.proxy) return [result];
  return [passed('dns', subject, 'The name does not resolve here; the proxy is left to do it.')];
}

/** Any HTTP answer proves the way there. */
async function checkTls(
  { baseUrl, connections, deps }: HuntingClient,
  signal: AbortSignal,
): Promise<readonly CheckResult[]> {
  const subject = baseUrl.host;
  try {
    const outcome = await withDeadline(deps.clock, REACH_TIMEOUT_MS, signal, async (inner) => {
      const answer = await send(baseUrl.origin, { method: 'HEAD', dispatcher: connections.current(), signal: inner });
      await answer.body.dump();
    });
    if (outcome.kind === 'late')
      return [failed('tls', subject, 'The host does not answer.', 'Check firewall and proxy.')];
    return [
      passed(
        'tls',
        subject,
        baseUrl.protocol === 'https:' ? 'The host answers over TLS.' : 'The host answers, without TLS.',
      ),
    ];
  } catch (error) {
    const fix =
      networkFailureKind(error) === 'tls' ? 'Set source.caFile if your own CA signs.' : 'Check firewall and proxy.';
    return [failed('tls', subject, `The host cannot be reached: ${networkReason(error)}.`, fix)];
  }
}

async function checkToken(
  { tokens, scope, traits }: HuntingClient,
  signal: AbortSignal,
): Promise<readonly CheckResult[]> {
  try {
    const token = await tokens.token(scope, null, signal);
    return [passed('token', scope, 'The login host gives a token.'), permissionOf(token, traits)];
  } catch (error) {
    const { message } = toHuntwireError(error);
    return [failed('token', scope, message, 'Check auth as the message says.')];
  }
}

function permissionOf(token: string, { api, permission }: ApiTraits): CheckResult {
  const missing = missingPermission(token, permission);
  if (missing === null) return passed('permission', api, 'The token carries the permission to run queries.');
  const fix = `Grant ${missing} with admin consent. A new token is needed then, which takes up to an hour.`;
  return failed('permission', api, `The token lacks ${missing}.`, fix);
}

/** The check that a query's failure belongs to. */
const CAUSES: Partial<Record<ErrorCode, string>> = {
  SOURCE_AUTH: 'token',
  SOURCE_PERMISSION: 'permission',
  SOURCE_LICENSE: 'permission',
  SOURCE_THROTTLED: 'quota',
};

async function checkQuery(
  { traits, deps }: HuntingClient,
  query: Query,
  signal: AbortSignal,
): Promise<readonly CheckResult[]> {
  try {
    const sink: RowSink = { schema: () => undefined, row: () => undefined };
    const end = await query({ ruleId: 'doctor', query: 'print Answer = 1', signal }, sink);
    const message = `A query was answered with ${end.rows} rows in ${Math.round(end.elapsedMs)} ms.`;
    return [passed('query', traits.api, message), ...clockOf(traits.api, end.serviceTime, deps.clock.now())];
  } catch (error) {
    const { code, message } = error instanceof HuntwireError ? error : toHuntwireError(error);
    return [failed(CAUSES[code] ?? 'query', traits.api, `${code}: ${message}`, 'See docs/errors.md for the code.')];
  }
}

const LARGEST_SKEW_MS = MINUTE_MS;

/** Runs go by the service's clock; tokens and signatures need that of this machine. */
function clockOf(api: string, serviceTime: number | null, now: number): readonly CheckResult[] {
  if (serviceTime === null) return [];
  const skewMs = now - serviceTime;
  if (Math.abs(skewMs) <= LARGEST_SKEW_MS)
    return [passed('clock', api, "This machine's clock agrees with the service's.")];
  const by = formatDuration(Math.round(Math.abs(skewMs) / SECOND_MS) * SECOND_MS);
  const side = skewMs > 0 ? 'ahead of' : 'behind';
  const message = `This machine's clock is ${by} ${side} the service's, which rules go by.`;
  return [failed('clock', api, message, 'Look at time synchronization.')];
}
