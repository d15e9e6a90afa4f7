import type { Column } from '../kql/types.ts';
import { columnType } from './decode/column-types.ts';
import { invalid } from './decode/decode-state.ts';
import type { ToldTable } from './source.ts';

/** No database has as many tables, and no table as many columns. */
const MOST_TABLES = 20_000;
const MOST_COLUMNS = 10_000;
/** In the order of preference. */
const TIME_COLUMNS: readonly string[] = ['Timestamp', 'TimeGenerated'];

type Bag = Readonly<Record<string, unknown>>;

/** The answer to `.show database schema as json`: one cell holds `{"Databases": {NAME: {"Tables": {NAME: {"OrderedColumns": [{"Name", "CslType"}]}}}}}`. */
export function databaseTables(answer: unknown): ReadonlyMap<string, ToldTable> {
  const [table] = listOf(bag(answer)?.Tables);
  const cell = listOf(listOf(bag(table)?.Rows)[0])[0];
  const databases = Object.values(bag(bag(parsed(cell))?.Databases) ?? {});
  const tables = bag(bag(databases[0])?.Tables);
  if (!tables) throw invalid('it tells no tables of the database');
  return tablesOf(
    Object.entries(tables).map(([name, one]) => {
      const columns = listOf(bag(one)?.OrderedColumns).map((column) => {
        const { Name, CslType, Type } = bag(column) ?? {};
        return [Name, CslType ?? Type] as const;
      });
      return { name, columns, time: null };
    }),
  );
}

/** The answer of the metadata of a workspace: `{"tables": [{"name", "timespanColumn", "columns": [{"name", "type"}]}]}`. */
export function workspaceTables(answer: unknown): ReadonlyMap<string, ToldTable> {
  const tables = bag(answer)?.tables;
  if (!Array.isArray(tables)) throw invalid('it tells no tables of the workspace');
  return tablesOf(
    tables.map((one) => {
      const { name, timespanColumn, columns } = bag(one) ?? {};
      const pairs = listOf(columns).map((column) => [bag(column)?.name, bag(column)?.type] as const);
      return { name, columns: pairs, time: timespanColumn };
    }),
  );
}

interface RawTable {
  readonly name: unknown;
  readonly columns: readonly (readonly [name: unknown, type: unknown])[];
  readonly time: unknown;
}

/** What has no name, or no column, is none. */
function tablesOf(raw: readonly RawTable[]): ReadonlyMap<string, ToldTable> {
  const found = new Map<string, ToldTable>();
  for (const { name, columns, time } of raw.slice(0, MOST_TABLES)) {
    const read = columns
      .slice(0, MOST_COLUMNS)
      .flatMap(([column, type]): readonly Column[] =>
        typeof column === 'string' && column !== '' && typeof type === 'string'
          ? [{ name: column, type: columnType(type) }]
          : [],
      );
    if (typeof name === 'string' && name !== '' && read.length > 0)
      found.set(name, { columns: read, time: timeAmong(read, time) });
  }
  return found;
}

/** The column that holds the time of a row: the usual ones, else what the service names. */
export function timeAmong(columns: readonly Column[], told: unknown = null): string | null {
  const times = columns.filter(({ type }) => type === 'datetime').map(({ name }) => name);
  return (
    [...TIME_COLUMNS, told].find((name): name is string => typeof name === 'string' && times.includes(name)) ?? null
  );
}

function parsed(cell: unknown): unknown {
  if (typeof cell !== 'string') return cell;
  try {
    return JSON.parse(cell);
  } catch {
    throw invalid('the schema that it tells is no JSON');
  }
}

function bag(value: unknown): Bag | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Bag) : null;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
