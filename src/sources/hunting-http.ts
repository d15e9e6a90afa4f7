import { withDeadline } from '../lib/abort.ts';
import { createConnections } from '../lib/connections.ts';
import { DAY_MS, SECOND_MS } from '../lib/duration.ts';
import { HuntwireError, toHuntwireError, withServiceTime } from '../lib/errors.ts';
import { followTls } from '../lib/followed/followed-tls.ts';
import { networkAdvice, networkFault } from '../lib/network-fault.ts';
import { type ApiTraits, defaultBaseUrl, defaultScope, loginHost, wireOf } from './api-traits.ts';
import { askCatalog } from './ask-catalog.ts';
import { noTokens, requireUnsigned } from './auth/no-tokens.ts';
import { createTokenSource } from './auth/token-source.ts';
import { checkSource, SOURCE_SETTINGS } from './check-source.ts';
import { type HeardTime, isOwnWord, listenForTime } from './heard-time.ts';
import type { HuntingClient } from './hunting-client.ts';
import { type Ask, exchange } from './hunting-exchange.ts';
import { isBroken, networkFailureKind, networkReason } from './network-error.ts';
import { requireServiceUrl } from './service-url.ts';
import type { QueryEnd, QueryRequest, RowSink, Source, SourceDeps, ToldTables } from './source.ts';
import { quotaLimits } from './source-config.ts';
import type { SourceConfig } from './source-settings.ts';

const CONNECT_TIMEOUT_MS = 20 * SECOND_MS;
const RETENTION_MS = 30 * DAY_MS;

/** The client of all APIs that are asked over HTTP; see Source for its contract. */
export function createHuntingSource(traits: ApiTraits, config: SourceConfig, deps: SourceDeps): Source {
  const client = createClient(traits, config, deps);
  return {
    api: traits.api,
    maxRows: config.limits.maxRows,
    retentionMs: traits.retentionMs ?? RETENTION_MS,
    retiresOn: traits.retiresOn,
    quota: quotaLimits(config.limits),
    ...(config.limits.pricePerGb !== undefined && { pricePerGb: config.limits.pricePerGb }),
    packRules: config.pack?.rules ?? 1,
    ...arrivalOf(traits, config),
    credentialExpiresAt: client.tokens.credentialExpiresAt,
    query: (request, sink) => runQuery(client, request, sink),
    ...catalogOf(client),
    greet: (signal) => greet(client, signal),
    check: (signal) => checkSource(client, (request, sink) => runQuery(client, request, sink), signal),
    close: async () => {
      await Promise.all([client.connections.destroy(), client.tokens.close()]);
    },
  };
}

/** As all rows of the hunting APIs arrive, where only columns are named. */
const STAMPED = { ingestionTime: 'always', minDelayMs: 0, minOverlapMs: 0 } as const;

function arrivalOf({ arrival }: ApiTraits, { timeColumns }: SourceConfig): Pick<Source, 'arrival'> {
  if (!arrival && !timeColumns) return {};
  return { arrival: { ...(arrival ?? STAMPED), timeColumns: timeColumns ?? {} } };
}

function createClient(traits: ApiTraits, config: SourceConfig, deps: SourceDeps): HuntingClient {
  const { cloud } = config;
  const proxy = config.proxy ?? null;
  const isUnsigned = deps.auth?.none === true;
  const baseUrl = requireServiceUrl(addressOf(traits, config), addressName(config), isUnsigned && config.insecure);
  if (isUnsigned) requireUnsigned(traits, config, baseUrl);
  const timeoutMs = config.timeoutSeconds * SECOND_MS;
  const tokens = isUnsigned
    ? noTokens()
    : createTokenSource({
        auth: deps.auth ?? {},
        loginHost: loginHost(cloud),
        proxy,
        delegatedPermission: traits.permission.delegated,
        clock: deps.clock,
        log: deps.log,
        prompt: deps.prompt,
      });
  const connections = createConnections({
    url: baseUrl,
    tls: followTls({ caFile: config.caFile }, 'source', deps.clock, deps.log),
    proxy,
    where: `source.proxy of ${deps.tenant}`,
    log: deps.log,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    headersTimeoutMs: timeoutMs,
    bodyTimeoutMs: timeoutMs,
    connections: config.limits.concurrency,
  });
  const tellsTime = isOwnWord(baseUrl, proxy?.reveal() ?? null);
  const scope = config.scope ?? traits.scope?.(config) ?? defaultScope(traits, cloud);
  return { traits, config, deps, baseUrl, scope, connections, tellsTime, tokens };
}

function addressOf(traits: ApiTraits, config: SourceConfig): string {
  const { cloud, region, baseUrl } = config;
  const address = baseUrl ?? traits.baseUrl?.(config) ?? defaultBaseUrl(traits, cloud, region);
  if (address !== null) return address;
  const message = `source.cloud: ${traits.api} is not in ${cloud}. Give source.baseUrl and source.scope where it is there after all.`;
  throw new HuntwireError('CONFIG_INVALID', message);
}

/** The setting that says where the API is. */
function addressName({ baseUrl, cluster }: SourceConfig): string {
  return baseUrl === undefined && cluster !== undefined ? 'source.cluster' : 'source.baseUrl';
}

