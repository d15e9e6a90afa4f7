import { formatDuration } from '../../lib/duration.ts';
import { longestMet, scheduleSpacing } from '../cron/spacing.ts';
import { effectiveShape, lookbackOf } from '../shape.ts';
import type { LintCheck } from './check.ts';

/** A set rule finds a pair of events when they arrive at most lookback minus the time between runs apart. */
export const lookbackBelowTwiceSchedule: LintCheck = {
  id: 'lookback-below-twice-schedule',
  description: 'A set whose lookback is below twice the time between runs.',
  why: "Two events that belong together can arrive on both sides of a window's edge; only windows that overlap hold both.",
  mend: 'Look back twice the time between runs, or more.',
  severity: 'warning',
  analyzed: true,
  refuses: [],
  check: (rule, { prepared }) => {
    const lookbackMs = lookbackOf(rule, prepared);
    const spacing = scheduleSpacing(rule.schedule);
    if (effectiveShape(rule, prepared) !== 'set' || lookbackMs === null || spacing === null) return [];
    const longestMs = longestMet(spacing, lookbackMs);
    if (longestMs < spacing.longestMs && rule.schedule.pauses !== 'accepted') return [];
    if (longestMs === 0 || lookbackMs >= 2 * longestMs) return [];
    const apart = formatDuration(lookbackMs - longestMs);
    const between = formatDuration(longestMs);
    const message = `The lookback is ${formatDuration(lookbackMs)} and up to ${between} lie between runs: events that arrive more than ${apart} apart may not be found together.`;
    const suggestion = `Look back ${formatDuration(2 * longestMs)} or more.`;
    return [{ place: rule.map.placeOf(['schedule', 'lookback']), message, suggestion }];
  },
};
