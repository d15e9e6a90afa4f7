import type { Permission } from './auth/token-claims.ts';
import type { ApiName } from './source.ts';

export const CLOUDS = ['public', 'gcc', 'gcchigh', 'dod'] as const;
export type Cloud = (typeof CLOUDS)[number];

/** Hosts close to the tenant that Microsoft offers for its older APIs in the public cloud. */
export const REGIONS = ['us', 'eu', 'uk', 'au', 'swa', 'ina', 'aea'] as const;
export type Region = (typeof REGIONS)[number];

/** What is different between the three hunting APIs. */
export interface ApiTraits {
  readonly api: Exclude<ApiName, 'local'>;
  readonly path: string;
  readonly hosts: Readonly<Record<Cloud, string>>;
  readonly hasRegions: boolean;
  readonly permission: Permission;
  readonly retiresOn: string | null;
  /** Run time that the service allows, in minutes; null: it states none. */
  readonly runMinutesPerHour: number | null;
  readonly runMinutesPerDay: number | null;
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

export function defaultBaseUrl(traits: ApiTraits, cloud: Cloud, region: Region | undefined): string {
  return region && traits.hasRegions && cloud === 'public'
    ? `https://${region}.api.security.microsoft.com`
    : traits.hosts[cloud];
}
