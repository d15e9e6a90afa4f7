import { HuntwireError } from '../../lib/errors.ts';
import type { Secret } from '../../lib/secret.ts';
import { authorizationOf, headerValue } from './request-auth.ts';
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

/** The headers that are the same for every request, and the texts in them that must never be shown. */
export interface FixedHeaders {
  readonly headers: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

/** Headers of the configuration with the authorization; a CONFIG_INVALID error names the header that cannot be sent. */
export function fixedHeaders(
  config: Pick<WebhookConfig, 'headers' | 'auth'>,
  where: string,
  userAgent: string,
): FixedHeaders {
  const headers: Record<string, string> = { 'user-agent': userAgent };
  const secrets: string[] = [];
  for (const [name, value] of Object.entries(config.headers ?? {})) {
    headers[headerName(name, where)] = headerValue(value.reveal(), `${where}.headers.${name}`);
    secrets.push(...secretsInHeader(value.reveal()));
  }
  const authorization = authorizationOf(config.auth ?? {}, where);
  if (config.auth && headers.authorization !== undefined) {
    throw new HuntwireError('CONFIG_INVALID', `${where}: give either auth or an authorization header, not both.`);
  }
  if (!authorization) return { headers, secrets };
  return {
    headers: { ...headers, authorization: authorization.value },
    secrets: [...secrets, ...authorization.secrets],
  };
}

/** Shorter pieces of a template would hide words that count. */
const SHORTEST_PIECE = 8;

/** Texts in headers of a template that must never be shown, whatever an alert puts between them. */
export function secretsInTemplate(headers: Readonly<Record<string, Secret>> = {}): readonly string[] {
  return Object.values(headers)
    .flatMap((value) => value.reveal().split(/\{\{|\}\}|["']/))
    .map((piece) => piece.trim())
    .filter((piece) => piece.length >= SHORTEST_PIECE)
    .flatMap(secretsInHeader);
}

/** The value, and what follows a scheme or a name in it: `Token abc`, `Basic dTpw`, `key=abc`. */
function secretsInHeader(value: string): readonly string[] {
  const behindScheme = /^[A-Za-z][\w-]*\s+(\S.*)$/.exec(value)?.[1] ?? '';
  const named = [...value.matchAll(/=\s*"?([^\s",;]+)/g)].map(([, text = '']) => text);
  const password = /^basic\s/i.test(value) ? Buffer.from(behindScheme, 'base64').toString('utf8').split(':')[1] : '';
  return [value, behindScheme, ...named, password ?? ''];
}

/** In lower case. Throws CONFIG_INVALID for a name that is none, or that is Huntwire's. */
export function headerName(name: string, where: string): string {
  const lower = name.toLowerCase();
  if (RESERVED.has(lower)) {
    throw new HuntwireError('CONFIG_INVALID', `${where}.headers.${name}: this header is set by Huntwire.`);
  }
  if (!TOKEN.test(name)) {
    throw new HuntwireError('CONFIG_INVALID', `${where}.headers: "${name}" is no header name.`);
  }
  return lower;
}
