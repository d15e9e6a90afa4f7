import type { FoldingRange } from 'vscode-languageserver';
import { type QuerySpot, rangeInFile } from './query-spot.ts';

const MOST_RANGES = 5000;

/** What can be folded: whatever stands behind a line and is indented deeper, and statements of queries that take several lines. */
export function foldsOf(text: string, spots: readonly QuerySpot[]): readonly FoldingRange[] {
  const folds = [...byIndent(text), ...spots.flatMap(statements)];
  const distinct = new Map(folds.map((fold) => [`${fold.startLine}-${fold.endLine}`, fold]));
  return [...distinct.values()].slice(0, MOST_RANGES);
}

function byIndent(text: string): readonly FoldingRange[] {
  const open: { readonly line: number; readonly indent: number }[] = [];
  const folds: FoldingRange[] = [];
  let last = 0;
  const close = (indent: number): void => {
    for (let top = open.at(-1); top && top.indent >= indent; top = open.at(-1)) {
      open.pop();
      if (last > top.line) folds.push({ startLine: top.line, endLine: last });
    }
  };
  for (const [line, content] of text.split(/\r\n|\n|\r/).entries()) {
    if (content.trim() === '') continue;
    const indent = /^[ \t]*/.exec(content)?.[0].length ?? 0;
    close(indent);
    open.push({ line, indent });
    last = line;
  }
  close(0);
  return folds;
}

function statements(spot: QuerySpot): readonly FoldingRange[] {
  return spot.view.outlines().flatMap((outline): readonly FoldingRange[] => {
    const range = rangeInFile(spot, { start: Math.max(outline.start, spot.base), end: outline.end });
    return range && range.end.line > range.start.line ? [{ startLine: range.start.line, endLine: range.end.line }] : [];
  });
}
