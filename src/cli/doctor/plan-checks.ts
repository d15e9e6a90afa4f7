import type { TenantConfig } from '../../config/config.ts';
import type { MissingSecret } from '../../config/reading.ts';
import { type CheckResult, failed, passed } from '../../lib/check-result.ts';
import { countOf } from '../../lib/text.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import { planCalls } from '../../run/plan/call-plan.ts';
import { retirementNotice } from '../../run/retirement.ts';
import type { Source } from '../../sources/source.ts';

/** What can be said of a tenant without asking its source: whether its API ends, what its rules cost a day, whether that fits. */
export function planChecks(
  tenant: string,
  source: Source,
  rules: readonly RunnableRule[],
  now: number,
): readonly CheckResult[] {
  const notice = retirementNotice(source);
  const fit = planCalls(rules, { tenant, quota: source.quota, now });
  const findings = fit.findings.map(({ message, fix }) => failed('quota', tenant, message, fix));
  return [
    ...(notice ? [failed('api', tenant, notice, 'Move to graph before that day.')] : []),
    ...fit.costs.map((cost) => passed('cost', cost.ruleId, `${countOf(Math.ceil(cost.calls), 'call')} a day`)),
    ...(fit.fits ? [passed('quota', tenant, 'the schedules of all rules fit')] : findings),
  ];
}

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
    source: { api, ...Object.fromEntries(known) },
    auth: api === 'local' ? null : { managedIdentity: true },
  };
}

/** Whether what is missing is a figure that the plan is measured by. */
export function isLimit({ path }: MissingSecret): boolean {
  return path.includes('limits');
}
