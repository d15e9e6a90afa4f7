import type { KqlSchema } from '../kql/parser/globals.ts';
import type { Column } from '../kql/types.ts';
import type { DataFolder, DataOptions } from './data/folder.ts';
import type { RawRow } from './data/row-table.ts';
import { tableOfRows } from './data/rows-table.ts';
import type { AnyTable } from './open-tables.ts';

/** Files or folders whose tables an engine has, and how they are read (docs/data.md). */
export interface EngineFiles extends DataOptions {
  readonly paths: string | readonly string[];
}

/** A table as it may be given to an engine: rows in memory, or what can be read. */
export type GivenTable = AnyTable | readonly RawRow[];

/** The tables of one engine, and what has to be told of its files. */
export interface EngineTables {
  open(): Promise<Readonly<Record<string, AnyTable>>>;
  /** What was not told before. */
  takeNotes(): readonly string[];
}

/** Given tables go before those of files; rows have the types of the schema where it knows their table. The readers of files are loaded only where there are files. */
export function engineTables(
  given: Readonly<Record<string, GivenTable>>,
  schema: KqlSchema,
  files: EngineFiles | undefined,
): EngineTables {
  const known = (name: string): readonly Column[] =>
    Object.hasOwn(schema.tables, name) ? (schema.tables[name] ?? []) : [];
  const tables = Object.entries(given).map(
    ([name, table]) => [name, isRows(table) ? tableOfRows(table, known(name)) : table] as const,
  );
  let folder: DataFolder | null = null;
  let told = 0;
  return {
    async open() {
      if (files) folder ??= await openFiles(files);
      return Object.fromEntries([...Object.entries(folder?.tables ?? {}), ...tables]);
    },
    takeNotes() {
      const notes = folder?.notes().slice(told) ?? [];
      told += notes.length;
      return notes;
    },
  };
}

function isRows(table: GivenTable): table is readonly RawRow[] {
  return Array.isArray(table);
}

async function openFiles({ paths, ...options }: EngineFiles): Promise<DataFolder> {
  const { openDataFolder } = await import('./data/folder.ts');
  return openDataFolder(paths, options);
}
