import { DAY_MS, HOUR_MS, MINUTE_MS } from '../lib/duration.ts';
import { type ApiTraits, TIME_COLUMNS } from './api-traits.ts';
import { huntingPlugin } from './hunting-plugin.ts';
import { lakeWire } from './kusto-wire.ts';

/** The data lake of Sentinel, page of 2026-03-26. */
export const traits: ApiTraits = {
  api: 'lake',
  path: '/lake/kql/v2/rest/query',
  hosts: { public: 'https://api.securityplatform.microsoft.com', gcc: null, gcchigh: null, dod: null },
  hasRegions: false,
  permission: { application: 'Log Analytics Reader', delegated: 'SentinelPlatform.DelegatedAccess' },
  retiresOn: null,
  runMinutesPerHour: null,
  runMinutesPerDay: null,
  wire: lakeWire,
  scope: () => '4500ebfb-89b6-4b14-a480-7f749797bfcd/.default',
  grant:
    'Give the application the role Log Analytics Reader on the workspace (az role assignment create); roles of Entra and Defender count for people only.',
  limits: {
    callsPerMinute: { value: 25, says: 'Calls in any minute; the service allows 30.' },
    callsPerHour: { value: 1200, says: 'Calls in any hour; the service states no limit.' },
    maxRows: { value: 500_000, says: 'Rows of an answer; the service gives as many.' },
    maxBytes: { value: 200_000_000, says: 'Bytes of an answer; the service gives 64 MB of its own form.' },
    concurrency: { value: 5, says: 'Queries at the same time; the service runs 10.' },
    isCharged: true,
  },
  lacksDefenderFunctions: true,
  hasOwnTables: true,
  retentionMs: 12 * 365 * DAY_MS,
  arrival: { ingestionTime: 'never', minDelayMs: 15 * MINUTE_MS, minOverlapMs: 4 * HOUR_MS },
  settings: {
    required: [],
    properties: {
      workspace: {
        type: 'string',
        minLength: 1,
        description: 'NAME-ID of the workspace; default is the one of the lake itself.',
      },
      timeColumns: TIME_COLUMNS,
    },
  },
};

export const { name, configSchema, create } = huntingPlugin(traits);
