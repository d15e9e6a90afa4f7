import type { PluginSchema } from '../../lib/plugin.ts';
import type { Secret } from '../../lib/secret.ts';
import type { TlsFiles } from '../../lib/tls.ts';
import { type BatchSettings, batchProperties } from '../batch/batch-settings.ts';
import { allowPrivateSchema, formatWithHeadersSchema, tlsSchema } from '../shared-schema.ts';
import type { SuccessSettings } from './answer-success.ts';
import { type RequestAuth, requestAuthSchema } from './request-auth.ts';
import type { BatchForm } from './webhook-batch.ts';

const secret = { type: 'string', minLength: 1, format: 'password' };

/** What a receiver of its own kind wants: `{{ JSONata }}` in texts of a tree, of headers and of the path. */
export interface TemplateSettings {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, Secret>>;
  readonly body?: unknown;
}

/** Settings of a webhook target; what may be missing has the default of `configSchema`. */
export interface WebhookConfig {
  readonly type: 'webhook';
  readonly url: Secret;
  readonly format?: string;
  readonly auth?: RequestAuth;
  readonly headers?: Readonly<Record<string, Secret>>;
  readonly signing?: { readonly secrets: readonly Secret[]; readonly style?: 'standard' | 'github' };
  readonly template?: TemplateSettings;
  readonly success?: SuccessSettings;
  readonly compress?: 'gzip';
  readonly traceparent?: boolean;
  readonly batch?: BatchSettings & { readonly as?: BatchForm };
  readonly tls?: TlsFiles;
  readonly proxy?: Secret;
  readonly timeoutSeconds?: number;
  readonly concurrency?: number;
  readonly ratePerSecond?: number;
  readonly refusePrivateAddresses?: boolean;
  readonly allowPrivate?: readonly string[];
}

export const webhookSchema: PluginSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'webhook target',
  description: 'Sends every alert, or several together, as one signed HTTP request.',
  type: 'object',
  additionalProperties: false,
  required: ['type', 'url'],
  properties: {
    type: { const: 'webhook' },
    url: {
      ...secret,
      pattern: '^https?://',
      'x-hint': 'begin it with https:// (or http://)',
      maxLength: 8000,
      description:
        'Where alerts are posted; user and password go into auth.basic. Handled as a secret, as it may hold a key.',
    },
    format: formatWithHeadersSchema,
    auth: requestAuthSchema,
    headers: {
      type: 'object',
      additionalProperties: { type: 'string', format: 'password' },
      description: 'Further request headers; every value is handled as a secret.',
    },
    signing: {
      type: 'object',
      additionalProperties: false,
      required: ['secrets'],
      description: 'Signs requests.',
      properties: {
        secrets: {
          type: 'array',
          minItems: 1,
          maxItems: 5,
          items: secret,
          description:
            'One signature is sent for each, so that they can be rotated. whsec_… is base64, any other text is used as it is.',
        },
        style: {
          enum: ['standard', 'github'],
          default: 'standard',
          description: 'As Standard Webhooks describes, or X-Hub-Signature-256 with the first secret.',
        },
      },
    },
    batch: {
      type: 'object',
      additionalProperties: false,
      required: ['as'],
      description: 'Sends several alerts in one request; default: one request an alert.',
      properties: {
        as: { enum: ['array', 'ndjson'], description: 'A JSON array, or one payload a line.' },
        ...batchProperties,
      },
    },
    template: {
      type: 'object',
      additionalProperties: false,
      minProperties: 1,
      description: 'What is sent in place of a format: texts with {{ JSONata }} over the alert.',
      properties: {
        body: { description: 'Any JSON; a text that is one place alone keeps the type of its value.' },
        headers: {
          type: 'object',
          additionalProperties: { type: 'string', format: 'password' },
          description: 'Headers of the request; handled as secrets.',
        },
        path: { type: 'string', minLength: 1, description: 'Behind the address of url; values are encoded.' },
      },
    },
    success: {
      type: 'object',
      additionalProperties: false,
      minProperties: 1,
      description: 'When an answer means that the alert was taken; default: any 2xx.',
      properties: {
        status: {
          type: 'array',
          minItems: 1,
          items: { type: 'string', pattern: '^[1-5](?:xx|[0-9]{2})$', 'x-hint': '2xx, or a status such as 202' },
          description: 'Statuses, such as 2xx or 409.',
        },
        body: { type: 'string', minLength: 1, description: 'JSONata over the answer; it must give true.' },
      },
    },
    compress: { enum: ['gzip'], description: 'Compresses bodies; signatures are of what is sent.' },
    traceparent: {
      type: 'boolean',
      default: false,
      description: 'Sends traceparent (W3C Trace Context); the trace id is the alert id.',
    },
    tls: tlsSchema,
    proxy: {
      ...secret,
      pattern: '^https?://',
      'x-hint': 'begin it with https:// (or http://)',
      description: 'Proxy URL, may hold user and password; default: HTTPS_PROXY and NO_PROXY.',
    },
    timeoutSeconds: {
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 300,
      default: 15,
      description: 'Time for a whole request, from the connection to the answer; behind its status an answer has 5 s.',
    },
    concurrency: { type: 'integer', minimum: 1, maximum: 256, default: 4, description: 'Requests at a time.' },
    ratePerSecond: { type: 'number', exclusiveMinimum: 0, description: 'Requests a second; default: no limit.' },
    refusePrivateAddresses: {
      type: 'boolean',
      default: false,
      description:
        'Refuses private, loopback and link-local addresses; not with a proxy, which resolves the name itself.',
    },
    allowPrivate: allowPrivateSchema,
  },
};
