import { kqlTokens } from '../../kql/tokens.ts';
import { HuntwireError } from '../../lib/errors.ts';

const LACKING: ReadonlySet<string> = new Set(['ingestion_time', 'externaldata', 'adx', 'arg']);

/** What a query calls that a source without ingestion time does not have; null: nothing. */
export function lackingCall(query: string): string | null {
  const tokens = kqlTokens(query);
  const found = tokens.find(({ kind, text }, index) => {
    return kind === 'word' && LACKING.has(text) && tokens[index + 1]?.text === '(';
  });
  return found?.text ?? null;
}

/** Why a query cannot be asked of such a source, as it would be sent; null: it can. */
export function lackOf(query: string, api: string): HuntwireError | null {
  const call = lackingCall(query);
  if (call === null) return null;
  const message = `The query calls ${call}(), which ${api} does not have. Leave the time to the window, or run the rule on another source.`;
  return new HuntwireError('KQL_WINDOW_REFUSED', message);
}
