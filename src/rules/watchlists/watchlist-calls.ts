import { type KqlToken, kqlTokens } from '../../kql/tokens.ts';

export const WATCHLIST_FUNCTION = '_GetWatchlist';

export interface WatchlistCall {
  readonly start: number;
  readonly end: number;
  /** Of the list that is asked for; null where the text alone does not tell. */
  readonly alias: string | null;
}

/** Where a query asks for a list, by the function that every workspace of Sentinel has. */
export function watchlistCalls(query: string): readonly WatchlistCall[] {
  if (!query.includes(WATCHLIST_FUNCTION)) return [];
  const tokens = kqlTokens(query);
  const constants = constantsOf(tokens);
  if (constants.has(WATCHLIST_FUNCTION)) return [];
  return tokens.flatMap(({ text, start }, at) => {
    if (text !== WATCHLIST_FUNCTION || tokens[at + 1]?.text !== '(') return [];
    const [argument, end] = [tokens[at + 2], tokens[at + 3]];
    if (end?.text !== ')') return [{ start, end: start + text.length, alias: null }];
    const alias = argument?.kind === 'text' ? textOf(argument.text) : (constants.get(argument?.text ?? '') ?? null);
    return [{ start, end: end.end, alias }];
  });
}

/** Names that `let` declares, and the text that each stands for; null: none, or not always the same. */
function constantsOf(tokens: readonly KqlToken[]): ReadonlyMap<string, string | null> {
  const constants = new Map<string, string | null>();
  for (const [at, { text }] of tokens.entries()) {
    if (tokens[at - 1]?.text !== 'let' || tokens[at + 1]?.text !== '=') continue;
    const value = tokens[at + 2];
    const isText = value?.kind === 'text' && tokens[at + 3]?.text === ';';
    constants.set(text, isText && !constants.has(text) ? textOf(value.text) : null);
  }
  return constants;
}

/** What a literal without escapes says. */
function textOf(literal: string): string | null {
  return /^[hH]?@?(["'])([^"'\\]*)\1$/.exec(literal)?.[2] ?? null;
}
