import type { Alert } from '../../alerts/alert.ts';
import type { PluginSchema } from '../../lib/plugin.ts';
import type { Secret } from '../../lib/secret.ts';
import type { TlsFiles } from '../../lib/tls.ts';
import { tlsSchema } from '../shared-schema.ts';
import { severityMapSchema } from '../vendor-schema.ts';

/** Settings of an email target; what may be missing has the default of `emailSchema`. */
export interface EmailConfig {
  readonly type: 'email';
  readonly host: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: Secret;
  readonly from: string;
  readonly to: readonly string[];
  readonly severityMap?: Readonly<Partial<Record<Alert['severity'], string>>>;
  readonly tls?: TlsFiles;
  readonly timeoutSeconds?: number;
  readonly concurrency?: number;
  readonly ratePerSecond?: number;
}

const address = {
  type: 'string',
  pattern: '^(?:[^<>@\\r\\n]*<[^\\s<>@]+@[^\\s<>@]+>|[^\\s<>@]+@[^\\s<>@]+)$',
  'x-hint': 'write an address such as soc@contoso.example or SOC <soc@contoso.example>',
};

export const emailSchema: PluginSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'email target',
  description: 'Sends every alert as one mail over SMTP.',
  type: 'object',
  additionalProperties: false,
  required: ['type', 'host', 'from', 'to'],
  dependentRequired: { user: ['password'], password: ['user'] },
  properties: {
    type: { const: 'email' },
    host: { type: 'string', minLength: 1, description: 'Host of the mail server.' },
    port: {
      type: 'integer',
      minimum: 1,
      maximum: 65_535,
      default: 587,
      description: 'Its port. With 465 the connection begins with TLS; with any other it changes to TLS (STARTTLS).',
    },
    user: { type: 'string', minLength: 1, description: 'The user to sign in as; default: nobody signs in.' },
    password: { type: 'string', minLength: 1, format: 'password', description: 'The password of the user.' },
    from: { ...address, description: 'Who the mails are from.' },
    to: {
      type: 'array',
      minItems: 1,
      maxItems: 50,
      items: address,
      description: 'Who gets them.',
    },
    severityMap: severityMapSchema({ enum: ['low', 'normal', 'high'] }),
    tls: tlsSchema,
    timeoutSeconds: {
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 300,
      default: 30,
      description:
        'How long the server may take for the connection, its greeting or any answer; for a whole mail four times as long.',
    },
    concurrency: { type: 'integer', minimum: 1, maximum: 16, default: 2, description: 'Mails at a time.' },
    ratePerSecond: { type: 'number', exclusiveMinimum: 0, description: 'Mails a second; default: no limit.' },
  },
};
