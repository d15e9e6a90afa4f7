import type { RunnableRule } from '../rules/rule.ts';
import type { RuleState } from '../state/store.ts';
import { clipCoverage } from './clip-coverage.ts';
import { knownTime } from './clock/known-time.ts';
import { type PlannedWindow, planBacklog, planDue } from './coverage.ts';
import { logRun } from './log-run.ts';
import { applyRuleEdits, type EditedState } from './rule-edits.ts';
import type { RunInput } from './run-input.ts';
import { type RunReport, runRule } from './run-rule.ts';
import { logicalGrid, type Timetable } from './schedule.ts';
import type { RunDeps, Tenant } from './tenant.ts';
import { delayOf } from './windows.ts';

/** A rule's turn: its due run, asked as of `scheduledAt`, or the oldest window of its backlog. */
export interface Turn {
  readonly tenant: Tenant;
  readonly rule: RunnableRule;
  readonly timetable: Timetable;
  readonly kind: 'due' | 'backlog';
  /** Epoch ms of the service's clock; null: now (`once`). */
  readonly scheduledAt: number | null;
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
 * Plans one turn, runs it and commits. Null where there is nothing to ask. Rejects with STATE_ errors, when nothing was committed,
 * with SOURCE_CLOCK while the service's time is not known, and with ABORTED; failures of the source are in the report.
 */
export async function takeTurn(turn: Turn, options: TurnOptions, deps: RunDeps): Promise<RunReport | null> {
  const { state = await deps.store.ruleState(turn.tenant.name, turn.rule.id) } = options;
  const plan = planTurn(turn, state, deps);
  if (!plan) return null;
  const { tenant, rule } = turn;
  const { admit, signal } = options;
  const input: RunInput = { runId: deps.newRunId(), tenant, rule, state, admit, signal, ...plan };
  const report = await runRule(input, deps);
  if (options.dryRun) return report;
  await deps.store.commit(report.commit);
  deps.committed();
  logRun(report, deps);
  return report;
}

interface TurnPlan {
  readonly planned: PlannedWindow;
  readonly edited: EditedState;
  readonly gaps: RunInput['gaps'];
}

function planTurn(turn: Turn, state: RuleState | null, deps: RunDeps): TurnPlan | null {
  const { tenant, rule } = turn;
  const { settings } = deps;
  const now = knownTime(tenant.serviceClock);
  const delay = delayOf(rule, settings);
  const logicalTime = Math.min(turn.scheduledAt ?? now, now) - delay;
  const edited = applyRuleEdits(rule, state, logicalTime, settings);
  const coverage = clipCoverage(rule, edited.coverage, now - delay);
  const grid = logicalGrid(turn.timetable, delay);
  const input = { rule, coverage, grid, now, retentionMs: tenant.source.retentionMs, settings };
  const plan = turn.kind === 'backlog' ? planBacklog(input) : planDue({ ...input, logicalTime });
  return plan.planned && { planned: plan.planned, edited: { ...edited, coverage: plan.coverage }, gaps: plan.gaps };
}
