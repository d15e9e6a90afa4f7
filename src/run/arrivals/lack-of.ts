import { callsOf, UNSTAMPED_LACKS } from '../../kql/workspace/lacking-calls.ts';
import { HuntwireError } from '../../lib/errors.ts';

/** Why a query cannot be asked of a source without ingestion time, as it would be sent; null: it can. */
export function lackOf(query: string, api: string): HuntwireError | null {
  const [call] = callsOf(query, UNSTAMPED_LACKS);
  if (!call) return null;
  const message = `The query calls ${call.text}(), which ${api} does not have. Leave the time to the window, or run the rule on another source.`;
  return new HuntwireError('KQL_WINDOW_REFUSED', message);
}
