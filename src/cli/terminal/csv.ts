import type { Row } from '../../sources/source.ts';

/** RFC 4180: CRLF, quotes where needed. A cell that a spreadsheet would take for a formula gets an apostrophe in front. */
export function csvOf(columns: readonly string[], rows: readonly Row[]): string {
  const lines = [columns.map(quote), ...rows.map((row) => columns.map((name) => quote(textOf(row[name]))))];
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}

function textOf(cell: Row[string] | undefined): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number') return String(cell);
  const text = typeof cell === 'string' ? cell : JSON.stringify(cell);
  return /^[=+@\t\r-]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
