import type { PluginSchema } from '../lib/plugin.ts';
import { type ApiTraits, HUNTING_LIMITS, type LimitTrait } from './api-traits.ts';
import { CLOUDS, REGIONS } from './clouds.ts';
import type { QuotaLimits } from './source.ts';
import type { SourceLimits } from './source-settings.ts';

/** JSON Schema of the settings of one API, with its defaults. */
export function sourceSchema(traits: ApiTraits): PluginSchema {
  return {
    type: 'object',
    additionalProperties: false,
    required: ['api', ...(traits.settings?.required ?? [])],
    properties: {
      api: { const: traits.api, description: 'Which API runs the queries.' },
      ...traits.settings?.properties,
      cloud: { enum: CLOUDS, default: 'public', description: 'Microsoft cloud of the tenant.' },
      ...(traits.hasRegions && {
        region: { enum: REGIONS, description: 'Server close to the tenant, public cloud only.' },
      }),
      baseUrl: {
        type: 'string',
        minLength: 1,
        description: 'Replaces scheme and host of the API; http only on loopback.',
      },
      scope: {
        type: 'string',
        minLength: 1,
        description: 'Scope of the token, where the default of the cloud does not fit.',
      },
      proxy: {
        type: 'string',
        minLength: 1,
        format: 'password',
        description: 'URL of an HTTP proxy; default HTTPS_PROXY, HTTP_PROXY and NO_PROXY.',
      },
      caFile: { type: 'string', 'x-path': true, description: 'PEM file of a CA to trust beside the usual ones.' },
      timeoutSeconds: {
        type: 'number',
        minimum: 1,
        maximum: 3600,
        default: 240,
        description:
          'Time for one query, its token included. The services stop after 200 s (page of 2026-07-28) or 180 s; the older page of mde says 600 s.',
      },
      limits: limitsSchema(traits),
      pack: PACK_SCHEMA,
    },
  };
}

const PACK_SCHEMA: PluginSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['rules'],
  description: 'Ask several rules in one call while calls are short; each goes alone where this is left out.',
  properties: {
    rules: {
      type: 'integer',
      minimum: 1,
      maximum: 16,
      description: 'So many rules in one call at most; 1: each alone.',
    },
  },
};

const PRICE_SCHEMA: PluginSchema = {
  type: 'number',
  exclusiveMinimum: 0,
  description:
    'What the service charges for a GB that a query reads, in your currency: plan and doctor tell the price with it.',
};

function limitsSchema(traits: ApiTraits): PluginSchema {
  const limits = traits.limits ?? HUNTING_LIMITS;
  const minutes = (value: number | null, period: string) => ({
    type: 'number',
    exclusiveMinimum: 0,
    ...(value !== null && { default: value }),
    description: `Run time to use in any ${period}${value === null ? '; not limited by default' : `; the service allows ${value}`}.`,
  });
  return {
    type: 'object',
    additionalProperties: false,
    default: {},
    description: 'What to use of the quota of the service, and the size of an answer. As of 2026-07-28.',
    properties: {
      callsPerMinute: count(limits.callsPerMinute),
      callsPerHour: count(limits.callsPerHour),
      runMinutesPerHour: minutes(traits.runMinutesPerHour, 'hour'),
      runMinutesPerDay: minutes(traits.runMinutesPerDay, 'day'),
      maxRows: count(limits.maxRows),
      maxBytes: count(limits.maxBytes),
      concurrency: count(limits.concurrency),
      ...(limits.isCharged && { pricePerGb: PRICE_SCHEMA }),
    },
  };
}

function count({ value, says }: LimitTrait): PluginSchema {
  return { type: 'integer', minimum: 1, default: value, description: says };
}

export function quotaLimits(limits: SourceLimits): QuotaLimits {
  const seconds = (minutes: number | undefined) => (minutes === undefined ? null : minutes * 60);
  return {
    callsPerMinute: limits.callsPerMinute,
    callsPerHour: limits.callsPerHour,
    runSecondsPerHour: seconds(limits.runMinutesPerHour),
    runSecondsPerDay: seconds(limits.runMinutesPerDay),
    concurrency: limits.concurrency,
  };
}
