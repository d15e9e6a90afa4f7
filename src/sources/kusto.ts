import { DAY_MS } from '../lib/duration.ts';
import { type ApiTraits, TIME_COLUMNS } from './api-traits.ts';
import { huntingPlugin } from './hunting-plugin.ts';
import { kustoWire } from './kusto-wire.ts';

/** A database of Azure Data Explorer, Fabric or the Kusto emulator; https://learn.microsoft.com/kusto/api/rest/request. */
export const traits: ApiTraits = {
  api: 'kusto',
  path: '/v2/rest/query',
  hosts: { public: null, gcc: null, gcchigh: null, dod: null },
  hasRegions: false,
  permission: { application: 'Database Viewer', delegated: 'user_impersonation' },
  retiresOn: null,
  runMinutesPerHour: null,
  runMinutesPerDay: null,
  wire: kustoWire,
  baseUrl: ({ cluster }) => cluster,
  scope: ({ cluster = '' }) => `${cluster.replace(/\/+$/, '')}/.default`,
  grant: 'Give the application the role Viewer on source.database (.add database NAME viewers, or the portal).',
  mayBeUnsigned: true,
  limits: {
    callsPerMinute: { value: 120, says: 'Calls in any minute; the cluster limits how many run at a time instead.' },
    callsPerHour: { value: 6000, says: 'Calls in any hour.' },
    maxRows: { value: 500_000, says: 'Rows of an answer; the cluster gives as many.' },
    maxBytes: { value: 200_000_000, says: 'Bytes of an answer; the cluster gives 64 MB of its own form.' },
    concurrency: { value: 4, says: 'Queries at the same time; a cluster runs ten for each core of a node.' },
  },
  hasOwnTables: true,
  retentionMs: 3650 * DAY_MS,
  arrival: { ingestionTime: 'asked', minDelayMs: 0, minOverlapMs: 0 },
  settings: {
    required: ['cluster', 'database'],
    properties: {
      cluster: {
        type: 'string',
        minLength: 1,
        description: 'URL of the cluster, such as https://NAME.REGION.kusto.windows.net.',
      },
      database: { type: 'string', minLength: 1, description: 'Name of the database that queries run in.' },
      timeColumns: TIME_COLUMNS,
      insecure: {
        type: 'boolean',
        default: false,
        description: 'Allows auth.none and http for a cluster that is not on this machine, in a network of your own.',
      },
    },
  },
};

export const { name, configSchema, create } = huntingPlugin(traits);
