import { HOUR_MS } from '../../lib/duration.ts';
import { scheduleSpacing } from '../cron/spacing.ts';
import type { Rule } from '../rule.ts';
import type { LintCheck } from './check.ts';

/** What is planned of the 1,500 calls an hour that a tenant has at least; the rest is for people and other programs. */
const CALLS_PER_HOUR = 1400;

/** Schedules are promises: together they must fit what the service takes. */
export const quotaExceeded: LintCheck = {
  id: 'quota-exceeded',
  description: `Rules whose schedules need more than ${CALLS_PER_HOUR} calls an hour together, told at the one that needs most.`,
  why: 'The service refuses what is above the quota of a tenant: rules lag behind, the least severe first.',
  mend: 'Run the rule, or others, less often. Rules of several tenants are counted together here; `doctor` counts each tenant.',
  severity: 'warning',
  analyzed: false,
  refuses: [],
  check: () => [],
  finish: (rules) => {
    const distinct = new Map(rules.filter(({ status }) => status !== 'disabled').map((rule) => [rule.id, rule]));
    const costs = [...distinct.values()].map((rule) => ({ rule, calls: callsAnHour(rule) }));
    const all = costs.reduce((sum, { calls }) => sum + calls, 0);
    const [dearest] = costs.sort((left, right) => right.calls - left.calls);
    if (!dearest || all <= CALLS_PER_HOUR) return [];
    const { rule, calls } = dearest;
    const message = `The rules need ${Math.round(all)} calls an hour, ${Math.round(calls)} of them this one; a tenant takes ${CALLS_PER_HOUR}.`;
    const suggestion = 'Run this rule or others less often.';
    return [{ file: rule.map.file, place: rule.map.placeOf(['schedule']), message, suggestion }];
  },
};

function callsAnHour({ schedule }: Rule): number {
  const shortestMs = scheduleSpacing(schedule)?.shortestMs ?? 0;
  return shortestMs > 0 ? HOUR_MS / shortestMs : 0;
}
