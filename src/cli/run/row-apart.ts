import { withJoined } from '../../lib/abort.ts';
import { MINUTE_MS } from '../../lib/duration.ts';
import { HuntwireError } from '../../lib/errors.ts';
import type { RuleExplanation } from '../../trial/explain/explanation.ts';
import type { ExplainedRow } from '../../trial/explain/row/explained-row.ts';
import { documentIn, type Starter, startHuntwire } from './perform-apart.ts';

const LONGEST_MS = MINUTE_MS;
const MOST_AT_ONCE = 2;

/** Whose row is asked about. */
interface RowOf {
  readonly tenant: string;
  readonly rule: string;
}

export type RowTeller = (of: RowOf, text: string, signal: AbortSignal) => Promise<ExplainedRow>;

/** Tells what becomes of a row, each in a process of its own: the row is anybody's, and a query may take its time over it. */
export function createRowTeller(config: string, start: Starter = startHuntwire): RowTeller {
  let going = 0;
  return async ({ tenant, rule }, text, signal) => {
    if (going >= MOST_AT_ONCE)
      throw new HuntwireError('ACTION_BUSY', `${MOST_AT_ONCE} rows are looked at already.`, { retryable: true });
    going += 1;
    try {
      const args = ['explain', `--config=${config}`, '--format=json', '--row=-', `--tenant=${tenant}`, '--', rule];
      const ends = [signal, AbortSignal.timeout(LONGEST_MS)];
      const document = documentIn(await withJoined(ends, (either) => start(args, text, either)));
      const [told] = (document as Pick<RuleExplanation, 'row'>).row ?? [];
      if (!told) throw new HuntwireError('INTERNAL', 'A process that looks at a row ended without an answer.');
      return told;
    } finally {
      going -= 1;
    }
  };
}
