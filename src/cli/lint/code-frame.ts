import { visible } from '../../lib/visible.ts';
import type { LintFinding } from '../../rules/lint/check.ts';
import { shownWidth } from '../terminal/fold.ts';

/** What a tab is shown as. */
const TAB = '  ';
/** A time with its colons, too. */
const WORD = /^[\p{L}\p{N}_.-]+(?::\p{N}+)*/u;
/** How much of a long line is shown before its mark. */
const MOST_BEFORE = 60;
/** Into a file or pipe, too: a line may have 100,000 characters, and a finding for each word. */
const WIDEST = 240;

type Marked = Pick<LintFinding, 'line' | 'column' | 'endLine' | 'endColumn'>;

/**
 * The line of a finding under its number, and below it a caret for each character that the finding is about: to the end of the line
 * where it goes on, a word where its end is not known. No longer than `width` allows; what no one would see is shown as such.
 */
export function codeFrame(finding: Marked, text: string, width = WIDEST): readonly string[] {
  const gutter = `${finding.line} │ `;
  const room = Math.max(20, Math.min(width, WIDEST) - gutter.length);
  const start = Math.min(finding.column - 1, text.length);
  const cut = start > Math.min(MOST_BEFORE, room / 2) ? start - Math.floor(Math.min(MOST_BEFORE, room / 2)) : 0;
  const from = isLowSurrogate(text.charCodeAt(cut)) ? cut - 1 : cut;
  const before = `${from > 0 ? '…' : ''}${shown(text.slice(from, start))}`;
  const end = Math.max(start, Math.min(text.length, endOf(finding, text, start)));
  const about = shown(text.slice(start, end));
  const line = withinWidth(before + about + shown(text.slice(end)), room);
  const most = Math.max(1, room - shownWidth(before));
  const carets = '^'.repeat(Math.min(most, Math.max(1, shownWidth(about))));
  return [gutter + line, `${' '.repeat(gutter.length - 2)}│ ${' '.repeat(shownWidth(before))}${carets}`];
}

function endOf({ line, endLine, endColumn }: Marked, text: string, start: number): number {
  if (endLine === null || endColumn === null) return start + (WORD.exec(text.slice(start))?.[0].length ?? 1);
  return endLine > line ? text.trimEnd().length : endColumn - 1;
}

function shown(text: string): string {
  return visible(text.replaceAll('\t', TAB)).replaceAll('\n', ' ');
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

function withinWidth(line: string, room: number): string {
  if (shownWidth(line) <= room) return line.trimEnd();
  let kept = '';
  let width = 0;
  for (const character of line) {
    width += shownWidth(character);
    if (width >= room) break;
    kept += character;
  }
  return `${kept}…`;
}
