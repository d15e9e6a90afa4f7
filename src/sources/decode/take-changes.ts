import { isUtf8 } from 'node:buffer';
import type { Decoding } from './decode-state.ts';
import { isNormalDatetime } from './normalize-datetime.ts';
import type { RowBench } from './row-bench.ts';
import type { CellForm } from './row-form.ts';
import type { RowPattern } from './row-pattern.ts';
import { CHANGE, CHANGES_WORD, DOUBLE, GATHERED, INTEGER, SPOT, TOLD_WORD } from './row-reader.ts';

/** Sets what differs in the row that was read in the pattern's template. */
export function takeChanges(decoding: Decoding, bench: RowBench, { cells, template }: RowPattern): void {
  const { bytes, words } = bench.reader;
  const changes = words[TOLD_WORD] as number;
  // Cells are cut out of one string and keep all of it in memory for as long as one of them lives: the text of no more than one row.
  const text = bytes.toString('latin1', GATHERED, words[TOLD_WORD + 1]);
  let begin = GATHERED;
  for (let change = 0; change < changes; change++) {
    const at = CHANGES_WORD + change * CHANGE;
    const cell = cells[(words[at] as number) / (4 * SPOT)];
    const end = words[at + 1] as number;
    if (end < 0) {
      if (cell) template[cell.name] = cellOf(cell, valueTold(bench, change, at));
      continue;
    }
    if (cell) {
      const isAscii = words[at + 2] === 0;
      const own = isAscii ? text.slice(begin - GATHERED, end - GATHERED) : foreignText(decoding, bytes, begin, end);
      template[cell.name] = cellOfText(cell, own, bytes, begin, end);
    } else if (words[at + 2] !== 0) foreignText(decoding, bytes, begin, end);
    begin = end;
  }
}

function valueTold({ reader, values }: RowBench, change: number, at: number): unknown {
  const { words, doubles } = reader;
  const kind = words[at + 1];
  if (kind === INTEGER) return words[at + 2];
  return kind === DOUBLE ? doubles[(at + 2) / 2] : values[change];
}

/** Text of which some is no ASCII. */
function foreignText(decoding: Decoding, bytes: Buffer, begin: number, end: number): string {
  const text = bytes.toString('utf8', begin, end);
  if (!decoding.mangled && text.includes('\ufffd')) decoding.mangled = !isUtf8(bytes.subarray(begin, end));
  return text;
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
