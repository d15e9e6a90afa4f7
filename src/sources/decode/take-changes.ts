import type { Gathered } from './gather-text.ts';
import { isNormalDatetime } from './normalize-datetime.ts';
import type { CellForm } from './row-form.ts';
import { NOT_GATHERED, type RowPattern, SPOT } from './row-pattern.ts';

/** Sets what differs in the row that was read in the pattern's template. */
export function takeChanges(pattern: RowPattern, { bytes, length }: Gathered): void {
  const { cells, changed, changes, values, textEnds, template } = pattern;
  const text = bytes.toString('latin1', 0, length);
  let begin = 0;
  for (let change = 0; change < changes; change++) {
    const cell = cells[(changed[change] as number) / SPOT];
    const end = textEnds[change] as number;
    if (cell && end === NOT_GATHERED) template[cell.name] = cellOf(cell, values[change]);
    else if (cell) template[cell.name] = cellOfText(cell, text.slice(begin, end), bytes, begin, end);
    if (end !== NOT_GATHERED) begin = end;
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
