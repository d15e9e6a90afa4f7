import { columnsOfTable } from '../../kql/defender.ts';
import { HIDDEN } from './arrival.ts';
import { type ColumnNames, columnNames } from './column-names.ts';
import type { DataFile } from './data-file.ts';
import type { FileReading } from './file-reading.ts';
import type { CellPlan, RawBatch } from './raw-columns.ts';
import { readDataFile } from './read-data-file.ts';
import type { ScalarTypes } from './told-types.ts';

/** What one file gives to a table: its rows, by column, as it holds them. */
export interface FilePart {
  readonly file: DataFile;
  readonly rowCount: number;
  /** Kept cells, `rowCount` of each column; taken out when they have become values. */
  readonly cells: Map<string, unknown[]>;
  /** Of the columns that the schema does not know. */
  readonly types: ScalarTypes;
  readonly zones: ReadonlyMap<string, string>;
  readonly found: FileReading;
}

/** Reads a file once, and keeps the cells of the columns that are asked for. */
export async function readPart(
  file: DataFile,
  table: string,
  keeps: (column: string) => boolean,
  signal: AbortSignal,
): Promise<FilePart> {
  const names = columnNames(table);
  const reading = readDataFile(file, table, cellPlan(table, names, keeps), { signal });
  const cells = new Map<string, unknown[]>();
  let rowCount = 0;
  for await (const batch of reading.batches) {
    signal.throwIfAborted();
    append(cells, batch, rowCount);
    rowCount += batch.rowCount;
  }
  for (const column of cells.values()) pad(column, rowCount);
  return { file, rowCount, cells, types: reading.types(), zones: names.zones, found: reading.found };
}

export function cellPlan(table: string, names: ColumnNames, keeps: (column: string) => boolean): CellPlan {
  const known = new Set((columnsOfTable(table) ?? []).map((column) => column.name));
  return {
    columnOf: names.columnOf,
    keeps,
    learns: (column) => !known.has(column) && !HIDDEN.has(column),
    isTime: names.isTime,
  };
}

function append(cells: Map<string, unknown[]>, batch: RawBatch, before: number): void {
  for (const [name, values] of batch.cells) {
    const column = cells.get(name) ?? [];
    cells.set(name, column);
    pad(column, before);
    for (const value of values) column.push(value);
  }
}

function pad(column: unknown[], length: number): void {
  while (column.length < length) column.push(undefined);
}
