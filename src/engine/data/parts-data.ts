import type { Column, ScalarType } from '../../kql/types.ts';
import { HuntwireError } from '../../lib/errors.ts';
import type { Codes } from '../runtime/column.ts';
import { INGESTED, type TableData } from '../table-data.ts';
import type { Value } from '../value.ts';
import { ARRIVALS } from './arrival.ts';
import { joinedCells, plainCells } from './coded-cells.ts';
import { coercionOf } from './coerce.ts';
import { type CoercedCells, coerceCells, type DateEvidence, dateEvidence, decidedOrder } from './coerce-column.ts';
import type { DataNotes } from './data-notes.ts';
import type { DateOrder } from './dates.ts';
import type { FilePart } from './file-part.ts';
import { JsonText } from './json-text.ts';

/** The rows of all files of a table; a column is coerced when a query first asks for it, and its cells are let go. */
export function partsData(
  table: string,
  columns: readonly Column[],
  parts: readonly FilePart[],
  notes: DataNotes,
): TableData {
  const types = new Map<string, ScalarType>(columns.map(({ name, type }) => [name, type]));
  for (const name of ARRIVALS) if (!types.has(name)) types.set(name, 'datetime');
  const made = new Map<string, readonly Value[] | null>();
  const rowCount = parts.reduce((sum, part) => sum + part.rowCount, 0);
  const typed = (name: string): readonly Value[] | null => {
    const type = types.get(name);
    const before = made.get(name);
    if (before !== undefined || !type) return before ?? null;
    const coded = codes(name);
    const values = coded ? (plainCells(coded) as Value[]) : typedCells(table, name, type, parts, notes);
    made.set(name, values);
    return values;
  };
  const known = new Map<string, Codes | null>();
  const codes = (name: string): Codes | null => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const coded = types.get(name) === 'string' ? codedTexts(name, parts) : null;
    known.set(name, coded);
    return coded;
  };
  return { rowCount, column: (name) => (name === INGESTED ? arrivals(rowCount, typed) : typed(name)), codes };
}

/** The texts of all files as codes; null where one of them has none. */
function codedTexts(name: string, parts: readonly FilePart[]): Codes | null {
  const pieces = parts.map((part) => part.coded.get(name));
  if (pieces.length === 0 || !pieces.every((piece) => piece !== undefined)) return null;
  const toText = coercionOf('string');
  const { codes, distinct } = joinedCells(pieces.map((piece) => ({ ...piece, distinct: piece.distinct.map(toText) })));
  return { codes, distinct: distinct as readonly Value[] };
}

function typedCells(
  table: string,
  name: string,
  type: ScalarType,
  parts: readonly FilePart[],
  notes: DataNotes,
): readonly Value[] | null {
  for (const part of parts) {
    const coded = part.coded.get(name);
    if (coded) part.cells.set(name, plainCells(coded));
    part.coded.delete(name);
  }
  return parts.some((part) => part.cells.has(name)) ? coerceParts(table, name, type, parts, notes) : null;
}

function coerceParts(
  table: string,
  name: string,
  type: ScalarType,
  parts: readonly FilePart[],
  notes: DataNotes,
): readonly Value[] {
  const orders = type === 'datetime' ? dateOrders(name, parts) : [];
  const pieces = parts.map((part, index) => {
    const cells = part.cells.get(name);
    if (!cells) return new Array<Value>(part.rowCount).fill(coercionOf(type)(null));
    const coerced = coerceCells(cells, type, orders[index] ?? null);
    part.cells.delete(name);
    if (coerced.lost > 0) notes.lose(lostText(`${table}.${name}`, type, part.file.name, coerced));
    return coerced.values;
  });
  return pieces.length === 1 ? (pieces[0] ?? []) : pieces.flat();
}

const LONGEST_CELL = 60;

function jsonOf(cell: unknown): string {
  return String(JSON.stringify(cell, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)));
}

export function lostText(column: string, type: ScalarType, file: string, { lost, firstLost }: CoercedCells): string {
  const cell = firstLost?.cell instanceof JsonText ? firstLost.cell.text : jsonOf(firstLost?.cell);
  const text = cell.length > LONGEST_CELL ? `${cell.slice(0, LONGEST_CELL - 1)}…` : cell;
  const count = lost === 1 ? 'one cell is' : `${lost} cells are`;
  return `${column}: ${count} no ${type} in ${file} and became null; the first is ${text} in row ${(firstLost?.row ?? 0) + 1}.`;
}

/** By file: what `tables.yaml` or the caller says, else what its own dates tell, else those of the other files. Throws CONFIG_INVALID where none does and it matters. */
function dateOrders(name: string, parts: readonly FilePart[]): readonly (DateOrder | null)[] {
  const evidence = parts.map((part) => dateEvidence(part.cells.get(name) ?? []));
  const common = decidedOrder({
    dmy: evidence.reduce((sum, one) => sum + one.dmy, 0),
    mdy: evidence.reduce((sum, one) => sum + one.mdy, 0),
    open: 0,
    example: null,
  });
  return parts.map((part, index) => part.file.dates ?? orderOf(name, part, evidence[index], common));
}

function orderOf(
  name: string,
  part: FilePart,
  evidence: DateEvidence | undefined,
  common: DateOrder | null,
): DateOrder | null {
  if (!evidence || evidence.open === 0) return null;
  const order = decidedOrder(evidence) ?? (evidence.dmy + evidence.mdy === 0 ? common : null);
  if (order) return order;
  throw new HuntwireError(
    'CONFIG_INVALID',
    `${part.file.name}: "${evidence.example}" in ${name} does not say whether the day or the month comes first; say it with --dates dmy or --dates mdy.`,
  );
}

/** When each row arrived: by the first of the columns that says it. */
export function arrivals(rowCount: number, typed: (name: string) => readonly Value[] | null): readonly Value[] {
  const columns = ARRIVALS.map(typed).filter((values) => values !== null);
  return Array.from({ length: rowCount }, (_, row) => {
    for (const values of columns) if (values[row] !== null && values[row] !== undefined) return values[row] ?? null;
    return null;
  });
}
