import type { PluginSchema } from '../../lib/plugin.ts';
import { formatSchema, tlsSchema } from '../shared-schema.ts';
import { FACILITIES } from './settings.ts';

export const syslogSchema: PluginSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'syslog target',
  description: 'Sends every alert as one syslog message.',
  type: 'object',
  additionalProperties: false,
  required: ['type', 'host'],
  properties: {
    type: { const: 'syslog' },
    host: {
      type: 'string',
      minLength: 1,
      description: 'Name or address of the receiver, also as `name:514` or `[::1]:514`.',
    },
    port: {
      type: 'integer',
      minimum: 1,
      maximum: 65_535,
      description: 'Default: 6514 for tls, 2514 for relp, else 514.',
    },
    failover: {
      type: 'array',
      minItems: 1,
      maxItems: 16,
      description:
        'Receivers that take the place of one that fails, in this order: `{host, port}`, port as above where it is left out. Not over udp.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['host'],
        description: 'One receiver.',
        properties: {
          host: { type: 'string', minLength: 1, description: 'Name or address.' },
          port: { type: 'integer', minimum: 1, maximum: 65_535, description: 'Its port.' },
        },
      },
    },
    protocol: {
      enum: ['udp', 'tcp', 'tls', 'relp'],
      default: 'tcp',
      description:
        'How messages travel. udp may lose them, relp is acknowledged by the receiver; tls is 1.2 or newer, and relp is over TLS where there is a `tls` block.',
    },
    framing: {
      enum: ['octet', 'lf'],
      default: 'octet',
      description:
        'How tcp and tls tell messages apart: by a length in front (RFC 6587, RFC 5425) or a line feed behind.',
    },
    header: {
      enum: ['rfc5424', 'rfc3164'],
      default: 'rfc5424',
      description: 'The header in front of the payload; rfc3164 has its times in UTC.',
    },
    format: formatSchema,
    facility: { enum: [...FACILITIES], default: 'local0', description: 'The syslog facility.' },
    appName: { type: 'string', minLength: 1, maxLength: 48, default: 'huntwire', description: 'APP-NAME, or TAG.' },
    hostname: { type: 'string', minLength: 1, maxLength: 255, description: 'HOSTNAME; default: this machine’s name.' },
    enterpriseNumber: {
      type: 'integer',
      minimum: 1,
      maximum: 4_294_967_295,
      description:
        'Your IANA enterprise number; with it, rfc5424 messages carry structured data: messageId, alertId, revision, status, severity, tenant, ruleId, ruleName.',
    },
    maxMessageBytes: {
      type: 'integer',
      minimum: 480,
      maximum: 1_048_576,
      description:
        'Largest message; alerts are shrunk to fit. Default: 2,048 over udp, else 8,000; over udp at most 65,507.',
    },
    tls: tlsSchema,
  },
};
