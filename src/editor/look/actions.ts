import type { CodeAction, Range, TextEdit } from 'vscode-languageserver';
import type { LintFinding } from '../../rules/lint/check.ts';
import { DISABLE_WORD } from '../../rules/lint/disables/read.ts';
import { parseRules } from '../../rules/load-rules.ts';
import { heldQueries, queryAt } from './held-queries.ts';
import type { Lookout } from './lookout.ts';
import { meantEdit } from './meant-edit.ts';
import { type LinedText, linedText, lineStartOf, rangeOfFinding } from './spans.ts';

interface Asked {
  readonly file: string;
  readonly uri: string;
  readonly range: Range;
}

/** What mends the findings that a range touches, what they take a name for, and what switches them off. Of a text that has changed since nothing is offered. */
export function actionsFor(lookout: Lookout, { file, uri, range }: Asked): readonly CodeAction[] {
  const text = lookout.held.get(file) ?? '';
  const found = lookout.found.get(file);
  if (!found || found.text !== text) return [];
  const lined = linedText(text);
  const touched = found.findings.filter((finding) => touches(rangeOfFinding(lined, finding), range));
  const toAction = (finding: LintFinding, title: string, kind: string, edits: readonly TextEdit[]): CodeAction => ({
    title,
    kind,
    edit: { changes: { [uri]: [...edits] } },
    ...(kind === 'quickfix' && { isPreferred: finding.fix !== null }),
  });
  const mended = touched.flatMap((finding) => {
    const edits = finding.fix === null ? null : soundEdits(file, lined, finding);
    return edits === null ? [] : [toAction(finding, titleOf(finding), 'quickfix', edits)];
  });
  const meant = touched.flatMap((finding) => {
    const edit = finding.fix === null ? meantEdit(lined, finding) : null;
    return edit === null ? [] : [toAction(finding, `Write "${edit.newText}"`, 'quickfix', [edit])];
  });
  const off = touched.flatMap((finding) => {
    const edit = disablingEdit(file, lined, finding);
    return edit === null ? [] : [toAction(finding, `Switch "${finding.check}" off here`, 'quickfix', [edit])];
  });
  return [...mended, ...distinct(meant), ...distinct(off)];
}

function titleOf({ fix, check }: LintFinding): string {
  const [only] = fix ?? [];
  const text = only && fix?.length === 1 ? only.text.trim() : '';
  return text !== '' && text.length <= 60 && !text.includes('\n') ? `Write "${text}" (${check})` : `Mend "${check}"`;
}

function touches(one: Range, other: Range): boolean {
  const before = (a: Range, b: Range): boolean =>
    a.end.line < b.start.line || (a.end.line === b.start.line && a.end.character < b.start.character);
  return !before(one, other) && !before(other, one);
}

/** The edits of a fix; null where the file would no longer load, as with `lint --fix`. */
function soundEdits(file: string, lined: LinedText, { fix }: LintFinding): readonly TextEdit[] | null {
  const spans = (fix ?? []).map(({ line, column, endLine, endColumn, text }) => ({
    start: lined.offsetOf(line, column),
    end: lined.offsetOf(endLine, endColumn),
    text,
  }));
  const after = [...spans]
    .sort((a, b) => a.start - b.start)
    .reduceRight((made, { start, end, text }) => made.slice(0, start) + text + made.slice(end), lined.text);
  if (parseRules(file, after).problems.length > 0) return null;
  return spans.map(({ start, end, text }) => ({ range: lined.range(start, end), newText: text }));
}

/** Codes of errors are no checks, and what keeps a rule from running cannot be switched off. */
function disablingEdit(file: string, lined: LinedText, finding: LintFinding): TextEdit | null {
  const { check, refuses } = finding;
  if (refuses || !/^[a-z][a-z-]*$/.test(check) || check === 'vendor-file' || /\.json$/i.test(file)) return null;
  const at = lined.offsetOf(finding.line, finding.column);
  const query = queryAt(heldQueries(file, lined.text), lined.text, at);
  const lineStart = lineStartOf(lined.text, at);
  const isInLines = query !== null && query.indent !== null;
  const start = isInLines || query === null ? lineStart : lined.text.lastIndexOf('\n', query.start - 2) + 1;
  const place = query !== null && !isInLines ? keyLine(lined.text, query.start) : start;
  const margin = /^[ \t]*/.exec(lined.text.slice(place))?.[0] ?? '';
  const mark = isInLines ? '//' : '#';
  const end = lined.text.includes('\r\n') ? '\r\n' : '\n';
  const range = lined.range(place, place);
  return { range, newText: `${margin}${mark} ${DISABLE_WORD} ${check}: say why${end}` };
}

/** The beginning of the line with the key of a text that begins at an offset, on its line or the next. */
function keyLine(text: string, start: number): number {
  const own = text.lastIndexOf('\n', start - 1) + 1;
  return /^[^\S\n]*(?:- +)*["']?\w+["']?\s*:/.test(text.slice(own, start)) ? own : text.lastIndexOf('\n', own - 2) + 1;
}

function distinct(actions: readonly CodeAction[]): readonly CodeAction[] {
  const byTitle = new Map<string, CodeAction>();
  for (const action of actions) if (!byTitle.has(action.title)) byTitle.set(action.title, action);
  return [...byTitle.values()];
}
