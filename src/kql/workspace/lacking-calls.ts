import type { PreparedQuery } from '../prepared.ts';
import { DEFENDER_FUNCTIONS } from '../stored-functions.ts';
import { type KqlToken, kqlTokens } from '../tokens.ts';

/** What a source without ingestion time does not have. */
export const UNSTAMPED_LACKS: ReadonlySet<string> = new Set(['ingestion_time', 'externaldata', 'adx', 'arg']);
/** What only Defender has. */
export const DEFENDER_ONLY: ReadonlySet<string> = new Set(DEFENDER_FUNCTIONS.map(({ name }) => name));

/** Where a query calls one of these names. Linear in its length. */
export function callsOf(query: string, names: ReadonlySet<string>): readonly KqlToken[] {
  const tokens = kqlTokens(query);
  return tokens.filter(
    ({ kind, text }, index) => kind === 'word' && names.has(text) && tokens[index + 1]?.text === '(',
  );
}

/** The same of what is sent: what is absorbed is not. */
export function callsSent(
  { text, shape, absorbed }: Pick<PreparedQuery, 'text' | 'shape' | 'absorbed'>,
  names: ReadonlySet<string>,
): readonly KqlToken[] {
  const left = shape === 'snapshot' ? [] : absorbed;
  return callsOf(text, names).filter(({ start, end }) => !left.some((edit) => start >= edit.start && end <= edit.end));
}
