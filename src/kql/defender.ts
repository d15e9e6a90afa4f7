import schema from '../../schemas/defender.json' with { type: 'json' };
import { DAY_MS } from '../lib/duration.ts';
import type { Foreign } from './parser/foreign.ts';
import { buildGlobals, type KqlSchema } from './parser/globals.ts';
import { addedTable, addedTables, addedVersion, ownTable } from './schemas/added-tables.ts';
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
/** A workspace writes each of its own anew every 14 days only. */
const OWN_LOOKBACK_MS = 15 * DAY_MS;

/** How far back an entity table is looked up. */
export function entityLookbackMs(table: string): number {
  return ownTable(table) ? OWN_LOOKBACK_MS : ENTITY_LOOKBACK_MS;
}

const TABLES: ReadonlyMap<string, readonly Column[]> = new Map(
  Object.entries(schema.tables as Record<string, Record<string, string>>).map(([name, columns]) => [
    name,
    Object.entries(columns).map(([column, type]) => ({ name: column, type: type as Column['type'] })),
  ]),
);

/** Columns of a Defender table, or of one that was added, or null where the schema does not have it. Names are case sensitive, as in the service. */
export function columnsOfTable(table: string): readonly Column[] | null {
  return ownTable(table)?.columns ?? TABLES.get(table) ?? addedTable(table)?.columns ?? null;
}

/** All tables as they are known now. */
interface Known {
  readonly version: string;
  readonly tables: Readonly<Record<string, readonly Column[]>>;
  readonly names: readonly string[];
  readonly columnNames: ReadonlySet<string>;
}

let known: Known | null = null;

function knownNow(): Known {
  const version = addedVersion();
  if (known?.version === version) return known;
  const added = Object.entries(addedTables()).map(([name, { columns }]) => [name, columns] as const);
  const own = added.filter(([name]) => ownTable(name) !== null);
  const tables = Object.fromEntries([...added, ...TABLES, ...own]);
  const columnNames = new Set(Object.values(tables).flatMap((columns) => columns.map(({ name }) => name)));
  known = { version, tables, names: Object.keys(tables), columnNames };
  return known;
}

/** Whether any table has a column that is written so. */
export function isColumnName(name: string): boolean {
  return knownNow().columnNames.has(name);
}

/** Names of all Defender tables, and of those that were added. */
export function defenderTables(): readonly string[] {
  return knownNow().names;
}

export function isEntityTable(table: string): boolean {
  return ENTITY_TABLES.has(table);
}

/** Columns by which an entity table's rows are those of one entity; none for other tables. */
export function entityIds(table: string): readonly string[] {
  return ENTITY_TABLES.get(table) ?? [];
}

/** `Timestamp`, else `TimeGenerated`, else null; of a table that was added what its file says; undefined for a table that the schema does not have. */
export function timeColumnOf(table: string): string | null | undefined {
  const columns = TABLES.get(table);
  const added = columns ? ownTable(table) : addedTable(table);
  if (added) return added.time;
  if (!columns) return undefined;
  const names = columns.filter((column) => column.type === 'datetime').map((column) => column.name);
  return ['Timestamp', 'TimeGenerated'].find((name) => names.includes(name)) ?? null;
}

/** Whether rows of a table belong to a device; unknown tables count as device-less. */
export function hasDevices(table: string): boolean {
  return columnsOfTable(table)?.some((column) => column.name === 'DeviceId' || column.name === 'DeviceName') ?? false;
}

/** The schema as the parser needs it. */
export function defenderSchema(): KqlSchema {
  return { tables: knownNow().tables, functions: DEFENDER_FUNCTIONS };
}

let globals: { readonly of: Known; readonly view: Promise<Foreign> } | null = null;

/** The parser's view of the schema, built once in a process as long as no tables are added. */
export function defenderGlobals(): Promise<Foreign> {
  const now = knownNow();
  if (globals?.of !== now) globals = { of: now, view: buildGlobals(defenderSchema()) };
  return globals.view;
}
