import type { ScalarType } from '../../kql/types.ts';
import { type Codes, gather, type Selection } from '../runtime/column.ts';
import type { Value } from '../value.ts';
import { type CodedCells, joinedCells, plainCells, someCells } from './coded-cells.ts';
import { coercionOf } from './coerce.ts';
import { type CoercedCells, coerceCells } from './coerce-column.ts';
import type { DataFile } from './data-file.ts';
import { toldOrder } from './dates.ts';
import type { RawBatch } from './raw-columns.ts';

type Losses = Omit<CoercedCells, 'values'>;

/** One wanted column: its kept values so far, and what became null of it in each file. */
export interface KeptColumn {
  readonly name: string;
  readonly type: ScalarType;
  readonly losses: Map<DataFile, Losses>;
  /** Texts as codes, as long as all have them; else they are among the values. */
  pieces: CodedCells[];
  values: Value[];
  /** Whether any file has it. */
  found: boolean;
}

/** The column's cells of one batch, as values. */
export interface BatchColumn {
  /** Made when they are first asked for. */
  values(): readonly Value[];
  readonly codes: Codes | null;
}

export function newKeptColumn(name: string, type: ScalarType): KeptColumn {
  return { name, type, losses: new Map(), pieces: [], values: [], found: false };
}

/** Whether a batch has cells of the column whose order of day and month only others may tell. */
export function hasOpenDates({ name, type }: KeptColumn, { cells, coded }: RawBatch, file: DataFile): boolean {
  if (type !== 'datetime' || file.dates !== null) return false;
  return [...(coded?.get(name)?.distinct ?? []), ...(cells.get(name) ?? [])].some(tellsOrder);
}

function tellsOrder(cell: unknown): boolean {
  return typeof cell === 'string' && toldOrder(cell) !== null;
}

/** The column in a batch that begins `before` rows into its file; null where the batch has none. */
export function batchColumn(
  column: KeptColumn,
  batch: RawBatch,
  { file, before }: { readonly file: DataFile; readonly before: number },
): BatchColumn | null {
  const coded = batch.coded?.get(column.name);
  if (coded && column.type === 'string') return codedColumn(column, coded);
  const cells = coded ? plainCells(coded) : batch.cells.get(column.name);
  if (!cells) return null;
  column.found = true;
  const coerced = coerceCells(cells, column.type, file.dates);
  noteLosses(column, file, coerced, before);
  return { values: () => coerced.values, codes: null };
}

function codedColumn(column: KeptColumn, { codes, distinct }: CodedCells): BatchColumn {
  column.found = true;
  const texts = { codes, distinct: distinct.map(coercionOf('string')) };
  let made: readonly Value[] | null = null;
  const values = (): readonly Value[] => {
    made ??= plainCells(texts) as Value[];
    return made;
  };
  return { values, codes: texts };
}

function noteLosses({ losses }: KeptColumn, file: DataFile, { lost, firstLost }: CoercedCells, before: number): void {
  if (lost === 0 || !firstLost) return;
  const known = losses.get(file);
  const first = known?.firstLost ?? { ...firstLost, row: firstLost.row + before };
  losses.set(file, { lost: (known?.lost ?? 0) + lost, firstLost: first });
}

/** Adds the rows that are kept; where the batch has no such column, they are empty. */
export function keepRows(column: KeptColumn, made: BatchColumn | null, rows: Selection): void {
  if (rows.length === 0) return;
  const missing = coercionOf(column.type)(null);
  if (made?.codes && column.values.length === 0 && rows.length * 2 >= made.codes.distinct.length) {
    column.pieces.push(someCells(made.codes, rows));
    return;
  }
  for (const value of column.pieces.flatMap(plainCells)) column.values.push(value as Value);
  column.pieces = [];
  if (!made) for (let index = 0; index < rows.length; index += 1) column.values.push(missing);
  else
    for (const value of made.codes ? plainCells(someCells(made.codes, rows)) : gather(made.values(), rows, missing))
      column.values.push(value as Value);
}

/** The batch with these rows only. */
export function pickedCells(batch: RawBatch, rows: Selection): RawBatch {
  const cells = [...batch.cells].map(([name, all]) => [name, Array.from(rows, (row) => all[row])] as const);
  const coded = [...(batch.coded ?? [])].map(([name, all]) => [name, someCells(all, rows)] as const);
  return { rowCount: rows.length, cells: new Map(cells), coded: new Map(coded) };
}

/** The kept texts as codes; null where they have none. */
export function keptTexts({ pieces }: KeptColumn): Codes | null {
  if (pieces.length === 0) return null;
  const { codes, distinct } = joinedCells(pieces);
  return { codes, distinct: distinct as readonly Value[] };
}
