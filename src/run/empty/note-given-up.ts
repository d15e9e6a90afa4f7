import type { RunRecord } from '../../state/run-record.ts';
import type { Commit, RuleState } from '../../state/store.ts';
import { knownTime } from '../clock/known-time.ts';
import { healthMessagesOf } from '../firing/messages.ts';
import { healthOf } from '../health.ts';
import { lostCondition } from '../rule-conditions.ts';
import type { RunInput } from '../run-input.ts';
import { type HushedNews, hushNews, silencesFor } from '../silences/hush.ts';
import type { RunDeps } from '../tenant.ts';
import { emptyCommit, emptyRun } from './empty-run.ts';

/** A plan of a turn that gave windows up and has nothing to ask. */
export type GivenUp = Pick<RunInput, 'tenant' | 'rule' | 'edited' | 'gaps' | 'sweep'> & {
  readonly state: RuleState;
  readonly lane: RunRecord['lane'];
};

/** Writes down and tells what a plan gave up that has nothing to ask: the rule's next run may be far away. */
export async function noteGivenUp(given: GivenUp, deps: RunDeps): Promise<void> {
  const { tenant, rule, lane } = given;
  const about = { runId: deps.newRunId(), ruleId: rule.id, outcome: 'skipped', error: null } as const;
  const run = { ...emptyRun(tenant, about, knownTime(tenant.serviceClock)), lane };
  const news = await newsOf(given, run, deps);
  const { alerts, changes: health, hidden } = news;
  const commit = emptyCommit(deps.store.fence, stateAfter(given), run);
  await deps.store.commit({ ...commit, alerts, messages: healthMessagesOf(news.told, deps), health, hidden });
  if (news.told.length > 0) deps.committed();
  deps.log.warn('windows were given up', { tenant: tenant.name, ruleId: rule.id, windows: given.gaps.length });
  deps.journal?.({ kind: 'run', run });
}

/** As after a run that failed: only what is not asked any more has changed. */
function stateAfter({ state, edited, sweep }: GivenUp): Commit['rule'] {
  const { lastRun: _, ...kept } = state;
  const { frontier, ledger, sliceMs } = edited.coverage;
  const { trait: ruleTrait, changedAt } = edited;
  return { ...kept, frontier, ledger, sliceMs, ruleTrait, changedAt, ...(sweep && { late: sweep.coverage }) };
}

async function newsOf(
  { tenant, rule, state, edited, gaps, sweep }: GivenUp,
  { runId, startedAt: time }: RunRecord,
  deps: RunDeps,
): Promise<HushedNews> {
  const pausesAccepted = rule.schedule.pauses === 'accepted';
  const ledger = sweep
    ? { before: state.late?.ledger ?? [], after: sweep.coverage.ledger }
    : { before: state.ledger, after: edited.coverage.ledger };
  const lost = lostCondition({ gaps, ledger, pausesAccepted, ruleId: rule.id, isSweep: sweep !== undefined });
  const open = await deps.store.openHealth();
  const about = { tenant: tenant.name, rule, runId, source: tenant.source.api, time, open };
  const news = healthOf({ ...about, conditions: lost ? [lost] : [] });
  return hushNews(news, open, await silencesFor(news, deps));
}
