import { HuntwireError } from '../../../lib/errors.ts';
import type { DataFile } from '../data-file.ts';
import type { FileReading } from '../file-reading.ts';
import type { FileColumn, RawBatch, RawColumns } from '../raw-columns.ts';
import { BATCH, type ByteOptions, readBytes } from '../read-bytes.ts';
import { createTextPool } from '../text-pool.ts';
import { typeOfCell, typeOfText } from '../widen.ts';
import { createLineCells, cutLine, type LineCells, textOfCell } from './cut-line.ts';
import { distinctNames, likelySeparator, saidSeparator } from './dialect.ts';

const LONGEST_LINE = 16_000_000;
const END = Buffer.from('\n');
const HEADERS = createTextPool();
const LINE_FEED = 0x0a;
const RETURN = 0x0d;

interface Reading {
  /** 0 until it is known. */
  separator: number;
  /** Null until the header was read. */
  columns: readonly (FileColumn | null)[] | null;
  readonly cells: LineCells;
}

/** The rows of a CSV file, a batch for every piece of it: comma, semicolon, tab, bar or what `sep=` says; the first line names the columns. */
export async function* readCsv(
  file: DataFile,
  columns: RawColumns,
  reading: FileReading,
  options: ByteOptions,
): AsyncGenerator<RawBatch> {
  const state: Reading = { separator: 0, columns: null, cells: createLineCells() };
  let rest: Buffer = Buffer.alloc(0);
  let wanted = 0;
  const take = (chunk: Buffer): void => {
    const bytes: Buffer = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    const used = bytes.length < wanted ? 0 : takeLines(bytes, state, columns, reading);
    rest = bytes.subarray(used);
    wanted = used === 0 ? Math.max(wanted, 2 * bytes.length) : 0;
    if (rest.length > LONGEST_LINE) throw unreadable(file, reading, 'a line is longer than 16 MB');
  };
  const onBroken = (): void => {
    reading.broken = true;
  };
  let taken = 0;
  for await (const chunk of readBytes(file, { ...options, onBroken })) {
    take(chunk);
    taken += chunk.length;
    if (taken < BATCH) continue;
    taken = 0;
    yield columns.takeBatch();
  }
  wanted = 0;
  take(END);
  if (rest.length > 1) throw unreadable(file, reading, 'a quote is never closed');
  yield columns.takeBatch();
}

function unreadable(file: DataFile, { rows }: FileReading, reason: string): HuntwireError {
  return new HuntwireError('CONFIG_INVALID', `${file.path} cannot be read behind row ${rows}: ${reason}.`);
}

function takeLines(bytes: Buffer, state: Reading, columns: RawColumns, reading: FileReading): number {
  let at = 0;
  while (at < bytes.length) {
    const next = takeLine(bytes, at, state, columns, reading);
    if (next < 0) break;
    at = next;
  }
  return at;
}

function takeLine(bytes: Buffer, at: number, state: Reading, columns: RawColumns, reading: FileReading): number {
  if (bytes[at] === LINE_FEED || bytes[at] === RETURN) return at + 1;
  if (state.separator === 0) {
    const end = bytes.indexOf(LINE_FEED, at);
    if (end < 0) return -1;
    const line = bytes.toString('utf8', at, end);
    const said = saidSeparator(line);
    state.separator = said ?? likelySeparator(line);
    return said === null ? at : end + 1;
  }
  const { cells } = state;
  const next = cutLine(bytes, at, state.separator, cells);
  if (next < 0) return -1;
  if (state.columns) takeRow(bytes, cells, state.columns, columns, reading);
  else state.columns = openHeader(bytes, cells, columns, reading);
  return next;
}

function openHeader(
  bytes: Buffer,
  cells: LineCells,
  columns: RawColumns,
  reading: FileReading,
): readonly (FileColumn | null)[] {
  const names = Array.from({ length: cells.count }, (_, index) => textOfCell(bytes, cells, index, HEADERS));
  const opened = new Set<FileColumn>();
  return distinctNames(names, reading.renamed).map((name) => {
    const column = columns.open(name);
    if (column && opened.has(column)) {
      reading.renamed.push(`${name} (left out, a second ${column.name})`);
      return null;
    }
    if (column) opened.add(column);
    return column;
  });
}

function takeRow(
  bytes: Buffer,
  cells: LineCells,
  header: readonly (FileColumn | null)[],
  columns: RawColumns,
  reading: FileReading,
): void {
  if (cells.count < header.length) reading.short += 1;
  if (cells.count > header.length) reading.long += 1;
  const count = Math.min(cells.count, header.length);
  for (let index = 0; index < count; index += 1) {
    const column = header[index];
    if (!column) continue;
    const text = textOfCell(bytes, cells, index, column.pool);
    columns.put(column, text, column.learn ? typeOf(text, cells.quoting[index] ?? 0, column.isTime) : null);
  }
  reading.rows += 1;
  columns.endRow();
}

/** Quotes say that digits are text. */
function typeOf(text: string, quoting: number, isTime: boolean): ReturnType<typeof typeOfCell> {
  return quoting === 0 ? typeOfCell(text, isTime) : typeOfText(text, isTime);
}
