import { cutText, wellFormed } from '../../lib/text.ts';
import type { Cell, Row } from '../../sources/source.ts';
import { MAX_DEPTH } from '../cell.ts';
import { MOST_BYTES_OF_CHARACTER, SCALAR_SIZE } from '../rough-size.ts';

/** Takes what had to be changed in a column, for the alert's mappingErrors. */
export type NoteProblem = (column: string, message: string) => void;

interface Cleaning {
  readonly limit: number;
  readonly note: NoteProblem;
  /** The column at work, for notes. */
  column: string;
}

/**
 * A row that every JSON reader takes: no lone surrogates, no numbers that JSON lacks, at most MAX_DEPTH levels, and no cell of more
 * than `limit` characters. What was changed is noted; a clean row comes back with equal values.
 */
export function cleanRow(row: Row, limit: number, note: NoteProblem): Row {
  if (isClean(row, limit)) return row;
  const cleaning: Cleaning = { limit, note, column: '' };
  const cells: [string, Cell][] = [];
  for (const [name, cell] of Object.entries(row)) {
    cleaning.column = wellFormed(name);
    cells.push([cleaning.column, withinLimit(cleanCell(cell, 0, cleaning), cleaning)]);
  }
  return Object.fromEntries(cells);
}

/** Most rows hold plain cells that need no change: they are taken as they are. */
function isClean(row: Row, limit: number): boolean {
  for (const name of Object.keys(row)) {
    const cell = row[name];
    if (typeof cell === 'string' ? cell.length > limit || wellFormed(cell) !== cell : !isPlain(cell)) return false;
    if (wellFormed(name) !== name) return false;
  }
  return true;
}

/** Whether rows are clean, hold no nested cells, and their JSON has at most so many bytes for sure: such rows need not be looked at one by one. */
export function isPlainWithin(rows: readonly Row[], limit: number, bytes: number): boolean {
  let size = 0;
  for (const row of rows) {
    if (!isClean(row, limit)) return false;
    for (const name of Object.keys(row)) {
      const cell = row[name];
      size += name.length + (typeof cell === 'string' ? cell.length : 0) + SCALAR_SIZE;
    }
  }
  return size * MOST_BYTES_OF_CHARACTER <= bytes;
}

function isPlain(cell: Cell | undefined): boolean {
  return cell === null || typeof cell === 'boolean' || (typeof cell === 'number' && Number.isFinite(cell));
}

function cleanCell(cell: unknown, depth: number, cleaning: Cleaning): Cell {
  if (typeof cell === 'string') return cleanText(cell, cleaning);
  if (typeof cell === 'number') return cleanNumber(cell, cleaning);
  if (typeof cell === 'boolean' || cell === null || cell === undefined) return cell ?? null;
  if (typeof cell !== 'object') return cleanText(String(cell), cleaning);
  return cleanNested(cell, depth, cleaning);
}

function cleanNested(cell: object, depth: number, cleaning: Cleaning): Cell {
  if (depth >= MAX_DEPTH) {
    cleaning.note(cleaning.column, `Nested deeper than ${MAX_DEPTH} levels; the rest is left out.`);
    return '…';
  }
  if (Array.isArray(cell)) return cell.map((item) => cleanCell(item, depth + 1, cleaning));
  const members = Object.entries(cell).map(([key, item]) => [wellFormed(key), cleanCell(item, depth + 1, cleaning)]);
  return Object.fromEntries(members);
}

function cleanText(text: string, cleaning: Cleaning): string {
  if (text.length <= cleaning.limit) return wellFormed(text);
  cleaning.note(cleaning.column, `${text.length} characters were cut to ${cleaning.limit}.`);
  return wellFormed(cutText(text, cleaning.limit));
}

function cleanNumber(number: number, cleaning: Cleaning): number | null {
  if (Number.isFinite(number)) return number;
  cleaning.note(cleaning.column, `${number} has no form in JSON; null stands for it.`);
  return null;
}

/** A nested cell that is too long as a whole is cut as text. */
function withinLimit(cell: Cell, cleaning: Cleaning): Cell {
  if (typeof cell !== 'object' || cell === null) return cell;
  const text = JSON.stringify(cell);
  return text.length <= cleaning.limit ? cell : cleanText(text, cleaning);
}
