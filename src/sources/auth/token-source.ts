import { orAborted } from '../../lib/abort.ts';
import type { Clock } from '../../lib/clock.ts';
import { type Connections, createConnections } from '../../lib/connections.ts';
import { MINUTE_MS } from '../../lib/duration.ts';
import { withServiceTime } from '../../lib/errors.ts';
import { followFiles } from '../../lib/followed/followed-files.ts';
import { followTls } from '../../lib/followed/followed-tls.ts';
import type { Log } from '../../lib/log.ts';
import { isLoopback } from '../../lib/loopback.ts';
import { createMask } from '../../lib/mask.ts';
import { createRenewed, type Renewed } from '../../lib/renewed.ts';
import { type Secret, secretsIn } from '../../lib/secret.ts';
import { secretsInUrl } from '../../lib/secrets-in-url.ts';
import { type HeardTime, isOwnWord, listenForTime } from '../heard-time.ts';
import { requireServiceUrl } from '../service-url.ts';
import { type Acquire, createAcquire, type Grant, readCertificate } from './acquire.ts';
import { type AuthConfig, type Credential, credentialOf } from './auth-config.ts';
import { loginError } from './entra-errors.ts';
import { createLoginNetwork, LOGIN_TIMEOUT_MS, type LoginNetwork } from './network-module.ts';

/** Bearer tokens of one tenant for one API. */
export interface TokenSource {
  /**
   * A token for the scope. `refused` is one that the API did not accept: another one is fetched then, unless it was replaced meanwhile.
   * Callers at the same time share one request. Errors: SOURCE_AUTH, SOURCE_NETWORK, SOURCE_SERVER; the signal's reason when it aborts.
   */
  token(scope: string, refused: string | null, signal: AbortSignal): Promise<string>;
  /** The login host's clock in epoch ms as the latest renewal heard it; null where that asked nobody whose word counts. */
  serviceTime(): number | null;
  renewConnections(): void;
  /** Epoch ms at which the certificate expires; null: no certificate, so nobody told us. */
  readonly credentialExpiresAt: number | null;
  close(): Promise<void>;
}

export interface TokenSourceOptions {
  readonly auth: AuthConfig;
  /** `https://login.microsoftonline.com` or that of the cloud. */
  readonly loginHost: string;
  readonly proxy: Secret | null;
  readonly delegatedPermission: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly prompt: (message: string) => void;
}

/** A token is used after a failed renewal as long as it is good for this much longer. */
const STILL_GOOD_MS = 2 * MINUTE_MS;
const CONNECT_TIMEOUT_MS = 20_000;

interface HeldGrant extends Grant {
  /** Until when it is good, in monotonic time: our clock may be set meanwhile. */
  readonly goodUntil: number;
}

interface Tokens {
  /** As the credential is now. */
  readonly acquire: Renewed<Acquire>;
  readonly network: LoginNetwork;
  readonly heard: HeardTime;
  readonly host: string;
  /** What must not be shown, as it is now and as it was. */
  readonly secrets: () => readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  /** The latest grant for each scope: msal-node fails for a while after a failed renewal although its cached token is good. */
  readonly grants: Map<string, HeldGrant>;
  readonly flights: Map<string, Promise<string>>;
}

export function createTokenSource(options: TokenSourceOptions): TokenSource {
  const { auth, clock, log } = options;
  const credential = credentialOf(auth);
  const authority = authorityOf(auth, options.loginHost);
  const closing = new AbortController();
  const isManaged = credential.kind === 'managed';
  const asked = new URL(authority.rewrite?.to ?? authority.authority);
  const connections = connectionsOf(options, isManaged ? null : asked);
  const heard = listenForTime(clock, !isManaged && isOwnWord(asked, options.proxy?.reveal() ?? null));
  const network = createLoginNetwork({
    connections,
    rewrite: authority.rewrite,
    heard,
    clock,
    host: isManaged ? null : asked.host,
    signal: closing.signal,
  });
  const { delegatedPermission, prompt } = options;
  const asking = { network, delegatedPermission, prompt, signal: closing.signal };
  const make = (): Acquire => createAcquire({ ...authority, ...asking, credential, clientId: auth.clientId ?? '' });
  const files = followFiles([auth.certificateFile, auth.privateKeyFile], clock);
  const acquire = createRenewed({ settings: auth, files, make, where: 'auth', log });
  const host = new URL(authority.authority).host;
  const secrets = (): readonly string[] => hiddenIn(auth, options.proxy);
  const tokens: Tokens = { acquire, network, heard, host, secrets, clock, log, grants: new Map(), flights: new Map() };
  return {
    token: (scope, refused, signal) => orAborted(flightOf(tokens, scope, refused), signal),
    serviceTime: heard.now,
    renewConnections: connections.renew,
    credentialExpiresAt: expiryOf(credential),
    close: async () => {
      closing.abort();
      await connections.destroy();
    },
  };
}

