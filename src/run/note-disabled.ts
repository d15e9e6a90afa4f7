import type { RuleState } from '../state/store.ts';
import { NOTHING_SUPPRESSED } from './commit.ts';
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
  const time = deps.clock.now();
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
    run: {
      runId: deps.newRunId(),
      tenant: tenant.name,
      ruleId,
      api: tenant.source.api,
      window: null,
      lane: 'due',
      logicalTime: time,
      startedAt: time,
      endedAt: time,
      outcome: 'skipped',
      error: null,
      calls: 0,
      rows: 0,
      hits: 0,
      toldHits: 0,
      alerts: 0,
      suppressed: NOTHING_SUPPRESSED,
      reasons: {},
      truncated: false,
    },
  });
}
