import { nearest } from '../lib/nearest.ts';
import type { KqlDiagnostic } from './ast.ts';
import { kqlTokens } from './tokens.ts';

const OPERATOR_EXPECTED = 'KS176';
const UNEXPECTED = 'KS002';
const MISSING_QUOTE = 'KS001';
const EXPECTED = 'KS005';

/**
 * The diagnostics that stand for mistakes of their own. The parser stumbles on after the first malformed place: what it says from there on
 * is told only where it is another operator on another line; names that it does not find are no news then.
 */
export function ownMistakes(text: string, diagnostics: readonly KqlDiagnostic[]): readonly KqlDiagnostic[] {
  const malformed = diagnostics.filter((one) => one.severity === 'error' && isMalformed(one)).sort(byPlace(text));
  const [first] = malformed;
  if (!first) return diagnostics;
  const lines = new Set([lineOf(text, first.start)]);
  const others = malformed.filter((one) => {
    const line = lineOf(text, one.start);
    const isOwn = one.code === OPERATOR_EXPECTED && !lines.has(line);
    if (isOwn) lines.add(line);
    return isOwn;
  });
  return [fromOpening(text, first), ...others];
}

/** The parser misses the quote where it goes on, which may be lines below: the text that it closes is what must be looked at. */
function fromOpening(text: string, missed: KqlDiagnostic): KqlDiagnostic {
  if (missed.code !== MISSING_QUOTE || text.startsWith('\\', missed.start)) return missed;
  const open = kqlTokens(text).findLast(({ kind, end }) => kind === 'text' && end <= missed.start);
  return open ? { ...missed, start: open.start, end: open.end } : missed;
}

function isMalformed({ syntax, code }: KqlDiagnostic): boolean {
  return syntax || code === 'KS006';
}

/** Of two at one place the one that names what stands there. What is missing is missed where blanks before it begin. */
function byPlace(text: string): (left: KqlDiagnostic, right: KqlDiagnostic) => number {
  const place = ({ start }: KqlDiagnostic): number => start + text.slice(start).search(/\S|$/);
  const rank = ({ code }: KqlDiagnostic): number => (code === UNEXPECTED ? 0 : 1);
  return (left, right) => place(left) - place(right) || rank(left) - rank(right);
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

const LONGEST_LITERAL = 200;

/** The text around an offset as a verbatim literal: from the quote before it to the next such quote of its line. */
function verbatim(text: string, at: number): string | null {
  const begin = text.lastIndexOf('\n', at) + 1;
  const end = text.indexOf('\n', at) < 0 ? text.length : text.indexOf('\n', at);
  const open = Math.max(text.lastIndexOf('"', at), text.lastIndexOf("'", at));
  const close = open < begin ? -1 : text.indexOf(text[open] ?? '', at);
  if (close <= open || close >= end || close - open > LONGEST_LITERAL) return null;
  return `@${text.slice(open, close + 1)}`;
}

/** Whether a paragraph of its own begins here, with a table and a pipe, or with a comment in front of them. */
function beginsAnother(text: string, start: number): boolean {
  const at = start + text.slice(start).search(/\S|$/);
  const before = text.slice(0, at);
  if (!/\n[^\S\n]*\n\s*$/.test(before)) return false;
  const code = text.slice(at).replace(/^(?:[^\S\n]*\/\/[^\n]*\n\s*)+/, '');
  return /^[A-Z]\w+[^\S\n]*(?:\/\/[^\n]*)?\s*\|/.test(code);
}

/** What to write instead, where we know. */
export function syntaxHint(text: string, { code, start, message }: KqlDiagnostic): string | null {
  const rest = text.slice(start);
  if (code === OPERATOR_EXPECTED) {
    const word = /^[a-z][\w-]*/i.exec(rest)?.[0];
    const meant = word ? nearest(word, OPERATORS) : null;
    return meant ? `Did you mean "${meant}"?` : null;
  }
  if (code === UNEXPECTED && /^[“”„‘’]/.test(rest)) return 'Use straight quotes: ".';
  if ((code === MISSING_QUOTE || code === UNEXPECTED) && rest.startsWith('\\')) {
    const literal = verbatim(text, start) ?? '@"C:\\Users"';
    return `In a text "\\" begins an escape: write "\\\\", or put @ before the text: ${literal}.`;
  }
  if (code === MISSING_QUOTE) return 'The text that begins here is not closed.';
  return code === EXPECTED ? expectedHint(text, start, message) : null;
}

function expectedHint(text: string, start: number, message: string): string | null {
  if (beginsAnother(text, start))
    return 'Another query begins here: a rule has one. Write a rule of its own, or join them by union.';
  if (!message.endsWith(';')) return null;
  if (/^\s*select\b/i.test(text)) return 'This is SQL; KQL begins with the table: DeviceEvents | where … | project …';
  return 'A statement ends here: is a "|" missing, or the ";" behind a let?';
}

/** Operators of the language that rules use. */
const OPERATORS: readonly string[] = [
  'as',
  'count',
  'distinct',
  'evaluate',
  'extend',
  'invoke',
  'join',
  'limit',
  'lookup',
  'make-series',
  'mv-apply',
  'mv-expand',
  'order',
  'parse',
  'parse-kv',
  'parse-where',
  'partition',
  'project',
  'project-away',
  'project-keep',
  'project-rename',
  'project-reorder',
  'render',
  'sample',
  'scan',
  'serialize',
  'sort',
  'summarize',
  'take',
  'top',
  'top-nested',
  'union',
  'where',
];
