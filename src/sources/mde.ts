import { type ApiTraits, LEGACY_END } from './api-traits.ts';
import { huntingPlugin } from './hunting-plugin.ts';

/** The oldest API, device tables only; https://learn.microsoft.com/defender-endpoint/api/run-advanced-query-api, page of 2026-07-28. */
export const traits: ApiTraits = {
  api: 'mde',
  path: '/api/advancedqueries/run',
  hosts: {
    public: 'https://api.securitycenter.microsoft.com',
    gcc: 'https://api-gcc.securitycenter.microsoft.us',
    gcchigh: 'https://api-gov.securitycenter.microsoft.us',
    dod: 'https://api-gov.securitycenter.microsoft.us',
  },
  hasDevicesOnly: true,
  hasRegions: true,
  permission: { application: 'AdvancedQuery.Read.All', delegated: 'AdvancedQuery.Read' },
  retiresOn: LEGACY_END,
  runMinutesPerHour: 10,
  runMinutesPerDay: 180,
};

export const { name, configSchema, create } = huntingPlugin(traits);
