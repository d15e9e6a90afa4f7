import type { PluginSchema } from '../lib/plugin.ts';

const path = { type: 'string', minLength: 1, 'x-path': true };

/** The `tls` block that webhook and syslog share; it is read by loadTls. */
export const tlsSchema: PluginSchema = {
  type: 'object',
  additionalProperties: false,
  description: 'Certificates, for connections over TLS.',
  dependentRequired: { certFile: ['keyFile'], keyFile: ['certFile'] },
  properties: {
    caFile: { ...path, description: 'PEM file with a CA to trust in addition to the usual ones.' },
    certFile: { ...path, description: 'PEM file with the client certificate and its chain.' },
    keyFile: { ...path, description: 'PEM file with the key of the client certificate.' },
    passphrase: { type: 'string', format: 'password', description: 'Passphrase of the key file.' },
    servername: { type: 'string', minLength: 1, description: 'Name to expect in the certificate, if not the host.' },
  },
};

/** The `format` setting that every target has; config checks the name against the formats registry. */
export const formatSchema: PluginSchema = {
  type: 'string',
  default: 'native',
  description: 'The format of the payload.',
};

/** The same for a target that sends a payload's headers, too. */
export const formatWithHeadersSchema: PluginSchema = { ...formatSchema, 'x-headers': true };

/** A text such as `90s` or `15m`; whoever reads it checks its bounds. */
export const durationSchema = {
  type: 'string',
  pattern: '^(?:\\d+(?:\\.\\d+)?(?:ms|s|m|h|d))+$',
  'x-hint': 'write a duration such as 30s, 15m or 4h',
};

/** Private networks that may be reached all the same. */
export const allowPrivateSchema: PluginSchema = {
  type: 'array',
  items: { type: 'string', pattern: '^[0-9A-Fa-f:.]+/[0-9]{1,3}$', 'x-hint': 'a network such as 10.1.0.0/16' },
  description: 'Networks (10.1.0.0/16) that may be reached; all other private addresses are refused then.',
};
