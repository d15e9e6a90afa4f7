import type { RuleState } from '../../state/store.ts';
import { knownTime } from '../clock/known-time.ts';
import { switchedOff, switchedOn } from '../rule-edits.ts';
import type { RunDeps, Tenant } from '../tenant.ts';
import { emptyCommit, emptyRun } from './empty-run.ts';

/**
 * Writes down which rules were switched off, so that the pause is known when they are switched on again; and of those that were, how
 * long the pause was: their next run may be far away.
 */
export async function noteSwitched(tenant: Tenant, deps: RunDeps): Promise<void> {
  const now = knownTime(tenant.serviceClock);
  const known = (await deps.store.ruleStates()).filter((one) => one.tenant === tenant.name);
  const states = new Map(known.map(({ ruleId, state }) => [ruleId, state]));
  for (const rule of tenant.rules) {
    const state = states.get(rule.id) ?? null;
    const switched =
      rule.status === 'disabled'
        ? switchedOff(rule, state, now, deps.settings)
        : switchedOn(rule, state, now, deps.settings);
    if (switched) await noteOne(tenant, rule.id, switched, deps);
  }
}

async function noteOne(tenant: Tenant, ruleId: string, state: RuleState, deps: RunDeps): Promise<void> {
  const { lastRun: _, ...rule } = state;
  const time = knownTime(tenant.serviceClock);
  const run = emptyRun(tenant, { runId: deps.newRunId(), ruleId, outcome: 'skipped', error: null }, time);
  await deps.store.commit(emptyCommit(deps.store.fence, rule, run));
}
