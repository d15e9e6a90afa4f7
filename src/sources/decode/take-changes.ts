import { isNormalDatetime } from './normalize-datetime.ts';
import type { RowBench } from './row-bench.ts';
import type { CellForm } from './row-form.ts';
import type { RowPattern } from './row-pattern.ts';
import { CHANGE, CHANGES_WORD, GATHERED, INTEGER, SPOT, TOLD_WORD } from './row-reader.ts';

/** Sets what differs in the row that was read in the pattern's template. */
export function takeChanges({ reader, values }: RowBench, { cells, template }: RowPattern): void {
  const { bytes, words } = reader;
  const changes = words[TOLD_WORD] as number;
  // Cells are cut out of one string and keep all of it in memory for as long as one of them lives: the text of no more than one row.
  const text = bytes.toString('latin1', GATHERED, words[TOLD_WORD + 1]);
  let begin = GATHERED;
  for (let change = 0; change < changes; change++) {
    const at = CHANGES_WORD + change * CHANGE;
    const cell = cells[(words[at] as number) / (4 * SPOT)];
    const end = words[at + 1] as number;
    if (end >= 0) {
      if (cell) template[cell.name] = cellOfText(cell, text.slice(begin - GATHERED, end - GATHERED), bytes, begin, end);
      begin = end;
    } else if (cell) template[cell.name] = cellOf(cell, end === INTEGER ? words[at + 2] : values[change]);
  }
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
