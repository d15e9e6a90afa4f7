import type { PluginSchema } from '../../lib/plugin.ts';
import type { Secret } from '../../lib/secret.ts';

/** How a token is got by client credentials (RFC 6749 section 4.4). */
export interface OauthSettings {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly scope?: string;
}

/** `scope`: what is asked for where nothing is said. */
export function oauthSchema(scope?: string): PluginSchema {
  return {
    type: 'object',
    additionalProperties: false,
    required: ['tokenUrl', 'clientId', 'clientSecret'],
    description: 'Gets a token by client credentials and sends it as Authorization: Bearer.',
    properties: {
      tokenUrl: {
        type: 'string',
        pattern: '^https?://',
        'x-hint': 'begin it with https:// (or http://)',
        description: 'Where tokens are got.',
      },
      clientId: { type: 'string', minLength: 1, description: 'The id of the client.' },
      clientSecret: { type: 'string', minLength: 1, format: 'password', description: 'The secret of the client.' },
      scope: {
        type: 'string',
        minLength: 1,
        ...(scope !== undefined && { default: scope }),
        description: 'What the token is for.',
      },
    },
  };
}
