import { formatDuration } from '../../lib/duration.ts';
import { pausesOf, pausesText } from '../cron/pauses.ts';
import { effectiveShape, lookbackOf } from '../shape.ts';
import type { LintCheck } from './check.ts';

/** Windows of a set rule that do not meet leave events that no run ever sees. The rule runs nevertheless: an update must not stop it. */
export const lookbackBelowSchedule: LintCheck = {
  id: 'lookback-below-schedule',
  description:
    'A set whose lookback is shorter than the longest time between two runs of a year, without `pauses: accepted`.',
  why: 'The time between the end of one window and the start of the next is never searched.',
  mend: 'Look back at least as long as the longest time between two runs, or write `pauses: accepted`.',
  severity: 'error',
  analyzed: true,
  refuses: [],
  check: (rule, context) => {
    const { prepared } = context;
    const { schedule, map } = rule;
    const lookbackMs = lookbackOf(rule, prepared);
    if (effectiveShape(rule, prepared) !== 'set' || lookbackMs === null || schedule.pauses === 'accepted') return [];
    // What is asked for the time is true today, and kept nowhere: intervals are the same every day.
    const pauses = pausesOf(schedule, lookbackMs, schedule.kind === 'every' ? 0 : context.now);
    if (!pauses) return [];
    const suggestion = `Look back at least ${formatDuration(pauses.longestMs)}, or write "pauses: accepted" in "schedule" where it is meant.`;
    return [
      { place: map.placeOf(['schedule', 'lookback']), message: pausesText(schedule, lookbackMs, pauses), suggestion },
    ];
  },
};
