import { HuntwireError } from '../../lib/errors.ts';
import type { PluginSchema } from '../../lib/plugin.ts';
import type { Secret } from '../../lib/secret.ts';
import { type OauthSettings, oauthSchema } from '../oauth/oauth-settings.ts';

const secret = { type: 'string', minLength: 1, format: 'password' };
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** How requests say who they are from: exactly one of these. */
export interface RequestAuth {
  readonly bearer?: Secret;
  readonly basic?: { readonly user: string; readonly password: Secret };
  /** The sender gets the tokens. */
  readonly oauth2?: OauthSettings;
}

/** The `auth` block of targets over HTTP. */
export const requestAuthSchema: PluginSchema = {
  description: 'A bearer token, a user with a password, or OAuth 2.0.',
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
  properties: {
    bearer: { ...secret, description: 'Sent as Authorization: Bearer.' },
    basic: {
      type: 'object',
      additionalProperties: false,
      required: ['user', 'password'],
      description: 'Sent as Authorization: Basic.',
      properties: {
        user: { type: 'string', minLength: 1, description: 'The user name.' },
        password: { ...secret, description: 'The password.' },
      },
    },
    oauth2: oauthSchema(),
  },
};

/** An `Authorization` header, and the texts in it that must never be shown. */
export interface Authorization {
  readonly value: string;
  readonly secrets: readonly string[];
}

/** Null where there is no `auth` that is the same for every request. Throws CONFIG_INVALID for what cannot be sent. */
export function authorizationOf({ bearer, basic }: RequestAuth, where: string): Authorization | null {
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

/** The value as it is. Throws CONFIG_INVALID for characters that no header may carry. */
export function headerValue(value: string, where: string): string {
  if (!VALUE.test(value)) {
    throw new HuntwireError('CONFIG_INVALID', `${where}: the value holds characters that no header may carry.`);
  }
  return value;
}
