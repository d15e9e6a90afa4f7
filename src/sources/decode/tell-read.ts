import { isUtf8 } from 'node:buffer';
import type { Decoding } from './decode-state.ts';
import { isNormalDatetime } from './normalize-datetime.ts';
import type { RowBench } from './row-bench.ts';
import type { CellForm } from './row-form.ts';
import type { RowPattern } from './row-pattern.ts';
import { CHANGE, CHANGES_WORD, DOUBLE, GATHERED, INTEGER, ROWS_WORD, TOLD_WORD } from './row-reader.ts';

const MANGLED = '\ufffd';

/** The text of all values that were read, and where that of the next begins. */
interface Gathered {
  readonly ascii: string;
  readonly end: number;
  begin: number;
  /** The same with what is no ASCII, where that is wanted, and where that of the next begins in it. */
  foreign: string | null;
  unitBegin: number;
}

/**
 * Hands on the rows that were read, each a copy of the pattern's template with what differs in it. Cells are cut out of one string and keep
 * all of it in memory for as long as one of them lives: no more than the 4 KB that the reader gathers.
 */
export function tellRead(decoding: Decoding, bench: RowBench, pattern: RowPattern): void {
  const { words, bytes } = bench.reader;
  const rows = words[TOLD_WORD] as number;
  const end = words[TOLD_WORD + 1] as number;
  const ascii = bytes.toString('latin1', GATHERED, end);
  const gathered: Gathered = { ascii, end, begin: GATHERED, foreign: null, unitBegin: GATHERED };
  let at = CHANGES_WORD;
  for (let row = 0; row < rows; row++) {
    const rowEnd = (words[ROWS_WORD + row] as number) / 4;
    for (; at < rowEnd; at += CHANGE) setCell(decoding, bench, pattern, gathered, at);
    decoding.rows++;
    decoding.sink.row({ ...pattern.template });
  }
}

function setCell(decoding: Decoding, bench: RowBench, pattern: RowPattern, gathered: Gathered, at: number): void {
  const { cells, template } = pattern;
  const { words, bytes } = bench.reader;
  const cell = cells[words[at] as number];
  const end = words[at + 1] as number;
  if (end < 0) {
    if (cell) template[cell.name] = cellOf(cell, valueTold(bench, at));
    return;
  }
  const { begin } = gathered;
  const isAscii = words[at + 3] === 0;
  const text = isAscii
    ? gathered.ascii.slice(begin - GATHERED, end - GATHERED)
    : foreignText(decoding, bytes, gathered, end, words[at + 2] as number);
  if (cell) template[cell.name] = cellOfText(cell, text, bytes, begin, end);
  gathered.begin = end;
  gathered.unitBegin = words[at + 2] as number;
}

function valueTold({ reader, values }: RowBench, at: number): unknown {
  const { words, doubles } = reader;
  const kind = words[at + 1];
  if (kind === INTEGER) return words[at + 2];
  return kind === DOUBLE ? doubles[(at + 2) / 2] : values[(at - CHANGES_WORD) / CHANGE];
}

/** Text of which some is no ASCII. */
function foreignText(decoding: Decoding, bytes: Buffer, gathered: Gathered, end: number, unitEnd: number): string {
  gathered.foreign ??= wellFormed(bytes, gathered.end);
  const { foreign, begin, unitBegin } = gathered;
  if (foreign !== '') return foreign.slice(unitBegin - GATHERED, unitEnd - GATHERED);
  const text = bytes.toString('utf8', begin, end);
  if (!decoding.mangled && text.includes(MANGLED)) decoding.mangled = !isUtf8(bytes.subarray(begin, end));
  return text;
}

/** All text; '' where some may be no UTF-8, so that its places in units of 16 bits may be others than the reader told. */
function wellFormed(bytes: Buffer, end: number): string {
  const text = bytes.toString('utf8', GATHERED, end);
  return text.includes(MANGLED) ? '' : text;
}

function cellOf(cell: CellForm, value: unknown): unknown {
  const isKept = cell.keeps === 'all' || (cell.keeps === 'numbers' && Number.isFinite(value));
  return isKept ? value : cell.normalize(value);
}

function cellOfText(cell: CellForm, text: string, bytes: Buffer, begin: number, end: number): unknown {
  const { keeps } = cell;
  const isKept = keeps === 'text' || keeps === 'all' || (keeps === 'times' && isNormalDatetime(bytes, begin, end));
  return isKept ? text : cell.normalize(text);
}
