import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../lib/duration.ts';
import type { QuotaLimits } from '../source.ts';

export interface RulePlan {
  readonly ruleId: string;
  /** From the schedule: 86,400,000 / every, or the times that a cron expression meets a day. */
  readonly runsPerDay: number;
  /** Calls beside the runs, such as the daily late sweep of stream rules. */
  readonly extraCallsPerDay: number;
  /** What one call takes on average, where it was measured; else null. */
  readonly meanRunMs: number | null;
}

export interface DayCost {
  readonly ruleId: string;
  readonly calls: number;
  /** null: not measured yet. */
  readonly runSeconds: number | null;
}

export interface QuotaFinding {
  readonly limit: Exclude<keyof QuotaLimits, 'concurrency'>;
  readonly planned: number;
  readonly allowed: number;
  readonly message: string;
}

export interface QuotaFit {
  readonly fits: boolean;
  /** What does not fit, worst first. */
  readonly findings: readonly QuotaFinding[];
  /** Rules by cost, dearest first. */
  readonly costs: readonly DayCost[];
}

/** What one day of a rule costs in calls and run time. Pure; retries and slices of heavy windows come on top. */
export function dayCost(plan: RulePlan): DayCost {
  const calls = plan.runsPerDay + plan.extraCallsPerDay;
  return {
    ruleId: plan.ruleId,
    calls,
    runSeconds: plan.meanRunMs === null ? null : (calls * plan.meanRunMs) / SECOND_MS,
  };
}

/**
 * Whether a rule set fits the quota when its runs are spread evenly, as the rules' phases do. Pure. Rules without a measured run time
 * count as 0 s, so that the answer for run time is a lower bound.
 */
export function fitsQuota(plans: readonly RulePlan[], limits: QuotaLimits): QuotaFit {
  const costs = plans.map(dayCost).sort((a, b) => b.calls - a.calls || a.ruleId.localeCompare(b.ruleId));
  const calls = costs.reduce((sum, cost) => sum + cost.calls, 0);
  const seconds = costs.reduce((sum, cost) => sum + (cost.runSeconds ?? 0), 0);
  const findings = [
    finding('callsPerMinute', (calls * MINUTE_MS) / DAY_MS, limits.callsPerMinute),
    finding('callsPerHour', (calls * HOUR_MS) / DAY_MS, limits.callsPerHour),
    finding('runSecondsPerHour', (seconds * HOUR_MS) / DAY_MS, limits.runSecondsPerHour),
    finding('runSecondsPerDay', seconds, limits.runSecondsPerDay),
  ].filter((one) => one !== null);
  findings.sort((a, b) => b.planned / b.allowed - a.planned / a.allowed);
  return { fits: findings.length === 0, findings, costs };
}

const WORDS: Readonly<Record<QuotaFinding['limit'], string>> = {
  callsPerMinute: 'calls a minute',
  callsPerHour: 'calls an hour',
  runSecondsPerHour: 'seconds of run time an hour',
  runSecondsPerDay: 'seconds of run time a day',
};

function finding(limit: QuotaFinding['limit'], planned: number, allowed: number | null): QuotaFinding | null {
  if (allowed === null || planned <= allowed) return null;
  const message = `The rules need ${Math.ceil(planned)} ${WORDS[limit]} and the quota allows ${allowed}. Run some of them less often.`;
  return { limit, planned, allowed, message };
}