function hiddenIn(auth: AuthConfig, proxy: Secret | null): readonly string[] {
  const own = secretsIn(auth).flatMap((secret) => secret.texts());
  return [...own, ...(proxy?.texts() ?? []).flatMap(secretsInUrl)];
}

function connectionsOf({ auth, proxy, clock, log }: TokenSourceOptions, url: URL | null): Connections {
  return createConnections({
    tls: followTls({ caFile: auth.caFile }, 'auth', clock, log),
    proxy,
    where: 'proxy of the login',
    log,
    ...(url ? { url } : { direct: true }),
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    headersTimeoutMs: LOGIN_TIMEOUT_MS,
    bodyTimeoutMs: LOGIN_TIMEOUT_MS,
    connections: 2,
  });
}

interface Authority {
  readonly authority: string;
  readonly custom: boolean;
  readonly rewrite: { readonly from: string; readonly to: string } | null;
}

/** msal-node takes https only; on loopback its requests are sent over http where the configuration says so. */
function authorityOf(auth: AuthConfig, loginHost: string): Authority {
  if (!auth.authority) return { authority: `${loginHost}/${auth.tenantId ?? ''}`, custom: false, rewrite: null };
  const url = requireServiceUrl(auth.authority, 'auth.authority');
  const path = url.pathname === '/' || url.pathname === '' ? `/${auth.tenantId ?? ''}` : url.pathname;
  const secure = `https://${url.host}`;
  const rewrite = url.protocol === 'http:' && isLoopback(url.hostname) ? { from: secure, to: url.origin } : null;
  return { authority: secure + path, custom: true, rewrite };
}

function expiryOf(credential: Credential): number | null {
  if (credential.kind !== 'certificate') return null;
  return Date.parse(readCertificate(credential.certificateFile).x509.validTo);
}

function flightOf(tokens: Tokens, scope: string, refused: string | null): Promise<string> {
  const known = tokens.grants.get(scope);
  if (refused !== null && known && known.token !== refused) return Promise.resolve(known.token);
  const key = `${scope} ${refused === null ? 'any' : 'fresh'}`;
  const flying = tokens.flights.get(key);
  if (flying !== undefined) return flying;
  const flight = renew(tokens, scope, refused).finally(() => tokens.flights.delete(key));
  tokens.flights.set(key, flight);
  return flight;
}

async function renew(tokens: Tokens, scope: string, refused: string | null): Promise<string> {
  tokens.network.forget();
  try {
    const grant = await tokens.acquire.current()(scope, refused !== null);
    tokens.grants.set(scope, held(grant, tokens.grants.get(scope), tokens.clock));
    return grant.token;
  } catch (thrown) {
    const { network, heard, host, secrets } = tokens;
    const mask = createMask([...secrets(), ...network.sent()]);
    const refusal = network.refusal();
    const login = { thrown, failure: network.failure(), refusal, isAnswered: heard.answered(), host, mask };
    const error = withServiceTime(loginError(login), heard.now());
    const last = tokens.grants.get(scope);
    if (refused !== null || !last || last.goodUntil - tokens.clock.monotonic() <= STILL_GOOD_MS) throw error;
    tokens.log.warn('The token could not be renewed; the last one is still good and is used', {
      code: error.code,
      error: error.message,
      expiresAt: new Date(last.expiresAt).toISOString(),
    });
    return last.token;
  }
}

/** The library tells the end of a token by our wall clock at the moment of the grant; from then on monotonic time counts. */
function held(grant: Grant, before: HeldGrant | undefined, clock: Clock): HeldGrant {
  if (before?.token === grant.token) return before;
  return { ...grant, goodUntil: clock.monotonic() + grant.expiresAt - clock.now() };
}
