import { readFile } from 'node:fs/promises';
import { HuntwireError } from '../../lib/errors.ts';
import type { RawRow } from './row-table.ts';

/** The rows of a CSV file (RFC 4180): first line names the columns, empty cells are empty. */
export async function readCsv(path: string): Promise<readonly RawRow[]> {
  const [head, ...lines] = parseCsv(await readFile(path, 'utf8'), path);
  if (!head) return [];
  return lines.map((cells) => Object.fromEntries(head.map((name, index) => [name, cells[index] ?? ''])));
}

interface Reading {
  readonly text: string;
  position: number;
}

export function parseCsv(source: string, path: string): readonly (readonly string[])[] {
  const reading: Reading = { text: source.replace(/^\uFEFF/, ''), position: 0 };
  const lines: string[][] = [];
  while (reading.position < reading.text.length) {
    const cells = readLine(reading, path);
    if (cells.length > 1 || cells[0] !== '') lines.push(cells);
  }
  return lines;
}

function readLine(reading: Reading, path: string): string[] {
  const cells: string[] = [];
  for (;;) {
    cells.push(reading.text[reading.position] === '"' ? readQuoted(reading, path) : readPlain(reading));
    const next = reading.text[reading.position];
    reading.position += 1;
    if (next === '\r' && reading.text[reading.position] === '\n') reading.position += 1;
    if (next !== ',') return cells;
  }
}

function readPlain(reading: Reading): string {
  const end = /[,\r\n]/g;
  end.lastIndex = reading.position;
  const stop = end.exec(reading.text)?.index ?? reading.text.length;
  const cell = reading.text.slice(reading.position, stop);
  reading.position = stop;
  return cell;
}

function readQuoted(reading: Reading, path: string): string {
  const start = reading.position;
  let cell = '';
  for (let from = start + 1; ; ) {
    const quote = reading.text.indexOf('"', from);
    if (quote < 0)
      throw new HuntwireError('CONFIG_INVALID', `${path}: the quote at character ${start + 1} is never closed.`);
    cell += reading.text.slice(from, quote);
    reading.position = quote + 1;
    if (reading.text[quote + 1] !== '"') return cell;
    cell += '"';
    from = quote + 2;
  }
}
