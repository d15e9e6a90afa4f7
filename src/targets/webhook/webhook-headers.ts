import { HuntwireError } from '../../lib/errors.ts';
import type { WebhookConfig } from './webhook-schema.ts';

/** Headers that the protocol or the signature owns. */
const RESERVED = new Set([
  'connection',
  'content-length',
  'host',
  'idempotency-key',
  'transfer-encoding',
  'upgrade',
  'webhook-id',
  'webhook-signature',
  'webhook-timestamp',
]);
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** The headers that are the same for every request, and the texts in them that must never be shown. */
export interface FixedHeaders {
  readonly headers: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

/** Headers of the configuration with the authorization; a CONFIG_INVALID error names the header that cannot be sent. */
export function fixedHeaders(config: WebhookConfig, where: string, userAgent: string): FixedHeaders {
  const headers: Record<string, string> = { 'user-agent': userAgent };
  const secrets: string[] = [];
  for (const [name, value] of Object.entries(config.headers ?? {})) {
    headers[headerName(name, where)] = headerValue(value.reveal(), `${where}.headers.${name}`);
    secrets.push(...secretsInHeader(value.reveal()));
  }
  const authorization = authorizationOf(config, where);
  if (authorization && headers.authorization !== undefined) {
    throw new HuntwireError('CONFIG_INVALID', `${where}: give either auth or an authorization header, not both.`);
  }
  if (!authorization) return { headers, secrets };
  return {
    headers: { ...headers, authorization: authorization.value },
    secrets: [...secrets, ...authorization.secrets],
  };
}

/** The value, and what follows a scheme or a name in it: `Token abc`, `Basic dTpw`, `key=abc`. */
function secretsInHeader(value: string): readonly string[] {
  const behindScheme = /^[A-Za-z][\w-]*\s+(\S.*)$/.exec(value)?.[1] ?? '';
  const named = [...value.matchAll(/=\s*"?([^\s",;]+)/g)].map(([, text = '']) => text);
  const password = /^basic\s/i.test(value) ? Buffer.from(behindScheme, 'base64').toString('utf8').split(':')[1] : '';
  return [value, behindScheme, ...named, password ?? ''];
}

function authorizationOf(config: WebhookConfig, where: string): { value: string; secrets: string[] } | null {
  const { bearer, basic } = config.auth ?? {};
  if (bearer) {
    const token = headerValue(bearer.reveal(), `${where}.auth.bearer`);
    return { value: `Bearer ${token}`, secrets: [token] };
  }
  if (!basic) return null;
  if (basic.user.includes(':')) {
    throw new HuntwireError('CONFIG_INVALID', `${where}.auth.basic.user: a user name with a colon cannot be sent.`);
  }
  const password = basic.password.reveal();
  const encoded = Buffer.from(`${basic.user}:${password}`, 'utf8').toString('base64');
  return { value: `Basic ${encoded}`, secrets: [encoded, password] };
}

function headerName(name: string, where: string): string {
  const lower = name.toLowerCase();
  if (RESERVED.has(lower)) {
    throw new HuntwireError('CONFIG_INVALID', `${where}.headers.${name}: this header is set by Huntwire.`);
  }
  if (!TOKEN.test(name)) {
    throw new HuntwireError('CONFIG_INVALID', `${where}.headers: "${name}" is no header name.`);
  }
  return lower;
}

function headerValue(value: string, where: string): string {
  if (!VALUE.test(value)) {
    throw new HuntwireError('CONFIG_INVALID', `${where}: the value holds characters that no header may carry.`);
  }
  return value;
}
