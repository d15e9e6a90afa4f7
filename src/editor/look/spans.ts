import type { Position, Range } from 'vscode-languageserver';
import type { LintFinding } from '../../rules/lint/check.ts';

/** A text with its lines, as an editor counts them: from 0, in UTF-16 units; each of `\n`, `\r\n` and `\r` ends a line. */
export interface LinedText {
  readonly text: string;
  offsetAt(at: Position): number;
  positionAt(offset: number): Position;
  range(start: number, end: number): Range;
  /** Of a place as our findings have it: from 1, lines end with `\n` alone, and a byte order mark is no column. */
  offsetOf(line: number, column: number): number;
}

export function linedText(text: string): LinedText {
  const [all, fed] = [lineStarts(text, /\r\n|\n|\r/g, 0), lineStarts(text, /\n/g, text.startsWith('\uFEFF') ? 1 : 0)];
  const positionAt = (given: number): Position => {
    const offset = Math.min(Math.max(0, given), text.length);
    const line = lineOf(all, offset);
    return { line, character: offset - (all[line] ?? 0) };
  };
  return {
    text,
    positionAt,
    offsetAt: ({ line, character }) => {
      if (line >= all.length) return text.length;
      const [start = 0, next = text.length] = [all[Math.max(0, line)], all[line + 1]];
      return Math.max(start, Math.min(start + character, next));
    },
    range: (start, end) => ({ start: positionAt(start), end: positionAt(end) }),
    offsetOf: (line, column) => Math.min((fed[line - 1] ?? text.length) + column - 1, text.length),
  };
}

/** Where the line begins in which an offset stands, as `\n` ends lines. */
export function lineStartOf(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

function lineStarts(text: string, ends: RegExp, first: number): readonly number[] {
  return [first, ...[...text.matchAll(ends)].map(({ 0: end, index }) => index + end.length)];
}

/** The last line that begins at the offset or in front of it. */
function lineOf(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Where a finding stands: to its end, or over the word that it begins with where only its beginning is known. */
export function rangeOfFinding(lined: LinedText, { line, column, endLine, endColumn }: LintFinding): Range {
  const start = lined.offsetOf(line, column);
  if (endLine !== null && endColumn !== null) return lined.range(start, lined.offsetOf(endLine, endColumn));
  const word = /^(?:(["']?)[\w$.-]+\1|[^\s\w]+)/.exec(lined.text.slice(start, start + 200))?.[0].length ?? 0;
  return lined.range(start, start + word);
}
