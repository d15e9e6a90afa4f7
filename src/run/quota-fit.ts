import type { RunnableRule } from '../rules/rule.ts';
import { fitsQuota, type QuotaFit } from '../sources/quota/day-cost.ts';
import type { Source } from '../sources/source.ts';
import { runsPerDay } from './schedule.ts';

/** What a day of each rule costs in calls, and whether the schedules of all of them fit what the source allows. */
export function quotaFit(rules: readonly RunnableRule[], source: Pick<Source, 'quota'>, now: number): QuotaFit {
  const running = rules.filter((rule) => rule.status !== 'disabled');
  const plans = running.map((rule) => ({ ruleId: rule.id, calls: runsPerDay(rule.schedule, now) }));
  return fitsQuota(plans, source.quota);
}
