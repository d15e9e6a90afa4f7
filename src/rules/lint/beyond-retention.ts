import { formatDuration } from '../../lib/duration.ts';
import { scheduleGaps } from '../cron/gaps.ts';
import { lookbackOf } from '../shape.ts';
import type { LintCheck } from './check.ts';

/** The oldest rows of a window are gone before a run that comes late or fails once can ask for them. */
export const beyondRetention: LintCheck = {
  id: 'beyond-retention',
  description: 'Lookback plus time between runs above what the service keeps (30 days).',
  severity: 'error',
  analyzed: true,
  refuses: [],
  check: (rule, { prepared, retentionMs }) => {
    const lookbackMs = lookbackOf(rule, prepared) ?? 0;
    const gap = scheduleGaps(rule.schedule)?.longestMs ?? 0;
    if (prepared.shape === 'snapshot' || lookbackMs + gap <= retentionMs) return [];
    const sum = `${formatDuration(lookbackMs)} and ${formatDuration(gap)}`;
    const message = `Lookback and time between runs, ${sum}, are together longer than the ${formatDuration(retentionMs)} that the service keeps rows.`;
    return [{ place: rule.map.placeOf(['schedule']), message, suggestion: 'Shorten the lookback or run more often.' }];
  },
};
