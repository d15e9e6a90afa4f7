import schema from '../../schemas/defender.json' with { type: 'json' };
import { DAY_MS } from '../lib/duration.ts';
import type { Foreign } from './parser/foreign.ts';
import { buildGlobals, type KqlSchema } from './parser/globals.ts';
import { DEFENDER_FUNCTIONS } from './stored-functions.ts';
import type { Column } from './types.ts';

/** Month of the public reference that the tables were read from. */
export const SCHEMA_DATE: string = schema.date;

const ACCOUNT_IDS = ['AccountObjectId', 'AccountUpn', 'AccountSid'];

/** Tables with one consolidated row a day and entity, with the columns that name it: looked up, and searched 7 days back. */
const ENTITY_TABLES: ReadonlyMap<string, readonly string[]> = new Map([
  ['DeviceInfo', ['DeviceId']],
  ['DeviceNetworkInfo', ['DeviceId']],
  ['IdentityInfo', ACCOUNT_IDS],
  ['IdentityAccountInfo', ACCOUNT_IDS],
  ['DeviceFileCertificateInfo', ['SHA1']],
  ['OAuthAppInfo', ['OAuthAppId']],
  ['AgentsInfo', []],
  ['AIAgentsInfo', []],
  ['CampaignInfo', ['CampaignId']],
]);

export const ENTITY_LOOKBACK_MS = 7 * DAY_MS;

const TABLES: ReadonlyMap<string, readonly Column[]> = new Map(
  Object.entries(schema.tables as Record<string, Record<string, string>>).map(([name, columns]) => [
    name,
    Object.entries(columns).map(([column, type]) => ({ name: column, type: type as Column['type'] })),
  ]),
);

/** Columns of a Defender table, or null where the schema does not have it. Names are case sensitive, as in the service. */
export function columnsOfTable(table: string): readonly Column[] | null {
  return TABLES.get(table) ?? null;
}

const COLUMN_NAMES: ReadonlySet<string> = new Set([...TABLES.values()].flat().map(({ name }) => name));

/** Whether any Defender table has a column that is written so. */
export function isColumnName(name: string): boolean {
  return COLUMN_NAMES.has(name);
}

/** Names of all Defender tables. */
export function defenderTables(): readonly string[] {
  return [...TABLES.keys()];
}

export function isEntityTable(table: string): boolean {
  return ENTITY_TABLES.has(table);
}

/** Columns by which an entity table's rows are those of one entity; none for other tables. */
export function entityIds(table: string): readonly string[] {
  return ENTITY_TABLES.get(table) ?? [];
}

/** `Timestamp`, else `TimeGenerated`, else null; undefined for a table that the schema does not have. */
export function timeColumnOf(table: string): string | null | undefined {
  const columns = TABLES.get(table);
  if (!columns) return undefined;
  const names = columns.filter((column) => column.type === 'datetime').map((column) => column.name);
  return ['Timestamp', 'TimeGenerated'].find((name) => names.includes(name)) ?? null;
}

/** Whether rows of a table belong to a device; unknown tables count as device-less. */
export function hasDevices(table: string): boolean {
  return TABLES.get(table)?.some((column) => column.name === 'DeviceId' || column.name === 'DeviceName') ?? false;
}

/** The schema as the parser needs it. */
export function defenderSchema(): KqlSchema {
  return { tables: Object.fromEntries(TABLES), functions: DEFENDER_FUNCTIONS };
}

let globals: Promise<Foreign> | null = null;

/** The parser's view of the Defender schema, built once in a process. */
export function defenderGlobals(): Promise<Foreign> {
  globals ??= buildGlobals(defenderSchema());
  return globals;
}
