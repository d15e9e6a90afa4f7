import { basename, extname } from 'node:path';
import { positionAt } from '../../kql/sent-query.ts';
import { type KqlToken, kqlTokens } from '../../kql/tokens.ts';
import type { Problem } from '../../lib/errors.ts';
import { bodyEnd, FUNCTION_NAME, type SavedFunction } from './saved-function.ts';

interface KqlFile {
  readonly file: string;
  readonly text: string;
  readonly tokens: readonly KqlToken[];
  readonly problems: Problem[];
}

/**
 * The functions of a file with KQL: a query by itself, which the name of the file gives its name; one or several `let Name = (…) {…};`;
 * or `.create function Name(…) {…}`, as Kusto writes them out.
 */
export function readKqlFunctions(
  file: string,
  given: string,
): { readonly functions: readonly SavedFunction[]; readonly problems: readonly Problem[] } {
  const text = given.replace(/^\uFEFF/, '');
  const source: KqlFile = { file, text, tokens: kqlTokens(text), problems: [] };
  const functions = functionsOf(source).filter(({ body }) => body !== '');
  if (functions.length === 0 && source.problems.length === 0) refuse(source, 0, 'The file holds no function.');
  return { functions: source.problems.length === 0 ? functions : [], problems: source.problems };
}

function functionsOf(source: KqlFile): readonly SavedFunction[] {
  const { tokens } = source;
  if (tokens[0]?.text === '.' && ['create', 'alter'].includes(tokens[1]?.text ?? '')) return createdFunction(source);
  const statements = statementsOf(tokens);
  if (statements.length > 0 && statements.every(({ from }) => tokens[from]?.text === 'let'))
    return statements.flatMap((statement) => letFunction(source, statement));
  return wholeFile(source);
}

/** Numbers of tokens, the end behind the last. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** What stands between semicolons outside of brackets. */
function statementsOf(tokens: readonly KqlToken[]): readonly Span[] {
  const statements: Span[] = [];
  let from = 0;
  let depth = 0;
  for (const [at, { kind, text }] of tokens.entries()) {
    if (kind === 'mark') depth += depthOf(text);
    if (text !== ';' || depth !== 0) continue;
    statements.push({ from, to: at });
    from = at + 1;
  }
  return [...statements, { from, to: tokens.length }].filter((one) => one.to > one.from);
}

function depthOf(mark: string): number {
  if ('([{'.includes(mark)) return 1;
  return ')]}'.includes(mark) ? -1 : 0;
}

/** `.create-or-alter function with (…) Name(…) {…}` */
function createdFunction(source: KqlFile): readonly SavedFunction[] {
  const { tokens } = source;
  const word = tokens.findIndex(({ text }) => text === 'function');
  const hasOptions = tokens[word + 1]?.text === 'with';
  const from = hasOptions ? tokens.findIndex(({ text }, index) => index > word && text === ')') + 1 : word + 1;
  return namedFunction(source, { from, to: tokens.length });
}

function letFunction(source: KqlFile, { from, to }: Span): readonly SavedFunction[] {
  if (source.tokens[from + 2]?.text === '=') return namedFunction(source, { from: from + 1, to });
  refuse(source, source.tokens[from]?.start ?? 0, 'This is no function: write let Name = (…) { … };');
  return [];
}

/** Name, parameters in brackets, body in braces. */
function namedFunction(source: KqlFile, { from, to }: Span): readonly SavedFunction[] {
  const { tokens, text, file } = source;
  const name = tokens[from];
  const start = tokens[openingBrace(tokens, { from, to })];
  const last = tokens[to - 1];
  if (!name || !start || last?.text !== '}' || !FUNCTION_NAME.test(name.text)) {
    refuse(source, name?.start ?? 0, 'This is no function: its name, parameters in brackets and body in braces.');
    return [];
  }
  const parameters = text.slice(name.end, start.start).trim().replace(/^=/, '').trim() || '()';
  return [madeFunction({ name: name.text, file, parameters }, text, { from: start.end, to: last.start }, name.start)];
}

/** The first brace that stands in no bracket: a default may have some of its own. */
function openingBrace(tokens: readonly KqlToken[], { from, to }: Span): number {
  let depth = 0;
  for (let at = from; at < to; at += 1) {
    const { kind, text } = tokens[at] ?? { kind: 'text', text: '' };
    if (kind !== 'mark') continue;
    if (text === '{' && depth === 0) return at;
    depth += depthOf(text);
  }
  return -1;
}

function wholeFile(source: KqlFile): readonly SavedFunction[] {
  const { file, text } = source;
  const name = basename(file, extname(file));
  if (!FUNCTION_NAME.test(name)) {
    refuse(source, 0, `"${name}" is no name of a function: rename the file, or write let Name = (…) { … };`);
    return [];
  }
  return [madeFunction({ name, file, parameters: '()' }, text, { from: 0, to: text.length }, 0)];
}

function madeFunction(
  named: Pick<SavedFunction, 'name' | 'file' | 'parameters'>,
  text: string,
  { from, to }: Span,
  head: number,
): SavedFunction {
  const inside = text.slice(from, to);
  return Object.freeze({
    ...named,
    body: inside.slice(0, bodyEnd(inside)),
    head: positionAt(text, head),
    place: (offset: number) => positionAt(text, from + offset),
  });
}

function refuse({ file, text, problems }: KqlFile, offset: number, message: string): void {
  problems.push({ file, ...positionAt(text, offset), code: 'RULE_INVALID', message });
}
