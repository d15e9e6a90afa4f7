import { formatDuration } from '../../lib/duration.ts';
import { lookbackOf } from '../shape.ts';
import type { LintCheck } from './check.ts';

/** A query that asks further back than its window finds nothing there: a baseline would be empty and everything new. */
export const reachBeyondLookback: LintCheck = {
  id: 'reach-beyond-lookback',
  description: 'A query that asks further back (`ago(14d)`) than its lookback.',
  severity: 'error',
  analyzed: true,
  refuses: ['set'],
  check: (rule, { prepared }) => {
    const lookbackMs = lookbackOf(rule, prepared);
    const { reachMs, shape } = prepared;
    if (shape === 'snapshot' || lookbackMs === null || reachMs === null || reachMs <= lookbackMs) return [];
    const message = `The query reaches back ${formatDuration(reachMs)}, the lookback is ${formatDuration(lookbackMs)}: older rows are cut off by the window.`;
    const suggestion = `Set "schedule.lookback" to ${formatDuration(reachMs)}, or take the time filter out of the query.`;
    return [{ place: rule.map.placeOf(['schedule', 'lookback']), message, suggestion }];
  },
};
