import { foldWords, longestWord, shownWidth } from './fold.ts';

/** A text of one line, and how to colour each line that it is folded to. */
export interface ShownCell {
  readonly text: string;
  readonly paint: (line: string) => string;
}

const GAP = '  ';
const NO_CELL: ShownCell = { text: '', paint: (line) => line };

/**
 * Rows as lines of aligned columns; colours and wide characters count as they show. What is wider than `width` is folded between words, the
 * widest columns first; where the words themselves are too long, each row becomes a block with a line for each of its cells, named by
 * the first row. Takes time linear in the cells.
 */
export function columnsOf(
  rows: readonly (readonly (string | ShownCell)[])[],
  width = Number.POSITIVE_INFINITY,
): readonly string[] {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'string' ? { ...NO_CELL, text: cell } : cell)));
  const natural = widest(cells, shownWidth);
  if (total(natural) <= width) return cells.map((row) => lineOf(row, natural));
  const least = widest(cells, longestWord);
  return total(least) <= width ? folded(cells, shrunk(natural, least, width)) : blocks(cells, width);
}

function widest(rows: readonly (readonly ShownCell[])[], measure: (text: string) => number): readonly number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, measure(cell.text));
  }
  return widths;
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + GAP.length * Math.max(0, widths.length - 1);
}

/** No column is wider than all must be, none narrower than its longest word. */
function shrunk(natural: readonly number[], least: readonly number[], width: number): readonly number[] {
  const capped = (cap: number): readonly number[] =>
    natural.map((own, index) => Math.max(least[index] ?? 0, Math.min(own, cap)));
  let [low, high] = [0, width];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (total(capped(middle)) <= width) low = middle;
    else high = middle - 1;
  }
  return capped(low);
}

function folded(rows: readonly (readonly ShownCell[])[], widths: readonly number[]): readonly string[] {
  return rows.flatMap((row) => {
    const lines = row.map(({ text }, index) => foldWords(text, widths[index] ?? 0));
    const height = Math.max(1, ...lines.map((one) => one.length));
    return Array.from({ length: height }, (_, at) =>
      lineOf(
        row.map(({ paint }, index) => ({ text: lines[index]?.[at] ?? '', paint })),
        widths,
      ),
    );
  });
}

function lineOf(row: readonly ShownCell[], widths: readonly number[]): string {
  const padded = row.map(({ text, paint }, index) => {
    const blanks = ' '.repeat(Math.max(0, (widths[index] ?? 0) - shownWidth(text)));
    return (text === '' ? '' : paint(text)) + blanks;
  });
  return padded.join(GAP).trimEnd();
}

/** Empty cells are left out: a block is read, not compared. */
function blocks([head = [], ...rows]: readonly (readonly ShownCell[])[], width: number): readonly string[] {
  const label = Math.max(0, ...head.map(({ text }) => shownWidth(text)));
  return rows.flatMap((row, index) => {
    const lines = row.flatMap((cell, column) => {
      const title = head[column] ?? NO_CELL;
      const parts = cell.text === '' ? [] : foldWords(cell.text, width - label - GAP.length);
      return parts.map((text, at) => lineOf([at === 0 ? title : NO_CELL, { ...cell, text }], [label]));
    });
    return index === 0 ? lines : ['', ...lines];
  });
}
