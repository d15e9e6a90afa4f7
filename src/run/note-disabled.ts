import type { RuleState } from '../state/store.ts';
import { knownTime } from './clock/known-time.ts';
import { emptyRun } from './empty-run.ts';
import { disabledTrait } from './rule-edits.ts';
import type { RunDeps, Tenant } from './tenant.ts';

/** Writes down which rules are switched off, so that the pause is known when they are switched on again. */
export async function noteDisabled(tenant: Tenant, deps: RunDeps): Promise<void> {
  for (const rule of tenant.rules.filter((one) => one.status === 'disabled')) {
    const state = await deps.store.ruleState(tenant.name, rule.id);
    const trait = disabledTrait(rule, state);
    if (state && trait) await noteOne(tenant, rule.id, { ...state, ruleTrait: trait }, deps);
  }
}

async function noteOne(tenant: Tenant, ruleId: string, state: RuleState, deps: RunDeps): Promise<void> {
  const { lastRun: _, ...rule } = state;
  const time = knownTime(tenant.serviceClock);
  await deps.store.commit({
    fence: deps.store.fence,
    tenant: tenant.name,
    ruleId,
    rule,
    keys: [],
    forgetBefore: null,
    alerts: [],
    messages: [],
    quiet: [],
    health: [],
    run: emptyRun(tenant, { runId: deps.newRunId(), ruleId, outcome: 'skipped', error: null }, time),
  });
}
