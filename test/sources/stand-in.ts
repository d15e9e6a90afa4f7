import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createMemoryCache } from '../../src/lib/cache.ts';
import { type Clock, systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { Secret } from '../../src/lib/secret.ts';
import type { AuthConfig } from '../../src/sources/auth/auth-config.ts';
import { SOURCES } from '../../src/sources/registry.ts';
import type { Source, SourceDeps } from '../../src/sources/source.ts';

/** A request as it arrived. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface StandIn {
  readonly origin: string;
  readonly seen: Seen[];
  close(): Promise<void>;
}

export type Answer = (seen: Seen, response: ServerResponse) => void;

export const TENANT = '11111111-2222-3333-4444-555555555555';
export const CLIENT = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';
export const SECRET_TEXT = 'hunter2-is-the-secret';

/** A loopback server that records what it is asked. */
export async function startStandIn(
  answer: Answer,
  tls?: { readonly key: string; readonly cert: string },
): Promise<StandIn> {
  const seen: Seen[] = [];
  const listener: RequestListener = (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const one = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(parts).toString('utf8'),
      };
      seen.push(one);
      answer(one, response);
    });
    request.on('error', () => response.destroy());
  };
  const server: Server = tls ? createTlsServer(tls, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** An unsigned token with these claims. */
export function fakeToken(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.x`;
}

const ALL_ROLES = ['ThreatHunting.Read.All', 'AdvancedHunting.Read.All', 'AdvancedQuery.Read.All'];

let serial = 0;

/** A token endpoint that gives every token it is asked for, each another one. */
export function grantToken(seen: Seen, response: ServerResponse, roles: readonly string[] = ALL_ROLES): void {
  const scope = new URLSearchParams(seen.body).get('scope') ?? '';
  serial += 1;
  sendJson(response, 200, {
    token_type: 'Bearer',
    expires_in: 3599,
    access_token: fakeToken({ roles, aud: scope, jti: serial }),
  });
}

export function secretAuth(authority: string): AuthConfig {
  return {
    tenantId: TENANT,
    clientId: CLIENT,
    authority: `${authority}/${TENANT}`,
    clientSecret: new Secret(SECRET_TEXT),
  };
}

export function depsOf(auth: AuthConfig | null, more: Partial<SourceDeps> = {}): SourceDeps {
  const clock: Clock = systemClock;
  return {
    tenant: 'contoso',
    clock,
    log: silentLog,
    cache: createMemoryCache(),
    version: '0.1.0',
    auth,
    prompt: () => undefined,
    ...more,
  };
}

export const LIMITS = {
  callsPerMinute: 40,
  callsPerHour: 1400,
  maxRows: 100_000,
  maxBytes: 124_000_000,
  concurrency: 3,
};

/** A source of the registry with defaults, to be asked at `baseUrl`. */
export function makeSource(api: string, settings: object, deps: SourceDeps): Source {
  const plugin = SOURCES.get(api);
  if (!plugin) throw new Error(`no source ${api}`);
  return plugin.create({ api, cloud: 'public', timeoutSeconds: 20, limits: LIMITS, ...settings }, deps);
}
