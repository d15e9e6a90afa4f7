import { randomUUID } from 'node:crypto';
import { json, type Reply, refuse } from './refusals.ts';
import { answerToken, type EmulatedApplication } from './token.ts';

export interface LoginRequest {
  readonly path: string;
  readonly method: string;
  readonly host: string;
  readonly body: string;
}

/** What the login host answers: discovery documents, device codes and tokens. */
export function answerLogin(request: LoginRequest, application: EmulatedApplication, now: number): Reply {
  const { path, host } = request;
  const tenant = application.tenantId;
  if (path === '/common/discovery/instance') return json(discoveryOf(host, tenant));
  const asked = path.split('/')[1];
  if (TENANT_PATH.test(path) && asked !== tenant && asked !== 'common') return json(noSuchTenant(asked ?? ''), 400);
  if (path.endsWith('/.well-known/openid-configuration')) return json(metadataOf(host, tenant));
  if (request.method !== 'POST' || !path.startsWith(`/${tenant}/oauth2/`)) {
    return refuse({ api: 'graph', now, requestId: randomUUID() }, 404, 'ResourceNotFound', `Nothing is at ${path}.`);
  }
  if (path.endsWith('/devicecode')) return json(deviceCodeOf());
  const endpoint = `https://${host}/${tenant}/oauth2/v2.0/token`;
  const reply = answerToken(new URLSearchParams(request.body), application, endpoint, now);
  return json(reply.body, reply.status);
}

/** What is a tenant's own. */
const TENANT_PATH = /^\/[^/]+\/(oauth2\/|(v2\.0\/)?\.well-known\/openid-configuration$)/;

function noSuchTenant(tenant: string): Readonly<Record<string, unknown>> {
  const advice = 'Check to make sure you have the correct tenant ID and are signing into the correct cloud.';
  return {
    error: 'invalid_request',
    error_description: `AADSTS90002: Tenant '${tenant}' not found. ${advice}`,
    error_codes: [90002],
  };
}

/** Always in the https form: identity libraries refuse any other, even where the loopback connection itself is plain. */
function metadataOf(host: string, tenant: string): Readonly<Record<string, string>> {
  const base = `https://${host}/${tenant}`;
  return {
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
  };
}

function discoveryOf(host: string, tenant: string): Readonly<Record<string, unknown>> {
  const metadata = [{ preferred_network: host, preferred_cache: host, aliases: [host] }];
  const endpoint = `https://${host}/${tenant}/v2.0/.well-known/openid-configuration`;
  return { tenant_discovery_endpoint: endpoint, 'api-version': '1.1', metadata };
}

function deviceCodeOf(): Readonly<Record<string, unknown>> {
  const url = 'https://microsoft.com/devicelogin';
  const message = `To sign in, open ${url} and enter EMU-1234.`;
  return {
    user_code: 'EMU-1234',
    device_code: randomUUID(),
    verification_uri: url,
    expires_in: 900,
    interval: 1,
    message,
  };
}
