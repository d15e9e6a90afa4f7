import { DAY_MS } from '../lib/duration.ts';
import { type ApiTraits, TIME_COLUMNS } from './api-traits.ts';
import type { ApiWire } from './api-wire.ts';
import { tablesAnswer } from './decode/tables-answer.ts';
import { huntingPlugin } from './hunting-plugin.ts';
import { workspaceTables } from './told-tables.ts';

/** The longest that the service lets a query take, in seconds. */
const LONGEST_WAIT = 600;
const GUID = '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$';

const wire: ApiWire = {
  path: ({ workspaces = [] }) => `/v1/workspaces/${workspaces[0]}/query`,
  body: ({ workspaces = [] }, query, { range }) => ({
    query,
    ...(range && { timespan: `${new Date(range.from).toISOString()}/${new Date(range.to).toISOString()}` }),
    ...(workspaces.length > 1 && { workspaces: workspaces.slice(1) }),
  }),
  headers: ({ timeoutSeconds }) => ({
    prefer: `wait=${Math.min(LONGEST_WAIT, Math.ceil(timeoutSeconds))}, include-statistics=true`,
  }),
  answer: tablesAnswer,
  catalog: { path: ({ workspaces = [] }) => `/v1/workspaces/${workspaces[0]}/metadata`, read: workspaceTables },
};

/** Workspaces of Log Analytics, with or without Sentinel; https://learn.microsoft.com/azure/azure-monitor/logs/api/overview. */
export const traits: ApiTraits = {
  api: 'loganalytics',
  path: '/v1/workspaces/{id}/query',
  hosts: {
    public: 'https://api.loganalytics.azure.com',
    gcc: 'https://api.loganalytics.azure.com',
    gcchigh: 'https://api.loganalytics.us',
    dod: 'https://api.loganalytics.us',
  },
  hasRegions: false,
  permission: { application: 'Data.Read', delegated: 'Data.Read' },
  retiresOn: null,
  runMinutesPerHour: null,
  runMinutesPerDay: null,
  wire,
  // Tokens of the public cloud are for the older of its two hosts.
  scope: ({ cloud }) =>
    cloud === 'public' || cloud === 'gcc'
      ? 'https://api.loganalytics.io/.default'
      : 'https://api.loganalytics.us/.default',
  grant:
    'Give the application the role Log Analytics Reader on each workspace of source.workspaces (az role assignment create); it takes up to an hour.',
  limits: {
    callsPerMinute: { value: 200, says: 'Calls in any minute; the service allows 200 in 30 seconds.' },
    callsPerHour: { value: 10_000, says: 'Calls in any hour; the service states no limit.' },
    maxRows: { value: 500_000, says: 'Rows of an answer; the service gives as many.' },
    maxBytes: { value: 124_000_000, says: 'Bytes of an answer; the service gives about 100 MB.' },
    concurrency: { value: 4, says: 'Queries at the same time; the service runs 5 of one application.' },
    isCharged: true,
  },
  lacksDefenderFunctions: true,
  hasOwnTables: true,
  retentionMs: 90 * DAY_MS,
  settings: {
    required: ['workspaces'],
    properties: {
      workspaces: {
        type: 'array',
        minItems: 1,
        maxItems: 100,
        uniqueItems: true,
        items: { type: 'string', pattern: GUID, 'x-hint': 'write the workspace id, a GUID' },
        description: 'Ids of workspaces: the first is asked, and the others together with it.',
      },
      timeColumns: TIME_COLUMNS,
    },
  },
};

export const { name, configSchema, create } = huntingPlugin(traits);
