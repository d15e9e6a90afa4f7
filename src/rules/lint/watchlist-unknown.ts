import { WATCHLIST_FUNCTION, watchlistCalls } from '../watchlists/watchlist-calls.ts';
import type { LintCheck } from './check.ts';

/** Calls for lists that the configuration has stand in the query no more: what is left asks for others. */
export const watchlistUnknown: LintCheck = {
  id: 'watchlist-unknown',
  description:
    'A list that the query asks for with `_GetWatchlist` and that `watchlists` of the configuration does not have, or whose file cannot be used.',
  why: 'Lists lie in a Sentinel workspace. The Defender API does not know the function and refuses the query.',
  mend: "Name the list's file in the configuration: `watchlists: {alias: lists/alias.csv}`. Where it is named, mend what is told at the file: a list of more than 256 K characters as text of a query fits into none.",
  severity: 'warning',
  analyzed: false,
  refuses: [],
  check: ({ query, map }) =>
    watchlistCalls(query).map(({ start, end, alias }) => {
      const [place, last] = [map.place(start), map.place(end - 1)];
      if (alias === null) {
        const message = `What list ${WATCHLIST_FUNCTION}() asks for stands not in the text, so that none can stand for it.`;
        return { place, message, suggestion: `Write the alias as a text: ${WATCHLIST_FUNCTION}('alias').` };
      }
      return {
        place,
        end: { ...last, column: last.column + 1 },
        message: `The configuration has no list "${alias}" that can be used.`,
        suggestion: `Name its file there, in letters as they are here: watchlists: {${alias}: lists/${alias}.csv}. Where it is named, what is wrong with the file, such as its size, is told at it.`,
      };
    }),
};
