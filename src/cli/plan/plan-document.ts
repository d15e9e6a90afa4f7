import { SECOND_MS } from '../../lib/duration.ts';
import type { PlanComparison } from './compare-plans.ts';
import type { TenantPlan } from './tenant-plans.ts';

/** The document of `plan --format json`. */
export function planDocument(plans: readonly TenantPlan[], comparison: PlanComparison | null) {
  return {
    tenants: plans.map(tenantDocument),
    problems: plans.flatMap(({ tenant, plan }) => plan.findings.map((finding) => ({ tenant, ...finding }))),
    comparison,
  };
}

function tenantDocument({ tenant, api, plan, limits }: TenantPlan) {
  const { callsPerMinute, callsPerHour, callsPerDay, worstMinute, runMinutes, day, hours, lanes, fits } = plan;
  return {
    tenant,
    api,
    callsPerMinute: rounded(callsPerMinute),
    worstMinute: worstMinute.calls,
    worstMinuteAt: new Date(worstMinute.at).toISOString(),
    callsPerHour: rounded(callsPerHour),
    callsPerDay: rounded(callsPerDay),
    runMinutes: runMinutes === null ? null : rounded(runMinutes),
    day: new Date(day).toISOString().slice(0, 10),
    hours,
    lanes: lanes.map(({ longestWaitMs, ...lane }) => ({
      ...lane,
      callsPerDay: rounded(lane.callsPerDay),
      longestWaitSeconds: longestWaitMs / SECOND_MS,
    })),
    limits,
    fits,
  };
}

/** Three digits behind the point are more than anybody plans by. */
export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
