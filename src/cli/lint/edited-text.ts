import type { FileEdit } from '../../rules/lint/check.ts';

/**
 * The text with all edits made, or null where two of them touch or one lies outside of the text: then what they were made for has changed.
 * A byte order mark is no column, and line ends stay as they are.
 */
export function editedText(text: string, edits: readonly FileEdit[]): string | null {
  const starts = lineStarts(text);
  const spans = edits.map((edit) => ({
    start: offsetOf(starts, text, edit.line, edit.column),
    end: offsetOf(starts, text, edit.endLine, edit.endColumn),
    text: edit.text,
  }));
  const ordered = [...spans].sort((left, right) => left.start - right.start);
  const broken = ordered.some(({ start, end }, index) => end < start || start < (ordered[index - 1]?.end ?? 0));
  if (broken || spans.some(({ start, end }) => start < 0 || end < 0)) return null;
  return ordered.reduceRight((made, span) => made.slice(0, span.start) + span.text + made.slice(span.end), text);
}

function lineStarts(text: string): readonly number[] {
  const starts = [text.startsWith('\uFEFF') ? 1 : 0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function offsetOf(starts: readonly number[], text: string, line: number, column: number): number {
  const start = starts[line - 1];
  const end = starts[line] ?? text.length + 1;
  return start === undefined || start + column - 1 > end ? -1 : start + column - 1;
}
