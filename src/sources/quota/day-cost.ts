import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../lib/duration.ts';
import type { QuotaLimits } from '../source.ts';

/** What one day of a rule costs. */
export interface DayCost {
  readonly ruleId: string;
  /** From the schedule: 86,400,000 / every, or the times that a cron expression meets a day. Retries and slices come on top. */
  readonly calls: number;
}

export interface QuotaFinding {
  readonly limit: 'callsPerMinute' | 'callsPerHour';
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

/**
 * Whether a rule set fits the quota when its runs are spread evenly, as the rules' phases do. Pure. Limits of run time are left to the
 * meter: what a query takes is known only once it has run.
 */
export function fitsQuota(plans: readonly DayCost[], limits: QuotaLimits): QuotaFit {
  const costs = [...plans].sort((a, b) => b.calls - a.calls || (a.ruleId < b.ruleId ? -1 : 1));
  const calls = costs.reduce((sum, cost) => sum + cost.calls, 0);
  const findings = [
    finding('callsPerMinute', (calls * MINUTE_MS) / DAY_MS, limits.callsPerMinute),
    finding('callsPerHour', (calls * HOUR_MS) / DAY_MS, limits.callsPerHour),
  ].filter((one) => one !== null);
  findings.sort((a, b) => b.planned / b.allowed - a.planned / a.allowed);
  return { fits: findings.length === 0, findings, costs };
}

const WORDS: Readonly<Record<QuotaFinding['limit'], string>> = {
  callsPerMinute: 'calls a minute',
  callsPerHour: 'calls an hour',
};

function finding(limit: QuotaFinding['limit'], planned: number, allowed: number | null): QuotaFinding | null {
  if (allowed === null || planned <= allowed) return null;
  const message = `The rules need ${Math.ceil(planned)} ${WORDS[limit]} and the quota allows ${allowed}. Run some of them less often.`;
  return { limit, planned, allowed, message };
}
