import { createLineCells, cutLine, textOfCell } from '../../../engine/data/csv/cut-line.ts';
import { distinctNames, likelySeparator } from '../../../engine/data/csv/dialect.ts';
import { createTextPool } from '../../../engine/data/text-pool.ts';
import { HuntwireError } from '../../../lib/errors.ts';

/** A row that somebody asks about: values by column. */
export type GivenRow = Readonly<Record<string, unknown>>;

export const LONGEST_ROW = 256 * 1024;
const MOST_COLUMNS = 1000;
const DEEPEST = 32;

/** One row: a JSON object of columns, or a line of CSV (any separator) below its header. USAGE where it is neither. */
export function parseGivenRow(given: string): GivenRow {
  if (given.length > LONGEST_ROW) throw wrongRow(`it has more than ${LONGEST_ROW} characters`);
  const text = given.replace(/^\uFEFF/, '').trim();
  if (text === '') throw wrongRow('it is empty');
  const row = /^[{[]/.test(text) ? fromJson(text) : fromCsv(text);
  const columns = Object.keys(row).length;
  if (columns === 0 || columns > MOST_COLUMNS) throw wrongRow(`it has ${columns} columns`);
  return row;
}

function fromJson(text: string): GivenRow {
  const parsed = parseJson(text);
  const [row, ...others] = Array.isArray(parsed) ? (parsed as unknown[]) : [parsed];
  if (others.length > 0 || typeof row !== 'object' || row === null || Array.isArray(row))
    throw wrongRow('it is JSON, and not one object of columns');
  if (isDeeper(row, DEEPEST)) throw wrongRow(`it is nested more than ${DEEPEST} deep`);
  return row as GivenRow;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw wrongRow(`it is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((inner) => isDeeper(inner, depth - 1));
}

function fromCsv(text: string): GivenRow {
  const bytes = Buffer.from(`${text}\n`);
  const separator = likelySeparator(text.split('\n', 1)[0] ?? '');
  const [header, behindHeader] = lineAt(bytes, 0, separator);
  const [cells, end] = lineAt(bytes, behindHeader, separator);
  if (end < bytes.length) throw wrongRow('there are several rows');
  if (cells.length !== header.length)
    throw wrongRow(`its header has ${header.length} columns, and its line ${cells.length}`);
  return Object.fromEntries(distinctNames(header, []).map((name, index) => [name, cells[index]]));
}

function lineAt(bytes: Buffer, start: number, separator: number): readonly [readonly string[], number] {
  const cells = createLineCells();
  if (start >= bytes.length) throw wrongRow('it is no JSON, and has no line below a header');
  const end = cutLine(bytes, start, separator, cells);
  if (cells.count === 0) throw wrongRow('a quote is not closed');
  const pool = createTextPool();
  return [
    Array.from({ length: cells.count }, (_, index) => textOfCell(bytes, cells, index, pool)),
    end < 0 ? bytes.length : end,
  ];
}

function wrongRow(why: string): HuntwireError {
  const how = 'Give a JSON object of columns, or a header of CSV with one line below it.';
  return new HuntwireError('USAGE', `The row cannot be read: ${why}. ${how}`);
}
