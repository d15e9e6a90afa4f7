import { defenderTables } from '../../kql/defender.ts';
import { type KqlToken, kqlTokens } from '../../kql/tokens.ts';

/** A text that is being written and is compared with a column. */
export interface TypedValue {
  readonly column: string;
  /** What stands between the quotes, as offsets in the query. */
  readonly start: number;
  readonly end: number;
}

const WORDS = /^(?:(?:has|hasprefix|hassuffix|contains|startswith|endswith)(?:_cs)?|in|has_any|has_all)$/;
const MARKS = /^[=~!<>]$/;

/** The text literal in which the cursor stands, where it is compared with a column; null: it is none. */
export function typedValueAt(query: string, offset: number): TypedValue | null {
  const tokens = kqlTokens(query);
  const at = tokens.findIndex(({ kind, start, end }) => kind === 'text' && start < offset && offset <= end);
  const token = tokens[at];
  if (!token) return null;
  const open = /^[hH]?@?["']/.exec(token.text)?.[0] ?? '';
  const isClosed = token.text.length > open.length && token.text.endsWith(open.at(-1) ?? '');
  const [start, end] = [token.start + open.length, token.end - Number(isClosed)];
  const column = open === '' || offset < start || offset > end ? null : comparedColumn(tokens, at);
  return column === null ? null : { column, start, end };
}

/** Tables whose names stand in a query, whether it can be analyzed or not. */
export function tablesNamedIn(query: string): readonly string[] {
  const named = new Set(kqlTokens(query).map(({ text }) => text));
  return defenderTables().filter((table) => named.has(table));
}

/** `Column ==`, `Column in~ ("a",`: backwards over a list, then over the operator. */
function comparedColumn(tokens: readonly KqlToken[], from: number): string | null {
  let at = from - 1;
  while (tokens[at]?.kind === 'text' || tokens[at]?.text === ',' || tokens[at]?.text === '(') at -= 1;
  const operator = at;
  while (MARKS.test(tokens[at]?.text ?? '')) at -= 1;
  if (WORDS.test(tokens[at]?.text ?? '')) at -= 1;
  while (tokens[at]?.text === '!') at -= 1;
  const column = tokens[at];
  return at < operator && column?.kind === 'word' ? column.text : null;
}
