import type { TriedResult } from '../../actions/pages/tried-result.ts';
import { withJoined } from '../../lib/abort.ts';
import { MINUTE_MS } from '../../lib/duration.ts';
import { HuntwireError, toHuntwireError } from '../../lib/errors.ts';
import { documentIn, type Starter, startHuntwire } from './perform-apart.ts';

const LONGEST_MS = 2 * MINUTE_MS;
const MOST_AT_ONCE = 2;

/** Runs queries of people over local data, each in a process of its own: it may take all the time and memory that it is given. */
export function createTrier(
  config: string,
  data: readonly string[],
  start: Starter = startHuntwire,
): (kql: string, signal: AbortSignal) => Promise<TriedResult> {
  let going = 0;
  const args = [
    'query',
    `--config=${config}`,
    '--format=json',
    '--trace',
    ...data.map((path) => `--data=${path}`),
    '-',
  ];
  return async (kql, signal) => {
    if (going >= MOST_AT_ONCE)
      throw new HuntwireError('ACTION_BUSY', `${MOST_AT_ONCE} queries are tried already.`, { retryable: true });
    going += 1;
    try {
      const ends = [signal, AbortSignal.timeout(LONGEST_MS)];
      return documentIn(await withJoined(ends, (either) => start(args, kql, either))) as TriedResult;
    } catch (thrown) {
      throw tooLarge(toHuntwireError(thrown));
    } finally {
      going -= 1;
    }
  };
}

function tooLarge(error: HuntwireError): HuntwireError {
  if (error.code !== 'INTERNAL') return error;
  return new HuntwireError('KQL_BUDGET', 'The answer is too large to be shown: end the query with | take 1000.', {
    cause: error,
  });
}
