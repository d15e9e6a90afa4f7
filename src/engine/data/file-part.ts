import { columnsOfTable } from '../../kql/defender.ts';
import { HIDDEN } from './arrival.ts';
import { type CodedCells, joinedCells, plainCells } from './coded-cells.ts';
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
  /** Columns that the file keeps as codes; none of them is among the cells. */
  readonly coded: Map<string, CodedCells>;
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
  const plan = { ...cellPlan(table, names, keeps), takesCodes: true };
  const reading = readDataFile(file, table, plan, { signal });
  const cells = new Map<string, unknown[]>();
  const pieces = new Map<string, CodedCells[]>();
  let rowCount = 0;
  for await (const batch of reading.batches) {
    signal.throwIfAborted();
    takeCoded(pieces, cells, batch, rowCount);
    append(cells, batch.cells, rowCount);
    rowCount += batch.rowCount;
  }
  for (const column of cells.values()) pad(column, rowCount);
  const coded = new Map([...pieces].map(([name, list]) => [name, joinedCells(list)]));
  return { file, rowCount, cells, coded, types: reading.types(), zones: names.zones, found: reading.found };
}

/** A column stays coded as long as every batch has codes for it. */
function takeCoded(
  pieces: Map<string, CodedCells[]>,
  cells: Map<string, unknown[]>,
  batch: RawBatch,
  before: number,
): void {
  for (const [name, coded] of batch.coded ?? []) {
    const list = pieces.get(name);
    if (list) list.push(coded);
    else if (before === 0) pieces.set(name, [coded]);
    else append(cells, new Map([[name, plainCells(coded)]]), before);
  }
  for (const name of batch.cells.keys()) {
    const list = pieces.get(name);
    if (!list) continue;
    pieces.delete(name);
    cells.set(name, list.flatMap(plainCells));
  }
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

function append(cells: Map<string, unknown[]>, added: ReadonlyMap<string, readonly unknown[]>, before: number): void {
  for (const [name, values] of added) {
    const column = cells.get(name) ?? [];
    cells.set(name, column);
    pad(column, before);
    for (const value of values) column.push(value);
  }
}

function pad(column: unknown[], length: number): void {
  while (column.length < length) column.push(undefined);
}
