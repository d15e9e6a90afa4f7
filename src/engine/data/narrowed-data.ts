import type { Column, ScalarType } from '../../kql/types.ts';
import { gather, type Selection } from '../runtime/column.ts';
import { INGESTED, type Narrowing, type TableData } from '../table-data.ts';
import type { Value } from '../value.ts';
import { ARRIVALS } from './arrival.ts';
import { plainCells } from './coded-cells.ts';
import { coercionOf } from './coerce.ts';
import { type CoercedCells, coerceCells } from './coerce-column.ts';
import { columnNames } from './column-names.ts';
import type { DataFile } from './data-file.ts';
import type { DataNotes } from './data-notes.ts';
import { toldOrder } from './dates.ts';
import { cellPlan } from './file-part.ts';
import { arrivals, lostText } from './parts-data.ts';
import type { RawBatch } from './raw-columns.ts';
import { readDataFile } from './read-data-file.ts';

/** What is read: the wanted columns of a table's files. */
export interface NarrowedReading {
  readonly table: string;
  readonly columns: readonly Column[];
  readonly files: readonly DataFile[];
  readonly wanted: ReadonlySet<string>;
  readonly notes: DataNotes;
}

type Losses = Omit<CoercedCells, 'values'>;

/** One wanted column: its kept values so far, and what became null of it in each file. */
interface KeptColumn {
  readonly name: string;
  readonly type: ScalarType;
  readonly values: Value[];
  readonly losses: Map<DataFile, Losses>;
  /** Whether any file has it. */
  found: boolean;
}

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
    const plan = cellPlan(reading.table, columnNames(reading.table), (column) => columns.has(column));
    let before = 0;
    for await (const batch of readDataFile(file, reading.table, plan, { signal }).batches) {
      signal.throwIfAborted();
      const values = batchValues(file, batch, columns, before);
      if (!values) return null;
      const rows = narrow(dataOf(batch.rowCount, (name) => values.get(name) ?? null));
      for (const column of columns.values()) keepRows(column, values.get(column.name) ?? null, rows);
      before += batch.rowCount;
      rowCount += rows.length;
    }
  }
  return keptData(reading, columns, rowCount);
}

function keptColumns({ columns, wanted }: NarrowedReading): ReadonlyMap<string, KeptColumn> {
  const types = new Map<string, ScalarType>(columns.map(({ name, type }) => [name, type]));
  for (const name of ARRIVALS) if (!types.has(name)) types.set(name, 'datetime');
  const kept = [...types].filter(([name]) => wanted.has(name) || (wanted.has(INGESTED) && isArrival(name)));
  return new Map(kept.map(([name, type]) => [name, { name, type, values: [], losses: new Map(), found: false }]));
}

function isArrival(name: string): boolean {
  return (ARRIVALS as readonly string[]).includes(name);
}

/** The batch as values; null where it holds a date whose order of day and month is not said by whoever asks. */
function batchValues(
  file: DataFile,
  batch: RawBatch,
  columns: ReadonlyMap<string, KeptColumn>,
  before: number,
): ReadonlyMap<string, readonly Value[]> | null {
  const made = new Map<string, readonly Value[]>();
  for (const column of columns.values()) {
    const coded = batch.coded?.get(column.name);
    const cells = coded ? plainCells(coded) : batch.cells.get(column.name);
    if (!cells) continue;
    column.found = true;
    if (column.type === 'datetime' && file.dates === null && cells.some(tellsOrder)) return null;
    const coerced = coerceCells(cells, column.type, file.dates);
    noteLosses(column, file, coerced, before);
    made.set(column.name, coerced.values);
  }
  return made;
}

function tellsOrder(cell: unknown): boolean {
  return typeof cell === 'string' && toldOrder(cell) !== null;
}

function noteLosses({ losses }: KeptColumn, file: DataFile, { lost, firstLost }: CoercedCells, before: number): void {
  if (lost === 0 || !firstLost) return;
  const known = losses.get(file);
  const first = known?.firstLost ?? { ...firstLost, row: firstLost.row + before };
  losses.set(file, { lost: (known?.lost ?? 0) + lost, firstLost: first });
}

function keepRows({ type, values }: KeptColumn, made: readonly Value[] | null, rows: Selection): void {
  const missing = coercionOf(type)(null);
  if (made) for (const value of gather(made, rows, missing)) values.push(value);
  else for (let index = 0; index < rows.length; index += 1) values.push(missing);
}

/** What became null is told when the query asks for the column; of no rows it asks for none. */
function keptData(
  { table, notes }: NarrowedReading,
  columns: ReadonlyMap<string, KeptColumn>,
  rowCount: number,
): TableData {
  const tell = ({ name, type, losses }: KeptColumn): void => {
    for (const [file, lost] of losses)
      notes.lose(lostText(`${table}.${name}`, type, file.name, { ...lost, values: [] }));
  };
  if (rowCount === 0) for (const column of columns.values()) tell(column);
  return dataOf(rowCount, (name) => {
    const column = columns.get(name);
    if (!column?.found) return null;
    tell(column);
    return column.values;
  });
}

function dataOf(rowCount: number, typed: (name: string) => readonly Value[] | null): TableData {
  return { rowCount, column: (name) => (name === INGESTED ? arrivals(rowCount, typed) : typed(name)) };
}
