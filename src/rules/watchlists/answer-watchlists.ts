import { applyEdits, type Edit } from '../../kql/edits.ts';
import type { Watchlist } from './watchlist.ts';
import { watchlistCalls } from './watchlist-calls.ts';

export interface AnsweredText {
  readonly text: string;
  /** Those that it asks for, each once. */
  readonly watchlists: readonly Watchlist[];
  /** The place in the text before of a place in this one. */
  toOriginal(offset: number): number;
  fromOriginal(offset: number): number;
}

/** The text with a name in the place of each call that asks for a known list; the same text where there is none. */
export function answerWatchlists(text: string, known: ReadonlyMap<string, Watchlist>): AnsweredText {
  const calls = known.size === 0 ? [] : watchlistCalls(text);
  const answered = calls.flatMap(({ start, end, alias }) => {
    const watchlist = alias === null ? undefined : known.get(alias);
    return watchlist ? [{ watchlist, edit: { start, end, text: watchlist.name } }] : [];
  });
  const edits = answered.map(({ edit }) => edit);
  const edited = applyEdits(text, edits);
  return {
    text: edited.text,
    watchlists: [...new Set(answered.map(({ watchlist }) => watchlist))],
    toOriginal: edited.toOriginal,
    fromOriginal: (offset) => offset + growthBefore(edits, offset),
  };
}

function growthBefore(edits: readonly Edit[], offset: number): number {
  const before = edits.filter(({ end }) => end <= offset);
  return before.reduce((sum, { start, end, text }) => sum + text.length - (end - start), 0);
}
