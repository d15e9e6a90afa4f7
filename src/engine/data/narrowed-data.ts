import type { Column, ScalarType } from '../../kql/types.ts';
import type { Codes } from '../runtime/column.ts';
import { sequence } from '../runtime/table.ts';
import { INGESTED, type Narrowing, type TableData } from '../table-data.ts';
import type { Value } from '../value.ts';
import { ARRIVALS } from './arrival.ts';
import { plainCells } from './coded-cells.ts';
import { columnNames } from './column-names.ts';
import type { DataFile } from './data-file.ts';
import type { DataNotes } from './data-notes.ts';
import { cellPlan } from './file-part.ts';
import {
  type BatchColumn,
  batchColumn,
  hasOpenDates,
  type KeptColumn,
  keepRows,
  keptTexts,
  newKeptColumn,
  pickedCells,
} from './kept-column.ts';
import { arrivals, lostText } from './parts-data.ts';
import type { CellPlan, RawBatch } from './raw-columns.ts';
import { readDataFile } from './read-data-file.ts';

/** What is read: the wanted columns of a table's files. */
export interface NarrowedReading {
  readonly table: string;
  readonly columns: readonly Column[];
  readonly files: readonly DataFile[];
  readonly wanted: ReadonlySet<string>;
  readonly notes: DataNotes;
}

type KeptColumns = ReadonlyMap<string, KeptColumn>;

/**
 * The rows that the narrowing keeps: memory grows with these, not with the files. Null where dates must be seen all before one can be read,
 * because day and month come in an order that only some of them tell.
 */
export async function readNarrowed(
  reading: NarrowedReading,
  narrow: Narrowing,
  signal: AbortSignal,
): Promise<TableData | null> {
  const columns = keptColumns(reading);
  let rowCount = 0;
  for (const file of reading.files) {
    const plan = narrowPlan(reading, columns, narrow);
    let before = 0;
    for await (const batch of readDataFile(file, reading.table, plan, { signal }).batches) {
      signal.throwIfAborted();
      const kept = await keepBatch(columns, batch, { file, before }, narrow);
      if (kept === null) return null;
      before += batch.rowCount;
      rowCount += kept;
    }
  }
  return keptData(reading, columns, rowCount);
}

function narrowPlan({ table }: NarrowedReading, columns: KeptColumns, narrow: Narrowing): CellPlan {
  const asks = (column: string): boolean =>
    narrow.columns.has(column) || (narrow.columns.has(INGESTED) && isArrival(column));
  const typeOf = (column: string): ScalarType | null => columns.get(column)?.type ?? null;
  return {
    ...cellPlan(table, columnNames(table), (column) => columns.has(column)),
    takesCodes: true,
    narrow: { asks, typeOf, mayKeep: narrow.mayKeep },
  };
}

interface BatchPlace {
  readonly file: DataFile;
  readonly before: number;
}

type BatchColumns = ReadonlyMap<string, BatchColumn>;

/** How many rows of the batch are kept; null where a date in it cannot be read yet. */
async function keepBatch(
  columns: KeptColumns,
  batch: RawBatch,
  place: BatchPlace,
  narrow: Narrowing,
): Promise<number | null> {
  const made = batchColumns(columns, batch, place);
  if (!made) return null;
  const rows = batch.pruned ? sequence(0) : narrow(batchData(batch.rowCount, made));
  const more = rows.length > 0 && batch.more ? pickedCells(await batch.more(), rows) : null;
  const later = more ? batchColumns(columns, more, place) : new Map<string, BatchColumn>();
  if (!later) return null;
  for (const column of columns.values()) {
    const late = later.get(column.name);
    if (late) keepRows(column, late, sequence(rows.length));
    else keepRows(column, made.get(column.name) ?? null, rows);
  }
  return rows.length;
}

function batchColumns(columns: KeptColumns, batch: RawBatch, place: BatchPlace): BatchColumns | null {
  const made = new Map<string, BatchColumn>();
  for (const column of columns.values()) {
    if (hasOpenDates(column, batch, place.file)) return null;
    const one = batchColumn(column, batch, place);
    if (one) made.set(column.name, one);
  }
  return made;
}

function batchData(rowCount: number, made: BatchColumns): TableData {
  const codes = (name: string): Codes | null => made.get(name)?.codes ?? null;
  return dataOf(rowCount, (name) => made.get(name)?.values() ?? null, codes);
}

function keptColumns({ columns, wanted }: NarrowedReading): KeptColumns {
  const types = new Map<string, ScalarType>(columns.map(({ name, type }) => [name, type]));
  for (const name of ARRIVALS) if (!types.has(name)) types.set(name, 'datetime');
  const kept = [...types].filter(([name]) => wanted.has(name) || (wanted.has(INGESTED) && isArrival(name)));
  return new Map(kept.map(([name, type]) => [name, newKeptColumn(name, type)]));
}

function isArrival(name: string): boolean {
  return (ARRIVALS as readonly string[]).includes(name);
}

/** What became null is told when the query asks for the column; of no rows it asks for none. */
function keptData({ table, notes }: NarrowedReading, columns: KeptColumns, rowCount: number): TableData {
  const tell = ({ name, type, losses }: KeptColumn): void => {
    for (const [file, lost] of losses)
      notes.lose(lostText(`${table}.${name}`, type, file.name, { ...lost, values: [] }));
  };
  if (rowCount === 0) for (const column of columns.values()) tell(column);
  const texts = new Map<string, Codes | null>();
  const codes = (name: string): Codes | null => {
    const column = columns.get(name);
    if (column && !texts.has(name)) texts.set(name, keptTexts(column));
    return texts.get(name) ?? null;
  };
  const typed = (name: string): readonly Value[] | null => {
    const column = columns.get(name);
    if (!column?.found) return null;
    tell(column);
    const coded = codes(name);
    return coded ? (plainCells(coded) as Value[]) : column.values;
  };
  return dataOf(rowCount, typed, codes);
}

function dataOf(
  rowCount: number,
  typed: (name: string) => readonly Value[] | null,
  codes: (name: string) => Codes | null,
): TableData {
  const column = (name: string): readonly Value[] | null =>
    name === INGESTED ? arrivals(rowCount, typed) : typed(name);
  return { rowCount, column, codes };
}
