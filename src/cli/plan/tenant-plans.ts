import { openSource } from '../../app/open-parts.ts';
import type { Config, TenantConfig } from '../../config/config.ts';
import { rulesOf } from '../../config/operation/rules-of-tenant.ts';
import { rulePlacesOf } from '../../config/rule-paths.ts';
import { createMemoryCache } from '../../lib/cache.ts';
import { DAY_MS } from '../../lib/duration.ts';
import { HuntwireError, type Problem } from '../../lib/errors.ts';
import { refuseProblems } from '../../rules/prepare-rules.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import { type CallPlan, planCalls } from '../../run/plan/call-plan.ts';
import { pricesOf, type RulePrice } from '../../run/plan/price.ts';
import { scannedByRule } from '../../run/plan/scanned.ts';
import { meanRunMs } from '../../sources/quota/periods.ts';
import type { ApiName } from '../../sources/source.ts';
import { openStateReader } from '../../state/state-place.ts';
import type { StoreReader } from '../../state/store.ts';
import { isLimit, unaskedTenant } from '../doctor/plan-checks.ts';
import { createHost } from '../host.ts';
import { readWithoutSecrets } from '../read-config.ts';
import { readRuleSet } from '../rule-set.ts';
import type { World } from '../terminal/world.ts';

export interface TenantPlan {
  readonly tenant: string;
  readonly api: string;
  readonly plan: CallPlan;
  /** What the plan is measured by. */
  readonly limits: { readonly callsPerMinute: number | null; readonly callsPerHour: number | null };
  /** What rules cost for each GB that one of their runs reads; null: nothing, or nobody said what. */
  readonly prices: readonly RulePrice[] | null;
}

/** The plans of a configuration, and what keeps rules of ours, and tenants, out of them. */
export interface Plans {
  readonly tenants: readonly TenantPlan[];
  readonly broken: readonly Problem[];
}

/**
 * The plan of each tenant of a configuration, of the rules that can be read; throws where none can. No source is asked; how long calls
 * take is known of the state's last day.
 */
export async function planTenants(world: World, file: string): Promise<Plans> {
  const { config, missing } = readWithoutSecrets(world, file);
  const limit = missing.find(isLimit);
  if (limit) throw new HuntwireError('CONFIG_SECRET_UNREADABLE', limit.message, { problems: [limit] });
  const { prepared, problems } = await readRuleSet(world, rulePlacesOf(config));
  const blocked = config.tenants.flatMap((tenant) => tenant.blocked?.problems ?? []);
  const broken = [...blocked, ...problems, ...prepared.problems];
  if (prepared.rules.length === 0) refuseProblems(broken);
  const store = await openStateReader(config.state, world);
  try {
    const plans: TenantPlan[] = [];
    for (const tenant of config.tenants.filter((one) => !one.blocked)) {
      const rules = rulesOf(tenant, prepared.rules);
      const mean = await meanOf(store, tenant, world.clock.now());
      const scanned = await scannedByRule(store, tenant.name, rules);
      plans.push(await planTenant(world, config, tenant, rules, { mean, scanned }));
    }
    return { tenants: plans, broken };
  } finally {
    await store.close();
  }
}

async function planTenant(
  world: World,
  config: Config,
  tenant: TenantConfig,
  rules: readonly RunnableRule[],
  { mean, scanned }: { readonly mean: number | null; readonly scanned: ReadonlyMap<string, number> },
): Promise<TenantPlan> {
  const host = createHost(world, { ...config, log: { ...config.log, level: 'error' } }, 'in-process', 'plan');
  const source = openSource(unaskedTenant(tenant), createMemoryCache(), host);
  try {
    const plan = planCalls(rules, {
      ...{ tenant: tenant.name, quota: source.quota, now: world.clock.now() },
      meanRunMs: mean,
    });
    const { callsPerMinute, callsPerHour } = source.quota;
    const prices = pricesOf(plan.costs, source.pricePerGb ?? null, scanned);
    return { tenant: tenant.name, api: source.api, plan, limits: { callsPerMinute, callsPerHour }, prices };
  } finally {
    await source.close();
  }
}

async function meanOf(store: StoreReader, { name, source }: TenantConfig, now: number): Promise<number | null> {
  const calls = await store.quota.calls(name, source.api as ApiName, now - DAY_MS);
  return calls.length === 0 ? null : meanRunMs(calls, now);
}
