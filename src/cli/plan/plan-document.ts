import { SECOND_MS } from '../../lib/duration.ts';
import type { Problem } from '../../lib/errors.ts';
import type { LanePlan } from '../../run/plan/call-plan.ts';
import { dayPrice, type RulePrice, threeDigits } from '../../run/plan/price.ts';
import type { PlanComparison } from './compare-plans.ts';
import type { TenantPlan } from './tenant-plans.ts';

/** The document of `plan --format json`. */
export function planDocument(
  plans: readonly TenantPlan[],
  comparison: PlanComparison | null,
  broken: readonly Problem[],
) {
  return {
    tenants: plans.map(tenantDocument),
    problems: plans.flatMap(({ tenant, plan }) => plan.findings.map((finding) => ({ tenant, ...finding }))),
    comparison,
    ...(broken.length > 0 && { broken }),
  };
}

function tenantDocument({ tenant, api, plan, limits, prices }: TenantPlan) {
  const { worstHour, day, hours, lanes, fits } = plan;
  return {
    tenant,
    api,
    ...rates(plan),
    worstHour: worstHour.calls,
    worstHourAt: new Date(worstHour.at).toISOString(),
    day: new Date(day).toISOString().slice(0, 10),
    hours,
    lanes: lanes.map(({ lane, rules, share, longestWaitMs, ...figures }) => ({
      ...{ lane, rules, share },
      ...rates(figures),
      longestWaitSeconds: longestWaitMs / SECOND_MS,
    })),
    limits,
    ...(prices && { pricesPerGb: prices.map(priceDocument) }),
    fits,
  };
}

function priceDocument(price: RulePrice) {
  const { rule, perDay, gbPerRun } = price;
  const measured = dayPrice(price);
  return {
    rule,
    perDay: rounded(perDay),
    gbPerRun: gbPerRun === null ? null : threeDigits(gbPerRun),
    pricePerDay: measured === null ? null : threeDigits(measured),
  };
}

type Rates = Pick<LanePlan, 'callsPerMinute' | 'worstMinute' | 'callsPerHour' | 'callsPerDay' | 'runMinutes'>;

function rates({ callsPerMinute, worstMinute, callsPerHour, callsPerDay, runMinutes }: Rates) {
  return {
    callsPerMinute: rounded(callsPerMinute),
    worstMinute: worstMinute.calls,
    worstMinuteAt: new Date(worstMinute.at).toISOString(),
    callsPerHour: rounded(callsPerHour),
    callsPerDay: rounded(callsPerDay),
    runMinutes: runMinutes === null ? null : rounded(runMinutes),
  };
}

/** Three digits behind the point are more than anybody plans by. */
export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
