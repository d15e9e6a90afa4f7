import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { Registries } from '../../src/config/registries.ts';
import { HuntwireError } from '../../src/lib/errors.ts';

const text = { type: 'string' };
const secret = { type: 'string', minLength: 3, format: 'password' };
const path = { type: 'string', 'x-path': true };

const limits = {
  type: 'object',
  additionalProperties: false,
  properties: { perMinute: { type: 'integer', minimum: 1, default: 40 }, perHour: { type: 'integer' } },
};

function sourceSchema(api: string, more: object = {}) {
  const properties = { api: { const: api }, baseUrl: text, caFile: path, limits, ...more };
  return { configSchema: { type: 'object', additionalProperties: false, properties } };
}

/** Small plugins that show every annotation a schema may have. */
export const REGISTRIES: Registries = {
  sources: new Map([
    ['graph', sourceSchema('graph', { cloud: { enum: ['public', 'dod'], default: 'public' } })],
    ['local', sourceSchema('local', { path })],
  ]),
  auth: {
    type: 'object',
    additionalProperties: false,
    properties: {
      tenantId: text,
      clientId: text,
      authority: text,
      clientSecret: secret,
      certificateFile: path,
      privateKeyFile: path,
      passphrase: secret,
      federatedTokenFile: path,
      managedIdentity: { type: 'boolean' },
      deviceCode: { const: true },
    },
  },
  targets: new Map([
    [
      'hook',
      {
        configSchema: {
          type: 'object',
          additionalProperties: false,
          required: ['type', 'url'],
          properties: {
            type: { const: 'hook' },
            url: text,
            format: { type: 'string', default: 'native' },
            port: { type: 'integer', default: 443 },
            tls: { type: 'object', additionalProperties: false, properties: { caFile: path } },
            verify: { type: 'boolean' },
            headers: { type: 'object', additionalProperties: secret },
            signing: {
              type: 'object',
              additionalProperties: false,
              required: ['secrets'],
              properties: { secrets: { type: 'array', minItems: 1, items: secret } },
            },
          },
        },
      },
    ],
    [
      'print',
      { configSchema: { type: 'object', additionalProperties: false, properties: { type: { const: 'print' } } } },
    ],
  ]),
  formats: new Map([
    ['native', null],
    ['cef', null],
  ]),
};

export const FILE = '/etc/huntwire/huntwire.yaml';

export interface World {
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

/** Loads a configuration that stands in FILE, in a world of these variables and files. */
export function load(yaml: string, world: World = {}): Config {
  const files: Readonly<Record<string, string>> = { [FILE]: yaml, ...world.files };
  const readFile = (name: string): string => {
    const found = files[name];
    if (found === undefined) throw Object.assign(new Error(`no such file: ${name}`), { code: 'ENOENT' });
    return found;
  };
  return loadConfig(FILE, { registries: REGISTRIES, env: world.env ?? {}, readFile });
}

/** The error that loading must end with. */
export function failure(yaml: string, world: World = {}): HuntwireError {
  try {
    load(yaml, world);
  } catch (error) {
    if (error instanceof HuntwireError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

/** `line:column message` of every problem. */
export function problems(yaml: string, world: World = {}): string[] {
  return failure(yaml, world).problems.map((one) => `${one.line}:${one.column} ${one.message}`);
}
