import type { Place } from '../../lib/yaml/parse-yaml.ts';
import type { AnsweredText } from '../watchlists/answer-watchlists.ts';
import type { Watchlist } from '../watchlists/watchlist.ts';
import type { SavedFunction } from './saved-function.ts';

/** What stands in front of a query: from the end of the part before to `end`, its own text from `start` on. */
export interface TextPart {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  /** Where an offset of its own text stands in the file; one below 0 stands before it. */
  place(offset: number): Place;
}

/** A query with what it uses in front, in an order in which each finds what it uses itself. */
export interface JoinedQuery {
  readonly text: string;
  readonly functions: readonly SavedFunction[];
  readonly watchlists: readonly Watchlist[];
  /** What stands before the query itself, in order and without holes. */
  readonly parts: readonly TextPart[];
  /** The query itself, with names in the place of calls for lists. */
  readonly query: AnsweredText;
}
