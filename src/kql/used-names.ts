import { type KqlToken, kqlTokens } from './tokens.ts';

/** Operators whose operands are tables. */
const OVER_TABLES: readonly string[] = ['union', 'join', 'lookup'];
/** What takes a table in brackets: `in (T)`, `toscalar(T)`, a bracket by itself. */
const TAKES_TABLE: readonly string[] = ['in', '~', 'has_any', 'has_all', 'materialize', 'toscalar', ...OVER_TABLES];
/** What may stand before a bracket that only holds together. */
const OPENS: readonly string[] = ['', '(', '{', ';', ',', '|', '='];

interface Level {
  /** The operator of the pipe that stands here; empty before the first. */
  operator: string;
  /** What stands before the bracket that opened the level. */
  readonly head: string;
  readonly bracket: string;
}

interface Reading {
  readonly tokens: readonly KqlToken[];
  readonly isKnown: (name: string) => boolean;
  /** Names that the query itself gives to something. */
  readonly own: ReadonlySet<string>;
  readonly found: Set<string>;
  readonly levels: Level[];
}

/**
 * The names of stored functions that a query uses: as a call, or bare where a table stands. Without a parser, and so by the words
 * around a name: one that the query declares itself, or that stands where a column does, is none. Linear in the query's length.
 */
export function usedNames(query: string, isKnown: (name: string) => boolean): readonly string[] {
  if (!(query.match(/[A-Za-z_]\w*/g) ?? []).some(isKnown)) return [];
  const tokens = kqlTokens(query);
  const level: Level = { operator: '', head: '', bracket: '' };
  const reading: Reading = { tokens, isKnown, own: declaredNames(tokens), found: new Set(), levels: [level] };
  for (let at = 0; at < tokens.length; at += 1) readToken(reading, at);
  return [...reading.found];
}

/** Names of `let` and of parameters (`name:type`). */
function declaredNames(tokens: readonly KqlToken[]): ReadonlySet<string> {
  const names = tokens.filter(({ kind }, at) => {
    if (kind !== 'word') return false;
    const isLet = tokens[at - 1]?.text === 'let' && tokens[at + 1]?.text === '=';
    return isLet || (tokens[at + 1]?.text === ':' && ['(', ','].includes(tokens[at - 1]?.text ?? ''));
  });
  return new Set(names.map(({ text }) => text));
}

function readToken(reading: Reading, at: number): void {
  const { tokens, levels } = reading;
  const { kind, text } = tokens[at] ?? { kind: 'mark', text: '' };
  const level = levels.at(-1);
  if (kind === 'word' && level) readWord(reading, at, level);
  else if ('([{'.includes(text) && kind === 'mark')
    levels.push({ operator: '', head: headOf(tokens, at, level), bracket: text });
  else if (')]}'.includes(text) && kind === 'mark' && levels.length > 1) levels.pop();
  else if (text === ';' && level) level.operator = '';
}

/** Behind a parameter, `join kind=inner (`, a bracket stands by itself. */
function headOf(tokens: readonly KqlToken[], at: number, level: Level | undefined): string {
  const isParameter = tokens[at - 2]?.text === '=' && tokens[at - 3]?.kind === 'word';
  return isParameter && OVER_TABLES.includes(level?.operator ?? '') ? '' : (tokens[at - 1]?.text ?? '');
}

function readWord(reading: Reading, at: number, level: Level): void {
  const { tokens, isKnown, own, found } = reading;
  const text = tokens[at]?.text ?? '';
  const before = tokens[at - 1]?.text ?? '';
  if (before === '|' || (OVER_TABLES.includes(text) && isStart(reading, at, level))) level.operator = text;
  else if (isKnown(text) && !own.has(text) && before !== '.' && isUse(reading, at, level)) found.add(text);
}

function isUse(reading: Reading, at: number, level: Level): boolean {
  if (reading.tokens[at + 1]?.text === '(') return true;
  return isStart(reading, at, level) || isInBrackets(reading, at, level) || isOperand(reading, at, level);
}

/** Where a statement, a function's body or the value of a `let` begins. */
function isStart({ tokens }: Reading, at: number, { bracket }: Level): boolean {
  const before = tokens[at - 1]?.text ?? '';
  if (before === '' || before === ';' || (before === '{' && bracket === '{')) return true;
  if (before === '(' && tokens[at]?.text === 'union') return true;
  return before === '=' && tokens[at - 3]?.text === 'let';
}

/** `(T | …)`, `in (T)`, `materialize(T)`, and arguments of functions that the query or a library declares. */
function isInBrackets({ tokens, own, isKnown }: Reading, at: number, { bracket, head }: Level): boolean {
  const before = tokens[at - 1]?.text ?? '';
  const after = tokens[at + 1]?.text ?? '';
  if (bracket !== '(' || !['(', ','].includes(before)) return false;
  if (before === '(' && after === '|') return true;
  if (own.has(head) || isKnown(head)) return after === ')' || after === ',';
  return before === '(' && after === ')' && (TAKES_TABLE.includes(head) || OPENS.includes(head));
}

/** An operand of `union`, `join` or `lookup`, behind the options (`kind=inner`, `isfuzzy=true`). */
function isOperand({ tokens }: Reading, at: number, { operator }: Level): boolean {
  if (!OVER_TABLES.includes(operator) || tokens[at + 1]?.text === '=') return false;
  const before = tokens[at - 1]?.text ?? '';
  if (before === operator) return true;
  if (before === ',') return operator === 'union';
  return tokens[at - 2]?.text === '=' && tokens[at - 3]?.kind === 'word' && before !== '=';
}
