import { formatDuration } from '../../lib/duration.ts';
import { scheduleGaps } from '../cron/gaps.ts';
import { effectiveShape, lookbackOf } from '../shape.ts';
import type { LintCheck } from './check.ts';

/** Windows of a set rule that do not meet leave events that no run ever sees. */
export const lookbackBelowSchedule: LintCheck = {
  id: 'lookback-below-schedule',
  description: 'A set whose lookback is shorter than the time between runs.',
  severity: 'error',
  analyzed: true,
  refuses: ['set'],
  check: (rule, { prepared }) => {
    const lookbackMs = lookbackOf(rule, prepared);
    const gap = scheduleGaps(rule.schedule)?.shortestMs ?? 0;
    if (effectiveShape(rule, prepared) !== 'set' || lookbackMs === null || lookbackMs >= gap) return [];
    const message = `The lookback of ${formatDuration(lookbackMs)} is shorter than the ${formatDuration(gap)} between runs: events in between are never seen.`;
    const suggestion = `Look back at least ${formatDuration(gap)}, better ${formatDuration(2 * gap)}.`;
    return [{ place: rule.map.placeOf(['schedule', 'lookback']), message, suggestion }];
  },
};
