import { Lexer } from 'yaml';

/** A comment of a YAML file, with the lines that it speaks of; lines and columns count from 1. */
export interface YamlComment {
  readonly text: string;
  readonly line: number;
  readonly column: number;
  /**
   * Behind code its own line; on a line of its own the next entry with all that stands below it, or the whole document where nothing
   * stands before it.
   */
  readonly first: number;
  readonly last: number;
}

/** The lexer puts this before each scalar: a `#` behind it begins no comment. */
const SCALAR = '\u001f';

/** The comments of a text that contain `word`. The text is cut into tokens only where the word stands in it at all. */
export function yamlComments(source: string, word: string): readonly YamlComment[] {
  if (!source.includes(word)) return [];
  const found: Omit<YamlComment, 'first' | 'last'>[] = [];
  let [line, column, before] = [1, 1, ''];
  for (const token of new Lexer().lex(source)) {
    if (token.startsWith('#') && before !== SCALAR && token.includes(word)) found.push({ text: token, line, column });
    const ends = token.split('\n');
    line += ends.length - 1;
    column = (ends.length > 1 ? 1 : column) + (isMark(token) ? 0 : (ends.at(-1)?.length ?? 0));
    before = token;
  }
  const lines = source.split('\n');
  return found.map((comment) => ({ ...comment, ...scopeOf(lines, comment) }));
}

/** Marks of the lexer stand for nothing in the file. */
function isMark(token: string): boolean {
  return token === SCALAR || token === '\u0002' || token === '\u0018' || token === '\uFEFF';
}

function scopeOf(
  lines: readonly string[],
  { line, column }: { readonly line: number; readonly column: number },
): { readonly first: number; readonly last: number } {
  const behindCode = (lines[line - 1] ?? '').slice(0, column - 1).trim() !== '';
  if (behindCode) return { first: line, last: line };
  const begin = lines.slice(0, line - 1).findLastIndex(isBoundary) + 1;
  const end = endOfDocument(lines, line);
  if (lines.slice(begin, line - 1).every(isSilent)) return { first: begin + 1, last: end };
  const first = lines.findIndex((text, index) => index >= line && !isSilent(text));
  if (first < 0 || first >= end) return { first: line, last: line };
  return { first: first + 1, last: endOfEntry(lines, first, end) };
}

function isBoundary(text: string): boolean {
  return /^(?:---|\.\.\.)(?:\s|$)/.test(text);
}

/** Blank, a comment, or a directive. */
function isSilent(text: string): boolean {
  return /^\s*(?:#|$)|^%/.test(text);
}

function endOfDocument(lines: readonly string[], line: number): number {
  const next = lines.findIndex((text, index) => index >= line && isBoundary(text));
  return next < 0 ? lines.length : next;
}

/** The last line that is indented deeper than the first, or is an item of a list that the first names. */
function endOfEntry(lines: readonly string[], first: number, end: number): number {
  const text = lines[first] ?? '';
  const indent = text.search(/\S/);
  const isItem = text.slice(indent).startsWith('- ');
  for (let index = first + 1; index < end; index += 1) {
    const other = lines[index] ?? '';
    const own = other.search(/\S/);
    const below = own < 0 || own > indent || (own === indent && !isItem && other.slice(own).startsWith('- '));
    if (!below) return index;
  }
  return end;
}
