import type { Cell, Row } from '../sources/source.ts';

/** Deeper levels of a nested cell are neither compared nor shown. */
export const MAX_DEPTH = 32;

/** The cell of a column, null where the row has no such column of its own (`__proto__` is a name like any other). */
export function cellOf(row: Row, column: string): Cell {
  const cell = row[column] ?? null;
  // What every object has beside its own is a function, its prototype, or nothing: only then the dear question is asked.
  const maybeInherited = typeof cell === 'function' || column === '__proto__';
  return maybeInherited && !Object.hasOwn(row, column) ? null : cell;
}

/** Null, empty text, an empty list or an empty bag: what the three APIs use for "no value". */
export function isEmptyCell(cell: Cell): boolean {
  if (cell === null || cell === undefined || cell === '') return true;
  if (typeof cell !== 'object') return false;
  return Array.isArray(cell) ? cell.length === 0 : Object.keys(cell).length === 0;
}

/** The cell as a person would write it: text as it is, lists and bags as JSON, nothing for null. */
export function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'object') return JSON.stringify(withinDepth(cell, 0));
  return String(cell);
}

/** The same cell with everything below MAX_DEPTH levels replaced by an ellipsis, so that it can be written as JSON. */
export function withinDepth(cell: Cell, depth: number): Cell {
  if (typeof cell !== 'object' || cell === null) return cell;
  if (depth >= MAX_DEPTH) return '…';
  if (Array.isArray(cell)) return cell.map((item: Cell) => withinDepth(item, depth + 1));
  return Object.fromEntries(Object.entries(cell).map(([key, item]) => [key, withinDepth(item, depth + 1)]));
}
