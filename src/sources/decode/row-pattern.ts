import type { CellForm, RowForm } from './row-form.ts';
import { MOST_MEMBERS } from './row-reader.ts';
import { createCut, isBlankByte, QUOTE, scanContainer, scanString } from './scan-json.ts';

/** The last of the rows that have the same members in the same order, blanks between them included. */
export interface RowPattern {
  readonly cells: readonly (CellForm | null)[];
  /** That row as it was handed on. */
  readonly template: Record<string, unknown>;
  /** Its bytes, and where its values lie, SPOT numbers each: as they are while the pattern does not lie before the reader. */
  row: Buffer;
  readonly spots: Int32Array;
  /** Addresses while it does (row-bench.ts): of the row, of its spots, and of room for the spots of the row that is read. */
  at: number;
  end: number;
  spotsAt: number;
  nextAt: number;
}

interface Member {
  readonly name: string;
  readonly begin: number;
  readonly end: number;
  /** As in a spot. */
  readonly kind: number;
}

/**
 * The pattern of a row: its bytes, which are valid JSON, and what it was handed on as; null: rows like it have none. `columns` are the names
 * of its values where it is a list.
 */
export function learnPattern(
  row: Buffer,
  form: RowForm,
  handedOn: Record<string, unknown>,
  columns: readonly string[],
): RowPattern | null {
  const members = row[0] === ARRAY ? cellsIn(row, columns) : membersOf(row);
  const names = members.map(({ name }) => name);
  const isUsable = members.length <= MOST_MEMBERS && new Set(names).size === names.length;
  const cells = isUsable ? form.cellsOf(names) : null;
  if (cells === null) return null;
  const spots = Int32Array.from(members.flatMap(({ begin, end, kind }) => [begin, end, kind]));
  return { cells, template: { ...handedOn }, row, spots, at: 0, end: 0, spotsAt: 0, nextAt: 0 };
}

/** The last of the rows that were read is the one that the next is compared with. */
export function keepPlace(pattern: RowPattern, rows: number, at: number, end: number): void {
  const { spotsAt, nextAt } = pattern;
  if (rows % 2 === 1) {
    pattern.spotsAt = nextAt;
    pattern.nextAt = spotsAt;
  }
  pattern.at = at;
  pattern.end = end;
}

const ARRAY = 0x5b;
/** Whether what stands behind a value is needed to know its end: so it is with numbers, true, false and null. */
const CLOSED = 0;
const OPEN = 1;

function membersOf(row: Buffer): readonly Member[] {
  const members: Member[] = [];
  let index = skipBlanks(row, 1);
  while (row[index] === QUOTE) {
    const nameEnd = scanString(createCut(), row, index + 1);
    const text = row.toString('utf8', index, nameEnd);
    const name = text.includes('\\') ? String(JSON.parse(text)) : text.slice(1, -1);
    const begin = skipBlanks(row, skipBlanks(row, nameEnd) + 1);
    const value = valueAt(row, begin);
    members.push({ name, begin, ...value });
    index = skipBlanks(row, skipBlanks(row, value.end) + 1);
  }
  return members;
}

/** The values of a row that is a list, which has as many as there are columns. */
function cellsIn(row: Buffer, columns: readonly string[]): readonly Member[] {
  let index = 1;
  return columns.map((name) => {
    const begin = skipBlanks(row, index);
    const value = valueAt(row, begin);
    index = skipBlanks(row, value.end) + 1;
    return { name, begin, ...value };
  });
}

function valueAt(row: Buffer, begin: number): { readonly end: number; readonly kind: number } {
  const first = row[begin];
  if (first === QUOTE) return { end: scanString(createCut(), row, begin + 1), kind: CLOSED };
  if (first === 0x7b || first === 0x5b) return { end: scanContainer(createCut(), row, begin), kind: CLOSED };
  let end = begin;
  while (!isBlankByte(row[end]) && row[end] !== 0x2c && row[end] !== 0x7d && row[end] !== 0x5d) end++;
  return { end, kind: OPEN };
}

function skipBlanks(row: Buffer, from: number): number {
  let index = from;
  while (isBlankByte(row[index])) index++;
  return index;
}
