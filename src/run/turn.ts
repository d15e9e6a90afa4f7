import { MINUTE_MS } from '../lib/duration.ts';
import { HuntwireError } from '../lib/errors.ts';
import type { RunnableRule } from '../rules/rule.ts';
import type { RunLane } from '../state/run-record.ts';
import type { BackfillWish, RuleState } from '../state/store.ts';
import { type BackfillInput, planBackfill } from './backfill/plan-backfill.ts';
import { knownTime, wakefulTime } from './clock/known-time.ts';
import { keepEras } from './clock/stored-eras.ts';
import { type VoidCoverage, voidAhead } from './coverage/void-ahead.ts';
import { type PlannedWindow, planBacklog, planDue } from './coverage.ts';
import type { OpenErrand } from './desk/errands.ts';
import { noteGivenUp } from './empty/note-given-up.ts';
import { logRun } from './log-run.ts';
import { applyRuleEdits, type EditedState } from './rule-edits.ts';
import type { RunInput, SweepInput } from './run-input.ts';
import { type RunReport, runRule } from './run-rule.ts';
import { logicalGrid, type Timetable } from './schedule.ts';
import { planSweep } from './sweep/plan-sweep.ts';
import { asSwept, isSwept } from './sweep/sweep-view.ts';
import type { RunDeps, Tenant } from './tenant.ts';
import { delayOf } from './windows.ts';

/** A rule's turn: its due run, asked as of `scheduledAt`, the oldest window of its backlog, or the sweep of what came too late for either. */
export interface Turn {
  readonly tenant: Tenant;
  readonly rule: RunnableRule;
  /** Of a sweep, when sweeps are due. */
  readonly timetable: Timetable;
  readonly kind: RunLane;
  /** Of a backfill, what is to be searched; left out: the one of the rule's state goes on. */
  readonly wish?: BackfillWish;
  /** Epoch ms of the service's clock; null: now (`once`). */
  readonly scheduledAt: number | null;
  /** Who waits for it; left out: the schedule has planned it. */
  readonly errand?: OpenErrand;
}

export interface TurnOptions {
  readonly admit: () => Promise<number>;
  readonly signal: AbortSignal;
  /** Run and tell, commit nothing. */
  readonly dryRun: boolean;
  /** The rule's state where the caller has just read it; where it is left out, it is read here. */
  readonly state?: RuleState | null;
}

/**
 * Plans one turn, runs it and commits. Null where there is nothing to ask; what the plan gave up is committed all the same. Rejects with
 * STATE_ errors, when nothing was committed, with SOURCE_CLOCK while the service's time is not known, and with ABORTED; failures of the
 * source are in the report.
 */
export async function takeTurn(turn: Turn, options: TurnOptions, deps: RunDeps): Promise<RunReport | null> {
  const { state = await deps.store.ruleState(turn.tenant.name, turn.rule.id) } = options;
  const plan = planTurn(turn, state, deps);
  const { tenant, rule } = turn;
  const { admit, signal, dryRun } = options;
  if (!plan?.planned) {
    if (plan && !dryRun) await noteGaps(turn, plan, deps);
    return null;
  }
  const { planned } = plan;
  if (plan.voided && !dryRun) await deps.store.cutMemory(tenant.name, rule.id, plan.voided.at);
  const input: RunInput = {
    runId: deps.newRunId(),
    tenant,
    rule,
    admit,
    signal,
    weighsFailures: true,
    ...plan,
    planned,
  };
  const report = await runRule(input, deps);
  if (dryRun) return report;
  refuseAhead(turn, planned);
  await keepEras(tenant, deps.store.cache);
  await deps.store.commit(report.commit);
  if (plan.wasJudged) tenant.serviceClock.eras.judge(eraKeyOf(turn));
  await keepEras(tenant, deps.store.cache);
  if (report.commit.messages.length > 0) deps.committed();
  logRun(report, rule, deps);
  deps.journal?.({ kind: 'run', run: report.run });
  return report;
}

/** A plan that found coverage void is made again by the turn that searches it. */
async function noteGaps({ tenant, rule, kind: lane }: Turn, plan: TurnPlan, deps: RunDeps): Promise<void> {
  const { state, gaps, voided } = plan;
  if (state && gaps.length > 0 && !voided) await noteGivenUp({ tenant, rule, lane, ...plan, state }, deps);
}

/** A clock that was set back while the run went on makes all of it void before it is written. */
function refuseAhead({ tenant }: Turn, { logicalTime }: PlannedWindow): void {
  if (logicalTime <= knownTime(tenant.serviceClock) + MINUTE_MS) return;
  const message = "The service's clock was set back while the run went on: its window lies ahead. It is planned anew.";
  throw new HuntwireError('SOURCE_CLOCK', message, { retryable: true });
}

