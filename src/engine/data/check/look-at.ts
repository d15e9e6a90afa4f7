import { columnsOfTable } from '../../../kql/defender.ts';
import type { ScalarType } from '../../../kql/types.ts';
import { HIDDEN } from '../arrival.ts';
import { type DateEvidence, dateEvidence } from '../coerce-column.ts';
import { columnNames } from '../column-names.ts';
import type { DataFile } from '../data-file.ts';
import { cellPlan } from '../file-part.ts';
import type { FileReading } from '../file-reading.ts';
import { readDataFile } from '../read-data-file.ts';

/** What a first reading tells of a file: which columns it has, and what its times tell of the order of day and month. */
export interface FileLook {
  readonly columns: ReadonlyMap<string, ScalarType>;
  /** Of the columns of times. */
  readonly dates: ReadonlyMap<string, DateEvidence>;
  readonly zones: ReadonlyMap<string, string>;
  readonly found: FileReading;
}

export async function lookAt(file: DataFile, table: string, signal: AbortSignal): Promise<FileLook> {
  const known = new Map((columnsOfTable(table) ?? []).map(({ name, type }) => [name, type]));
  const names = columnNames(table);
  const plan = cellPlan(table, names, (column) => !HIDDEN.has(column));
  const reading = readDataFile(file, table, plan, { signal });
  const present = new Set<string>();
  const seen = new Map<string, DateEvidence>();
  for await (const { cells } of reading.batches) {
    signal.throwIfAborted();
    for (const [name, column] of cells) {
      present.add(name);
      if (mayBeTime(known.get(name))) seen.set(name, dateEvidence(column, seen.get(name)));
    }
  }
  const learnt = reading.types();
  const typed = [...known].filter(([name]) => present.has(name));
  const columns = new Map([...typed, ...[...learnt].map(([name, type]) => [name, type ?? 'string'] as const)]);
  const dates = new Map([...seen].filter(([name]) => columns.get(name) === 'datetime'));
  return { columns, dates, zones: names.zones, found: reading.found };
}

/** A column that the schema does not know may turn out to be one. */
function mayBeTime(type: ScalarType | undefined): boolean {
  return type === undefined || type === 'datetime';
}

/** The tables of which a file of exports holds records. */
export async function tablesIn(file: DataFile, signal: AbortSignal): Promise<readonly string[]> {
  const plan = { columnOf: () => null, keeps: () => false, learns: () => false, isTime: () => false };
  const reading = readDataFile(file, '', plan, { signal });
  for await (const _ of reading.batches) signal.throwIfAborted();
  return [...reading.found.others.keys()].sort();
}
