import type { EmulatedApplication } from './token.ts';

/** The application that the stand-in knows where nobody says otherwise: no secret, since it opens nothing but a stand-in. */
export const EMULATED_APPLICATION: EmulatedApplication = {
  tenantId: '11111111-2222-3333-4444-555555555555',
  clientId: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
  clientSecret: 'emulated-secret',
  certificates: [],
  roles: [
    'ThreatHunting.Read.All',
    'AdvancedHunting.Read.All',
    'AdvancedQuery.Read.All',
    'Data.Read',
    'Database Viewer',
  ],
  expiresInSeconds: 3599,
};

/** Where the stand-in takes alerts, as a receiver of webhooks that accepts all. */
export const RECEIVER_PATH = '/_emulator/alerts';
