import type { ApiTraits } from './api-traits.ts';
import { huntingPlugin } from './hunting-plugin.ts';

/** The API with a future; https://learn.microsoft.com/graph/api/security-security-runhuntingquery. */
export const traits: ApiTraits = {
  api: 'graph',
  path: '/v1.0/security/runHuntingQuery',
  hosts: {
    public: 'https://graph.microsoft.com',
    gcc: 'https://graph.microsoft.com',
    gcchigh: 'https://graph.microsoft.us',
    dod: 'https://dod-graph.microsoft.us',
  },
  hasRegions: false,
  permission: { application: 'ThreatHunting.Read.All', delegated: 'ThreatHunting.Read.All' },
  retiresOn: null,
  runMinutesPerHour: null,
  runMinutesPerDay: null,
};

export const { name, configSchema, create } = huntingPlugin(traits);
