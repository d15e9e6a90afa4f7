import { shownWidth } from '../../terminal/fold.ts';
import { oneLine, type Tint } from '../../terminal/print.ts';

/** A cell of so many places: longer text is cut, shorter text filled up. */
export interface BoardCell {
  readonly text: string;
  readonly width: number;
  readonly colour?: Tint;
  readonly side?: 'left' | 'right';
}

export type Paint = (colour: Tint, text: string) => string;

const GAP = 1;

/** Cells beside each other, with a blank between them. */
export function boardLine(cells: readonly BoardCell[], paint: Paint): string {
  return cells
    .map((cell) => {
      const text = cutToWidth(oneLine(cell.text), cell.width);
      const blanks = ' '.repeat(Math.max(0, cell.width - shownWidth(text)));
      const shown = cell.colour && text !== '' ? paint(cell.colour, text) : text;
      return cell.side === 'right' ? blanks + shown : shown + blanks;
    })
    .join(' '.repeat(GAP))
    .trimEnd();
}

/** What the other cells leave of a line of so many places. */
export function restOf(columns: number, widths: readonly number[]): number {
  const others = widths.reduce((sum, width) => sum + width + GAP, 0);
  return Math.max(1, columns - others);
}

/** At most so many places of a terminal, an ellipsis in place of what was cut. */
export function cutToWidth(text: string, width: number): string {
  if (shownWidth(text) <= width) return text;
  let cut = '';
  let used = 1;
  for (const character of text) {
    used += shownWidth(character);
    if (used > width) break;
    cut += character;
  }
  return width <= 0 ? '' : `${cut}…`;
}
