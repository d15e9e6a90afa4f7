import type { PluginSchema } from '../lib/plugin.ts';
import { type ApiWire, huntingWire } from './api-wire.ts';
import type { Permission } from './auth/token-claims.ts';
import type { Cloud, Region } from './clouds.ts';
import type { ApiName, ArrivalTraits } from './source.ts';
import type { SourceConfig } from './source-settings.ts';

/** What is different between the APIs; what is left out is as the hunting APIs have it. */
export interface ApiTraits {
  readonly api: Exclude<ApiName, 'local'>;
  readonly path: string;
  /** Null: the settings say where it is, or the cloud does not have it. */
  readonly hosts: Readonly<Record<Cloud, string | null>>;
  readonly hasRegions: boolean;
  readonly permission: Permission;
  readonly retiresOn: string | null;
  /** Run time that the service allows, in minutes; null: it states none. */
  readonly runMinutesPerHour: number | null;
  readonly runMinutesPerDay: number | null;
  readonly wire?: ApiWire;
  /** Where the settings say it; else the host of the cloud. */
  baseUrl?(config: SourceConfig): string | undefined;
  /** Of tokens; else that of the cloud's host. */
  scope?(config: SourceConfig): string;
  /** What must be granted for a query, in words, where that is a role which no token tells. */
  readonly grant?: string;
  readonly limits?: LimitTraits;
  readonly retentionMs?: number;
  readonly arrival?: Omit<ArrivalTraits, 'timeColumns'>;
  /** Whether it has none of the functions that Defender has beside the language's. */
  readonly lacksDefenderFunctions?: boolean;
  /** Whether a table of it that Defender has under the same name may be another. */
  readonly hasOwnTables?: boolean;
  /** Whether it has the tables of devices only. */
  readonly hasDevicesOnly?: boolean;
  /** Whether there are servers of it that want no token. */
  readonly mayBeUnsigned?: boolean;
  /** Settings that it has beside the usual ones, and those of them that must be given. */
  readonly settings?: {
    readonly properties: Readonly<Record<string, PluginSchema>>;
    readonly required: readonly string[];
  };
}

/** The setting of sources whose tables are what their owner made them. */
export const TIME_COLUMNS: PluginSchema = {
  type: 'object',
  additionalProperties: { type: 'string', minLength: 1 },
  description:
    "By table the column that holds the time of a row, where it is another than Timestamp or TimeGenerated, or than the column of Defender's table of that name.",
};

/** What is used of a service by default, and what it allows, in words. */
export interface LimitTraits {
  readonly callsPerMinute: LimitTrait;
  readonly callsPerHour: LimitTrait;
  readonly maxRows: LimitTrait;
  readonly maxBytes: LimitTrait;
  readonly concurrency: LimitTrait;
  /** Whether what is read is charged for. */
  readonly isCharged?: boolean;
}

export interface LimitTrait {
  readonly value: number;
  readonly says: string;
}

/** As of 2026-07-28. */
export const HUNTING_LIMITS: LimitTraits = {
  callsPerMinute: { value: 40, says: 'Calls in any minute; the service allows 45.' },
  callsPerHour: { value: 1400, says: 'Calls in any hour; the service allows 1,500.' },
  maxRows: { value: 100_000, says: 'Rows of an answer; with exactly as many it counts as truncated.' },
  maxBytes: {
    value: 124_000_000,
    says: 'Bytes of an answer. 124 MB are documented, 50 MB in the page of 2026-07-28.',
  },
  concurrency: { value: 3, says: 'Queries at the same time.' },
};

export function wireOf(traits: ApiTraits): ApiWire {
  return traits.wire ?? huntingWire(traits.path);
}

/** Both older APIs stop on this day (MC1220762 of 2026-01-22, and the overview page of the Graph security API). */
export const LEGACY_END = '2027-02-01';

const LOGIN_HOSTS: Readonly<Record<Cloud, string>> = {
  public: 'https://login.microsoftonline.com',
  gcc: 'https://login.microsoftonline.com',
  gcchigh: 'https://login.microsoftonline.us',
  dod: 'https://login.microsoftonline.us',
};

export function loginHost(cloud: Cloud): string {
  return LOGIN_HOSTS[cloud];
}

/** Tokens are for the cloud's own host, whatever region or stand-in is asked. */
export function defaultScope(traits: ApiTraits, cloud: Cloud): string {
  return `${traits.hosts[cloud]}/.default`;
}

/** Null: the API is not in this cloud. */
export function defaultBaseUrl(traits: ApiTraits, cloud: Cloud, region: Region | undefined): string | null {
  return region && traits.hasRegions && cloud === 'public'
    ? `https://${region}.api.security.microsoft.com`
    : traits.hosts[cloud];
}
