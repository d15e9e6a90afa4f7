import { HOUR_MS, MINUTE_MS } from '../../lib/duration.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import type { LedgerEntry } from '../../state/store.ts';
import { intervalOf } from '../schedule.ts';

const SHORTEST_REST_MS = 15 * MINUTE_MS;
const LONGEST_REST_MS = 6 * HOUR_MS;

/** How much longer, at `now` (epoch ms), a window of a set rests after a failure that spoke against it; never more than a whole rest. */
export function restLeft(rule: Pick<RunnableRule, 'schedule'>, { failedAt }: LedgerEntry, now: number): number {
  if (failedAt === undefined) return 0;
  const restMs = Math.max(SHORTEST_REST_MS, Math.min(intervalOf(rule), LONGEST_REST_MS));
  return Math.min(restMs, Math.max(0, restMs - (now - failedAt)));
}
