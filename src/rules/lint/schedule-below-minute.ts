import { formatDuration, MINUTE_MS } from '../../lib/duration.ts';
import type { LintCheck } from './check.ts';

/** A rule that runs more than once a minute eats the tenant's quota and finds nothing earlier: rows take minutes to arrive. */
export const scheduleBelowMinute: LintCheck = {
  id: 'schedule-below-minute',
  description: 'More than one run a minute.',
  why: 'Rows become visible minutes after they happen, so such a schedule costs calls and finds nothing earlier.',
  mend: 'Run it every `1m` or less often.',
  severity: 'warning',
  analyzed: false,
  refuses: [],
  check: (rule) => {
    if (rule.schedule.kind !== 'every' || rule.schedule.everyMs >= MINUTE_MS) return [];
    const message = `The rule runs every ${formatDuration(rule.schedule.everyMs)}, which costs quota and finds nothing earlier.`;
    return [{ place: rule.map.placeOf(['schedule', 'every']), message, suggestion: 'Run it every 1m or less often.' }];
  },
};
