import type { TenantPlan } from './tenant-plans.ts';

export interface PlanComparison {
  /** As it was asked for. */
  readonly ref: string;
  readonly commit: string;
  readonly tenants: readonly TenantComparison[];
}

/** What a tenant's rules ask for now and asked for before, in calls a day. */
export interface TenantComparison {
  readonly tenant: string;
  readonly before: number;
  readonly after: number;
  /** Calls of the worst minute, and whether all fits; null where the tenant is not there. */
  readonly worstMinute: Sides<number>;
  readonly fits: Sides<boolean>;
  readonly added: readonly RuleCost[];
  readonly removed: readonly RuleCost[];
  readonly changed: readonly (RuleCost & { readonly before: number })[];
}

interface Sides<Value> {
  readonly before: Value | null;
  readonly after: Value | null;
}

interface RuleCost {
  readonly rule: string;
  readonly callsPerDay: number;
}

/** Rules that are not on do not count. */
export function comparePlans(before: readonly TenantPlan[], after: readonly TenantPlan[]): readonly TenantComparison[] {
  const names = [...new Set([...after, ...before].map(({ tenant }) => tenant))];
  return names.map((tenant) => {
    const [old, now] = [costsOf(before, tenant), costsOf(after, tenant)];
    const costs = (from: ReadonlyMap<string, number>, fits: (rule: string) => boolean): readonly RuleCost[] =>
      [...from].filter(([rule]) => fits(rule)).map(([rule, callsPerDay]) => ({ rule, callsPerDay }));
    return {
      tenant,
      before: sumOf(old),
      after: sumOf(now),
      worstMinute: sidesOf(before, after, tenant, ({ worstMinute }) => worstMinute.calls),
      fits: sidesOf(before, after, tenant, ({ fits }) => fits),
      added: costs(now, (rule) => !old.has(rule)),
      removed: costs(old, (rule) => !now.has(rule)),
      changed: costs(now, (rule) => old.has(rule) && old.get(rule) !== now.get(rule)).map((cost) => ({
        ...cost,
        before: old.get(cost.rule) ?? 0,
      })),
    };
  });
}

function sidesOf<Value>(
  before: readonly TenantPlan[],
  after: readonly TenantPlan[],
  tenant: string,
  of: (plan: TenantPlan['plan']) => Value,
): Sides<Value> {
  const side = (plans: readonly TenantPlan[]): Value | null => {
    const found = plans.find((one) => one.tenant === tenant);
    return found ? of(found.plan) : null;
  };
  return { before: side(before), after: side(after) };
}

function costsOf(plans: readonly TenantPlan[], tenant: string): ReadonlyMap<string, number> {
  const found = plans.find((one) => one.tenant === tenant);
  return new Map((found?.plan.costs ?? []).map(({ ruleId, calls }) => [ruleId, calls]));
}

function sumOf(costs: ReadonlyMap<string, number>): number {
  return [...costs.values()].reduce((sum, calls) => sum + calls, 0);
}
