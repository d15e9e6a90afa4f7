import { withDeadline } from '../lib/abort.ts';
import { checkName } from '../lib/check-name.ts';
import { type CheckResult, failed, passed } from '../lib/check-result.ts';
import { undici } from '../lib/dispatcher.ts';
import { formatDuration, MINUTE_MS, SECOND_MS } from '../lib/duration.ts';
import { type ErrorCode, toHuntwireError, withoutAdvice } from '../lib/errors.ts';
import { networkAdvice, networkFault, type SettingNames } from '../lib/network-fault.ts';
import { countOf } from '../lib/text.ts';
import type { ApiTraits } from './api-traits.ts';
import { missingPermission } from './auth/token-claims.ts';
import type { HuntingClient } from './hunting-client.ts';
import { networkReason } from './network-error.ts';
import type { QueryEnd, QueryRequest, RowSink } from './source.ts';

type Query = (request: QueryRequest, sink: RowSink) => Promise<QueryEnd>;

const REACH_TIMEOUT_MS = 20_000;

/** How the settings of a source are called. */
export const SOURCE_SETTINGS: SettingNames = {
  address: 'source.baseUrl',
  ca: 'source.caFile',
  plain: 'begin it with http:// (a stand-in on this machine only)',
  client: null,
  proxy: 'source.proxy, or HTTPS_PROXY',
};

/**
 * What `doctor` asks of a hunting API: name and TLS of its host; token and permission, which another host gives; a one-row query where
 * both are there. What could only fail for a failure that is told already is left out.
 */
export async function checkSource(
  client: HuntingClient,
  query: Query,
  signal: AbortSignal,
): Promise<readonly CheckResult[]> {
  const name = await checkHost(client, signal);
  const { results: reach, serviceTime } = name.ok ? await checkTls(client, signal) : UNREACHED;
  const login = await checkToken(client, signal);
  const clock = clockOf(client.traits.api, serviceTime, client.deps.clock.now());
  if ([name, ...reach, ...login].some(isBarrier)) return [name, ...reach, ...clock, ...login];
  const answer = await checkQuery(client, query, signal);
  const news = answer.filter((one) => !login.some((said) => !said.ok && said.name === one.name));
  const told = news.some((one) => one.name === 'clock') ? [] : clock;
  return [name, ...reach, ...told, ...login, ...news];
}

/** What a host says of itself when it is reached. */
interface Reach {
  readonly results: readonly CheckResult[];
  readonly serviceTime: number | null;
}

const UNREACHED: Reach = { results: [], serviceTime: null };

/** A failure that makes a query pointless; one for a missing permission is better seen in the answer to a query, too. */
function isBarrier({ name, ok }: CheckResult): boolean {
  return !ok && ['dns', 'tls', 'login', 'token'].includes(name);
}

async function checkHost({ baseUrl, config }: HuntingClient, signal: AbortSignal): Promise<CheckResult> {
  const subject = baseUrl.hostname;
  const result = await checkName({ subject, host: subject, fix: 'Check DNS and source.baseUrl.' }, signal);
  if (result.ok || !config.proxy) return result;
  return passed('dns', subject, 'The name does not resolve here; the proxy is left to do it.');
}

/** Any HTTP answer proves the way there, and most tell the time. */
async function checkTls({ baseUrl, connections, deps }: HuntingClient, signal: AbortSignal): Promise<Reach> {
  const subject = baseUrl.host;
  const fails = (message: string, fix: string): Reach => ({
    results: [failed('tls', subject, message, fix)],
    serviceTime: null,
  });
  try {
    const outcome = await withDeadline(deps.clock, REACH_TIMEOUT_MS, signal, async (inner) => {
      const answer = await undici().request(baseUrl.origin, {
        method: 'HEAD',
        dispatcher: connections.current(),
        signal: inner,
      });
      await answer.body.dump();
      return Date.parse(String(answer.headers.date));
    });
    if (outcome.kind === 'late') return fails('The host does not answer.', 'Check firewall and proxy.');
    const isSecure = baseUrl.protocol === 'https:';
    const results = [
      passed('tls', subject, isSecure ? 'The host answers over TLS.' : 'The host answers, without TLS.'),
    ];
    return { results, serviceTime: Number.isNaN(outcome.value) ? null : outcome.value };
  } catch (error) {
    const fault = networkFault(error);
    const advice = networkAdvice(fault?.kind ?? null, SOURCE_SETTINGS, fault?.proxy);
    return fails(`The host cannot be reached: ${networkReason(error)}.`, advice);
  }
}

/** A login host that is not reached is no matter of credentials. */
async function checkToken(
  { tokens, scope, traits }: HuntingClient,
  signal: AbortSignal,
): Promise<readonly CheckResult[]> {
  try {
    const token = await tokens.token(scope, null, signal);
    if (token === '') return [];
    return [passed('token', scope, 'The login host gives a token.'), permissionOf(token, traits)];
  } catch (thrown) {
    const error = toHuntwireError(thrown);
    const isAuth = error.code === 'SOURCE_AUTH' || error.code === 'CONFIG_INVALID';
    const fix = error.advice ?? (isAuth ? 'Check auth as the message says.' : 'Try again later.');
    return [failed(isAuth ? 'token' : 'login', scope, withoutAdvice(error), fix)];
  }
}

/** Roles that Azure gives stand in no token: a query tells whether they are there. */
function permissionOf(token: string, { api, permission, grant }: ApiTraits): CheckResult {
  if (grant) return passed('permission', api, 'Whether the role is there, a query tells.');
  const missing = missingPermission(token, permission);
  if (missing === null) return passed('permission', api, 'The token carries the permission to run queries.');
  return failed('permission', api, `The token lacks ${missing}.`, grantOf(missing));
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
    const message = `A query was answered with ${countOf(end.rows, 'row')} in ${Math.round(end.elapsedMs)} ms.`;
    return [passed('query', traits.api, message), ...clockOf(traits.api, end.serviceTime, deps.clock.now())];
  } catch (thrown) {
    const error = toHuntwireError(thrown);
    const { code } = error;
    const fix = error.advice ?? adviceOn(code, traits) ?? 'See docs/errors.md for the code.';
    return [failed(CAUSES[code] ?? 'query', traits.api, `${code}: ${withoutAdvice(error)}`, fix)];
  }
}

function adviceOn(code: ErrorCode, { permission, grant }: ApiTraits): string | null {
  if (code === 'SOURCE_PERMISSION') return grant ?? grantOf(permission.application);
  return CURES[code] ?? null;
}

/** What helps against the refusal of so small a query, by its code. */
const CURES: Partial<Record<ErrorCode, string>> = {
  SOURCE_AUTH: 'The API does not take the token that the login host gave: check source.cloud and source.scope.',
  SOURCE_LICENSE: 'Ask who buys the licences of the tenant: advanced hunting needs one.',
  SOURCE_THROTTLED: 'Wait, and look who else uses the quota of the tenant.',
  SOURCE_TIMEOUT: "Try again later; if it stays, look at Microsoft's service health.",
  SOURCE_SERVER: "Try again later; if it stays, look at Microsoft's service health.",
  SOURCE_NETWORK: 'Check network, firewall and proxy.',
  SOURCE_RETIRED: 'Move to source.api: graph.',
  SOURCE_RESPONSE_INVALID: 'Something else answers in its place: check source.baseUrl and the proxy.',
};

function grantOf(permission: string): string {
  return `Grant ${permission} with admin consent. A new token is needed then, which takes up to an hour.`;
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
