import { type ApiTraits, LEGACY_END } from './api-traits.ts';
import { huntingPlugin } from './hunting-plugin.ts';

/** The older API of Defender XDR; https://learn.microsoft.com/defender-xdr/api-advanced-hunting. */
export const traits: ApiTraits = {
  api: 'xdr',
  path: '/api/advancedhunting/run',
  hosts: {
    public: 'https://api.security.microsoft.com',
    gcc: 'https://api-gcc.security.microsoft.us',
    gcchigh: 'https://api-gov.security.microsoft.us',
    dod: 'https://api-gov.security.microsoft.us',
  },
  hasRegions: true,
  permission: { application: 'AdvancedHunting.Read.All', delegated: 'AdvancedHunting.Read' },
  retiresOn: LEGACY_END,
  runMinutesPerHour: null,
  runMinutesPerDay: null,
};

export const { name, configSchema, create } = huntingPlugin(traits);