interface TurnPlan {
  /** The rule's state before the run, without what was void of it; null where it never ran. */
  readonly state: RuleState | null;
  /** Whether the rule may have asked by a clock that was ahead: what that made is void then. */
  readonly wasJudged: boolean;
  readonly voided: VoidCoverage | null;
  /** Null where there is nothing to ask. */
  readonly planned: PlannedWindow | null;
  readonly edited: EditedState;
  readonly gaps: RunInput['gaps'];
  readonly sweep?: SweepInput;
  readonly backfill?: BackfillInput;
  /** As it runs now; left out: as it is. */
  readonly rule?: RunnableRule;
}

/** By what clock a rule's sweeps went is judged by themselves. */
function eraKeyOf({ kind, rule }: Pick<Turn, 'kind' | 'rule'>): string {
  return kind === 'sweep' ? `sweep ${rule.id}` : rule.id;
}

function sinceWhen(clock: Tenant['serviceClock'], key: string): Record<'aheadSince' | 'knownSince', number | null> {
  const now = wakefulTime(clock);
  return { aheadSince: clock.eras.aheadSince(key, now), knownSince: clock.eras.knownSince(now) };
}

const NO_STATE = { state: null, found: null } as const;

function planTurn(turn: Turn, stored: RuleState | null, deps: RunDeps): TurnPlan | null {
  if (turn.kind === 'backfill') return planBackfillTurn(turn, stored, deps);
  return turn.kind === 'sweep' ? planSweepTurn(turn, stored, deps) : planWindowTurn(turn, stored, deps);
}

function planWindowTurn(turn: Turn, stored: RuleState | null, deps: RunDeps): TurnPlan | null {
  const { tenant, rule } = turn;
  const { settings } = deps;
  const now = knownTime(tenant.serviceClock);
  const delay = delayOf(rule, settings);
  const logicalTime = Math.min(turn.scheduledAt ?? now, now) - delay;
  const { aheadSince, knownSince } = sinceWhen(tenant.serviceClock, rule.id);
  const ahead = { rule, now, delayMs: delay, aheadSince, knownSince };
  const sound = stored ? voidAhead(stored, ahead) : NO_STATE;
  const { state, found: voided } = sound;
  const edited = applyRuleEdits(rule, state, logicalTime, settings);
  const { coverage } = edited;
  const grid = logicalGrid(turn.timetable, delay);
  const input = { rule, coverage, grid, now, retentionMs: tenant.source.retentionMs, settings };
  const plan = turn.kind === 'backlog' ? planBacklog(input) : planDue({ ...input, logicalTime });
  const { planned, gaps } = plan;
  const wasJudged = aheadSince !== null;
  return { state, wasJudged, voided, planned, edited: { ...edited, coverage: plan.coverage }, gaps };
}

/** Nothing is swept before the rule's first run, nor where its windows do not leave late arrivals out. */
function planSweepTurn(turn: Turn, state: RuleState | null, { settings }: RunDeps): TurnPlan | null {
  const { tenant, rule, timetable, scheduledAt } = turn;
  if (!state?.late || !isSwept(rule)) return null;
  const now = knownTime(tenant.serviceClock);
  const { aheadSince, knownSince } = sinceWhen(tenant.serviceClock, eraKeyOf(turn));
  const clock = { rule, now, aheadSince, knownSince };
  const { retentionMs } = tenant.source;
  const plan = planSweep(state, state.late, { ...clock, timetable, scheduledAt, retentionMs, settings });
  const { planned, gaps, voided, coverage } = plan;
  const edited = applyRuleEdits(rule, state, planned?.logicalTime ?? now, settings);
  const sweep = { rule: asSwept(rule), coverage };
  return { state, wasJudged: aheadSince !== null, voided, planned, edited, gaps, sweep };
}

/** Coverage that lies ahead is the business of the rule's own runs. */
function planBackfillTurn(
  { tenant, rule, wish }: Turn,
  state: RuleState | null,
  { settings }: RunDeps,
): TurnPlan | null {
  const now = knownTime(tenant.serviceClock);
  const plan = planBackfill(rule, state, wish, { now, retentionMs: tenant.source.retentionMs, settings });
  if (!plan) return null;
  const edited = applyRuleEdits(rule, state, plan.planned.logicalTime, settings);
  return { state, wasJudged: false, voided: null, edited, gaps: [], ...plan };
}
