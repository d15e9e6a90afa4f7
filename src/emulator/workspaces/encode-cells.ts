import type { Answer } from '../answer.ts';

type Row = Answer['rows'][number];
type Column = Answer['columns'][number];

/** Rows as lists of cells. `text`: dynamic values as JSON text. */
export function encodeRows({ columns, rows }: Answer, text: boolean): string {
  const cells = (row: Row): string => columns.map((column) => encodeCell(row, column, text)).join(',');
  return `[${rows.map((row) => `[${cells(row)}]`).join(',')}]`;
}

function encodeCell(row: Row, { name, type }: Column, text: boolean): string {
  const value = row[name] ?? null;
  if (value === null) return 'null';
  if (type === 'bool') return value === true || value === 1 ? 'true' : 'false';
  if (type === 'decimal') return JSON.stringify(String(value));
  // Integers beyond 2^53 are bare digits.
  if ((type === 'long' || type === 'int') && /^-?\d+$/.test(String(value))) return String(value);
  return JSON.stringify(text && typeof value === 'object' ? JSON.stringify(value) : value);
}
