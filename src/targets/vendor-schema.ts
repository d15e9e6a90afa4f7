import type { PluginSchema } from '../lib/plugin.ts';
import { batchSchema } from './batch/batch-settings.ts';
import { allowPrivateSchema, tlsSchema } from './shared-schema.ts';

const secret = { type: 'string', minLength: 1, format: 'password' };
const address = { ...secret, pattern: '^https?://', 'x-hint': 'begin it with https:// (or http://)' };
const words = { anyOf: [{ type: 'string' }, { type: 'integer' }] };

interface VendorSchema {
  readonly type: string;
  readonly description: string;
  readonly required: readonly string[];
  readonly properties: PluginSchema;
  /** The base address where none is given; null: it must be given. */
  readonly url: string | null;
  readonly ratePerSecond?: number;
  /** What the vendor takes for a severity; left out: any word or whole number. What it does not take would make a dead letter of every alert. */
  readonly severity?: PluginSchema;
  /** Whether it sends batches. */
  readonly batch?: boolean;
}

/** A secret of a vendor's settings. */
export function secretSchema(description: string): PluginSchema {
  return { ...secret, description };
}

/** The settings of a target of a vendor: its own, and those that all of them have. */
export function vendorSchema(vendor: VendorSchema): PluginSchema {
  const { type, description, required, properties, url, ratePerSecond, severity = words, batch = false } = vendor;
  const usual = url === null ? 'Base address.' : `Base address; default: ${url}.`;
  const unit = batch ? 'Requests' : 'Deliveries';
  const limit = ratePerSecond === undefined ? 'default: no limit' : 'the vendor takes no more';
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `${type} target`,
    description,
    type: 'object',
    additionalProperties: false,
    required: ['type', ...(url === null ? ['url'] : []), ...required],
    properties: {
      type: { const: type },
      ...properties,
      url: { ...address, maxLength: 8000, description: `${usual} Handled as a secret, as it may hold a key.` },
      severityMap: severityMapSchema(severity),
      ...(batch && { batch: batchSchema }),
      tls: tlsSchema,
      proxy: { ...address, description: 'Proxy URL, may hold user and password; default: HTTPS_PROXY and NO_PROXY.' },
      timeoutSeconds: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 300,
        default: 15,
        description: 'Time for one request, from the connection to the answer; behind its status an answer has 5 s.',
      },
      concurrency: { type: 'integer', minimum: 1, maximum: 256, default: 4, description: `${unit} at a time.` },
      ratePerSecond: {
        type: 'number',
        exclusiveMinimum: 0,
        description: `${unit} a second; ${limit}.`,
        ...(ratePerSecond !== undefined && { default: ratePerSecond }),
      },
      allowPrivate: allowPrivateSchema,
      refusePrivateAddresses: {
        type: 'boolean',
        default: false,
        description:
          'Refuses private, loopback and link-local addresses; not with a proxy, which resolves the name itself.',
      },
    },
  };
}

/** A number, also written as text: what comes out of the environment is one. */
export function numberSchema(numbers: readonly number[]): PluginSchema {
  return { enum: [...numbers, ...numbers.map(String)] };
}

/** What may be said for each severity. */
export function severityMapSchema(severity: PluginSchema): PluginSchema {
  return {
    type: 'object',
    additionalProperties: false,
    description: "The vendor's word or number for a severity, where the usual one does not fit.",
    properties: Object.fromEntries(
      ['informational', 'low', 'medium', 'high', 'critical'].map((name) => [
        name,
        { ...severity, description: `For ${name} alerts.` },
      ]),
    ),
  };
}
