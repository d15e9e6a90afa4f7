import type { TenantConfig } from '../../config/config.ts';
import type { MissingSecret } from '../../config/reading.ts';
import { type CheckResult, failed, passed } from '../../lib/check-result.ts';
import { countOf } from '../../lib/text.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import { planCalls } from '../../run/plan/call-plan.ts';
import { dayPriceText, pricesOf } from '../../run/plan/price.ts';
import { retirementNotice } from '../../run/retirement.ts';
import type { DayCost } from '../../sources/quota/day-cost.ts';
import type { Source } from '../../sources/source.ts';

/** What can be said of a tenant without asking its source: whether its API ends, what its rules cost a day, whether that fits. */
export function planChecks(
  tenant: string,
  source: Source,
  rules: readonly RunnableRule[],
  now: number,
  scanned: ReadonlyMap<string, number>,
): readonly CheckResult[] {
  const notice = retirementNotice(source);
  const fit = planCalls(rules, { tenant, quota: source.quota, now });
  const findings = fit.findings.map(({ message, fix }) => failed('quota', tenant, message, fix));
  return [
    ...(notice ? [failed('api', tenant, notice, 'Move to graph before that day.')] : []),
    ...fit.costs.map((cost) => passed('cost', cost.ruleId, costText(cost, source.pricePerGb ?? null, scanned))),
    ...priceChecks(tenant, source),
    ...(fit.fits ? [passed('quota', tenant, 'the schedules of all rules fit')] : findings),
  ];
}

function costText(cost: DayCost, pricePerGb: number | null, scanned: ReadonlyMap<string, number>): string {
  const calls = `${countOf(Math.ceil(cost.calls), 'call')} a day`;
  const [price] = pricesOf([cost], pricePerGb, scanned) ?? [];
  return price ? `${calls}: ${dayPriceText(price)}` : calls;
}

/** The data lake charges for whatever is read. */
function priceChecks(tenant: string, { api, pricePerGb }: Source): readonly CheckResult[] {
  if (api !== 'lake' || pricePerGb !== undefined) return [];
  const message = 'The data lake charges for each GB that a query reads, and nobody said how much.';
  return [failed('price', tenant, message, 'Set source.limits.pricePerGb: the price of each rule is told then.')];
}

/** Nobody is asked there. */
const NOWHERE = 'https://unasked.invalid';

/** The tenant for whoever asks its source nothing: what is missing of credentials, addresses and certificates is no hindrance then. */
export function unaskedTenant(tenant: TenantConfig): TenantConfig {
  const { api, cloud, region, limits, timeoutSeconds, path } = tenant.source;
  const known = Object.entries({ cloud, region, limits, timeoutSeconds, path }).filter(
    ([, value]) => value !== undefined,
  );
  const { name, rules } = tenant;
  return {
    name,
    rules,
    source: { api, ...Object.fromEntries(known), ...(api !== 'local' && { baseUrl: NOWHERE }) },
    auth: api === 'local' ? null : { managedIdentity: true },
  };
}

/** Whether what is missing is a figure that the plan is measured by. */
export function isLimit({ path }: MissingSecret): boolean {
  return path.includes('limits');
}
