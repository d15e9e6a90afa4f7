import { randomUUID } from 'node:crypto';
import type { ApiWire } from './api-wire.ts';
import { kustoAnswer } from './decode/kusto-answer.ts';
import type { QueryRequest } from './source.ts';
import type { SourceConfig } from './source-settings.ts';
import { databaseTables } from './told-tables.ts';

/** The longest that Kusto lets a query take, in seconds. */
const LONGEST = 3600;

/** A database of Kusto, asked by version 2. Nothing may be written, not even by a function that the query calls. */
export const kustoWire: ApiWire = {
  path: () => '/v2/rest/query',
  body: (config, csl, request) => ({ db: config.database, csl, properties: { Options: optionsOf(config, request) } }),
  headers: () => ({ 'x-ms-app': 'huntwire', 'x-ms-readonly': 'true', 'x-ms-client-request-id': randomUUID() }),
  answer: kustoAnswer,
  catalog: {
    path: () => '/v1/rest/mgmt',
    body: ({ database }) => ({ db: database, csl: '.show database schema as json' }),
    read: databaseTables,
  },
};

/** The data lake answers as Kusto does, in either form, and takes no options that its page does not name. */
export const lakeWire: ApiWire = {
  path: () => '/lake/kql/v2/rest/query',
  body: ({ workspace = 'default' }, csl) => ({ db: workspace, csl }),
  answer: kustoAnswer,
};

function optionsOf({ timeoutSeconds }: SourceConfig, { asOf }: QueryRequest): Readonly<Record<string, unknown>> {
  return {
    servertimeout: clockText(Math.min(LONGEST, Math.ceil(timeoutSeconds))),
    request_readonly_hardline: true,
    results_progressive_enabled: false,
    results_error_reporting_placement: 'end_of_dataset',
    request_app_name: 'huntwire',
    // What the query calls now is a literal already; functions that the database keeps have theirs from here.
    ...(asOf !== undefined && { query_now: new Date(asOf).toISOString() }),
  };
}

/** `00:03:20` */
function clockText(seconds: number): string {
  const two = (number: number): string => String(Math.floor(number)).padStart(2, '0');
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}
