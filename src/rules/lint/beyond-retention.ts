import { formatDuration } from '../../lib/duration.ts';
import { longestMet, scheduleSpacing } from '../cron/spacing.ts';
import type { Schedule } from '../rule.ts';
import { lookbackOf } from '../shape.ts';
import type { LintCheck } from './check.ts';

/** The oldest rows of a window are gone before a run that comes late or fails once can ask for them. */
export const beyondRetention: LintCheck = {
  id: 'beyond-retention',
  description: 'Lookback plus time between runs above what the service keeps (30 days in Defender).',
  why: 'What a late run asks for is gone by then: the window comes back without its oldest rows.',
  mend: 'Shorten the lookback, or run more often.',
  severity: 'error',
  analyzed: true,
  refuses: [],
  check: (rule, { prepared, offer, retentionMs: usualMs }) => {
    const { retentionMs } = offer ?? { retentionMs: usualMs };
    const lookbackMs = lookbackOf(rule, prepared) ?? 0;
    const between = longestBetween(rule.schedule, lookbackMs);
    if (prepared.shape === 'snapshot' || lookbackMs + between <= retentionMs) return [];
    const suggestion =
      rule.schedule.lookbackMs !== null && prepared.absorbedMs === rule.schedule.lookbackMs
        ? 'Leave "schedule.lookback" out: then it is all that is kept.'
        : 'Shorten the lookback or run more often.';
    const sum = `${formatDuration(lookbackMs)} and ${formatDuration(between)}`;
    const message = `Lookback and time between runs, ${sum}, are together longer than the ${formatDuration(retentionMs)} that the service keeps rows.`;
    return [{ place: rule.map.placeOf(['schedule']), message, suggestion }];
  },
};

/** Pauses that are meant are not waited for. */
function longestBetween(schedule: Schedule, lookbackMs: number): number {
  const spacing = scheduleSpacing(schedule);
  if (!spacing) return 0;
  return schedule.pauses === 'accepted' ? longestMet(spacing, lookbackMs) : spacing.longestMs;
}