/** As the token of a query has it: within source.timeoutSeconds, unless a person signs in. */
async function greet(client: HuntingClient, signal: AbortSignal): Promise<number | null> {
  const { tokens, scope, deps, config } = client;
  const getToken = (until: AbortSignal): Promise<string> => tokens.token(scope, null, until);
  if (deps.auth?.deviceCode) await getToken(signal);
  else {
    const outcome = await withDeadline(deps.clock, config.timeoutSeconds * SECOND_MS, signal, getToken);
    if (outcome.kind !== 'done') throw lateError({ client, waitsFor: 'login' });
  }
  return tokens.serviceTime();
}

/** All tables in one call, where the API has such a call. */
function catalogOf(client: HuntingClient): Pick<Source, 'tables'> {
  const { catalog } = wireOf(client.traits);
  if (!catalog) return {};
  return {
    tables: async (signal) => {
      let tables: ToldTables['tables'] = new Map();
      const take = (told: ToldTables['tables']): void => {
        tables = told;
      };
      const send: Send = (ask, token, until) => askCatalog(ask, catalog, token, take, until);
      const end = await runQuery(client, { ruleId: 'schema', query: '', signal }, NOWHERE, send);
      return { tables, end };
    },
  };
}

const NOWHERE: RowSink = { schema: () => undefined, row: () => undefined };

/** What goes out once a token is there. */
type Send = typeof exchange;

/** Token and query together have source.timeoutSeconds; a person who signs in takes their time before that. */
async function runQuery(
  client: HuntingClient,
  request: QueryRequest,
  sink: RowSink,
  send: Send = exchange,
): Promise<QueryEnd> {
  const { clock, auth } = client.deps;
  const heard = listenForTime(clock, client.tellsTime);
  const ask: Ask = { client, request, sink, heard, waitsFor: 'login' };
  if (request.fresh) renewConnections(client);
  try {
    if (auth?.deviceCode) await client.tokens.token(client.scope, null, request.signal);
    const timeoutMs = client.config.timeoutSeconds * SECOND_MS;
    const outcome = await withDeadline(clock, timeoutMs, request.signal, (signal) => askWithToken(ask, send, signal));
    if (outcome.kind === 'done') return outcome.value;
    throw lateError(ask);
  } catch (error) {
    throw withServiceTime(outwardError(error, client, request.signal, heard), heard.now());
  }
}

/** Sends once; a second time only where the API refused the token (401) and another one could be had. */
async function askWithToken(ask: Ask, send: Send, signal: AbortSignal): Promise<QueryEnd> {
  const token = await tokenFor(ask, null, signal);
  try {
    return await send(ask, token, signal);
  } catch (error) {
    if (!isRefusedToken(error)) throw error;
    return send(ask, await tokenFor(ask, token, signal), signal);
  }
}

async function tokenFor(ask: Ask, refused: string | null, signal: AbortSignal): Promise<string> {
  ask.waitsFor = 'login';
  const token = await ask.client.tokens.token(ask.client.scope, refused, signal);
  ask.waitsFor = 'answer';
  return token;
}

function renewConnections({ connections, tokens }: HuntingClient): void {
  connections.renew();
  tokens.renewConnections();
}

function isRefusedToken(error: unknown): boolean {
  return error instanceof HuntwireError && error.code === 'SOURCE_AUTH';
}

/** A slow login says nothing of the query, which must not be divided for it. */
function lateError({ client, waitsFor }: Pick<Ask, 'client' | 'waitsFor'>): HuntwireError {
  const { timeoutSeconds } = client.config;
  if (waitsFor === 'login') {
    const message = `The login host gave no token within source.timeoutSeconds (${timeoutSeconds}). Check network and proxy.`;
    return new HuntwireError('SOURCE_NETWORK', message, { retryable: true });
  }
  const message = `${client.traits.api} gave no complete answer within source.timeoutSeconds (${timeoutSeconds}). Let the rule ask for a shorter window, or raise it.`;
  return new HuntwireError('SOURCE_TIMEOUT', message, { retryable: true });
}

/** Ours as they are; an abort as ABORTED; all else is the network's. */
function outwardError(error: unknown, client: HuntingClient, signal: AbortSignal, heard: HeardTime): HuntwireError {
  if (error instanceof HuntwireError) return error;
  if (signal.aborted)
    return toHuntwireError(Object.assign(new Error('aborted', { cause: error }), { name: 'AbortError' }));
  const { traits, baseUrl } = client;
  const reason = networkReason(error);
  switch (networkFailureKind(error)) {
    case 'timeout':
      return new HuntwireError('SOURCE_TIMEOUT', `${traits.api} (${baseUrl.host}) was too slow: ${reason}.`, {
        retryable: true,
        cause: error,
      });
    case 'slow':
      // The query has been answered by then; a shorter window would not help.
      return new HuntwireError(
        'SOURCE_NETWORK',
        `${traits.api} (${baseUrl.host}) sent its answer too slowly: ${reason}.`,
        {
          retryable: true,
          cause: error,
        },
      );
    case 'tls': {
      const advice = networkAdvice(networkFault(error)?.kind ?? null, SOURCE_SETTINGS);
      const message = `${traits.api} (${baseUrl.host}) was not reached over TLS: ${reason}. ${advice}`;
      return new HuntwireError('SOURCE_NETWORK', message, { advice, cause: error });
    }
    default:
      return new HuntwireError(
        'SOURCE_NETWORK',
        `${traits.api} (${baseUrl.host}) was not reached or broke off: ${reason}.`,
        {
          retryable: true,
          unanswered: !heard.answered() && isBroken(error),
          cause: error,
        },
      );
  }
}
