import type { CellForm, RowForm } from './row-form.ts';
import { createCut, isBlankByte, QUOTE, scanContainer, scanString } from './scan-json.ts';

/** Whether what stands behind a value is needed to know its end: so it is with numbers, true, false and null. */
export const CLOSED = 0;
export const OPEN = 1;

/** Numbers kept of each value: where it begins, the index behind it, and whether it is CLOSED or OPEN. */
export const SPOT = 3;

/** In the place of where a text ends: the value was not gathered. */
export const NOT_GATHERED = -1;
/** In the place of an index: the chunk ends before the end is known. */
export const CUT = -1;
/** In the place of an index: it is not like the row before. */
export const UNLIKE = -2;

/** The last of the rows that have the same members in the same order, blanks between them included. */
export interface RowPattern {
  readonly cells: readonly (CellForm | null)[];
  /** That row as it was handed on. */
  readonly template: Record<string, unknown>;
  /** Where it lies. */
  bytes: DataView;
  start: number;
  end: number;
  /** Where its values lie, SPOT numbers each; and those of the row that is being read. */
  spots: Int32Array;
  nextSpots: Int32Array;
  /** How many values of the row that is being read differ. */
  changes: number;
  /** The members that they belong to. */
  readonly changed: Int32Array;
  /** The values, and where the text of those that were gathered ends: it begins where the one before ends. */
  readonly values: unknown[];
  readonly textEnds: Int32Array;
}

interface Member {
  readonly name: string;
  readonly begin: number;
  readonly end: number;
  readonly kind: number;
}

/** The pattern of a row: its bytes, which are valid JSON, and what it was handed on as; null: rows like it have none. */
export function learnPattern(row: Buffer, form: RowForm, handedOn: Record<string, unknown>): RowPattern | null {
  const bytes = viewOf(row);
  const members = membersOf(row);
  const names = members.map(({ name }) => name);
  const cells = new Set(names).size === names.length ? form.cellsOf(names) : null;
  if (cells === null) return null;
  const spots = Int32Array.from(members.flatMap(({ begin, end, kind }) => [begin, end, kind]));
  return {
    cells,
    template: { ...handedOn },
    bytes,
    start: 0,
    end: row.length,
    spots,
    nextSpots: new Int32Array(spots.length),
    changes: 0,
    changed: new Int32Array(members.length),
    values: members.map(() => null),
    textEnds: new Int32Array(members.length),
  };
}

/** The row that was read is the one that the next is compared with. */
export function keepPlace(pattern: RowPattern, bytes: DataView, start: number, end: number): void {
  const { spots, nextSpots } = pattern;
  pattern.spots = nextSpots;
  pattern.nextSpots = spots;
  pattern.bytes = bytes;
  pattern.start = start;
  pattern.end = end;
}

export function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

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

function valueAt(row: Buffer, begin: number): { readonly end: number; readonly kind: number } {
  const first = row[begin];
  if (first === QUOTE) return { end: scanString(createCut(), row, begin + 1), kind: CLOSED };
  if (first === 0x7b || first === 0x5b) return { end: scanContainer(createCut(), row, begin), kind: CLOSED };
  let end = begin;
  while (!isBlankByte(row[end]) && row[end] !== 0x2c && row[end] !== 0x7d) end++;
  return { end, kind: OPEN };
}

function skipBlanks(row: Buffer, from: number): number {
  let index = from;
  while (isBlankByte(row[index])) index++;
  return index;
}
