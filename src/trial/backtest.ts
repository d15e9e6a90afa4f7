import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Cache } from '../lib/cache.ts';
import type { Clock } from '../lib/clock.ts';
import { SECOND_MS } from '../lib/duration.ts';
import { type HuntwireError, toHuntwireError } from '../lib/errors.ts';
import { silentLog } from '../lib/log.ts';
import type { RunnableRule } from '../rules/rule.ts';
import type { PlannedWindow } from '../run/coverage.ts';
import { classOf } from '../run/outcome.ts';
import { applyRuleEdits } from '../run/rule-edits.ts';
import type { RunInput } from '../run/run-input.ts';
import { type RunReport, runRule } from '../run/run-rule.ts';
import type { RunDeps, Tenant } from '../run/tenant.ts';
import type { WindowSettings } from '../run/windows.ts';
import type { Store } from '../state/store.ts';
import { type BacktestPlan, gridWindows } from './backtest-plan.ts';
import { type BacktestResult, type BacktestTally, startBacktestTally } from './backtest-tally.ts';

export interface BacktestDeps {
  /** Its name is part of every alert's id. */
  readonly tenant: Pick<Tenant, 'name' | 'source' | 'meter' | 'serviceClock'>;
  /** An empty store that ends with the backtest. */
  readonly openStore: (clock: Clock) => Store;
  /** Keeps what is learnt of the tenant, such as time columns. */
  readonly cache: Cache;
  readonly clock: Clock;
  readonly settings: WindowSettings;
  readonly signal: AbortSignal;
  /** Told after each planned window. */
  readonly onWindow: (done: number) => void;
  /** Told when the quota makes it wait, with the ms for how long. */
  readonly onWait: (waitMs: number) => void;
}

interface Course {
  readonly plan: BacktestPlan;
  readonly deps: BacktestDeps;
  readonly rule: RunnableRule;
  readonly tenant: Tenant;
  readonly runDeps: RunDeps;
  readonly tally: BacktestTally;
  /** What has worked where a window was too heavy. */
  sliceMs: number | null;
  failuresInARow: number;
}

/** How often one window is asked where the failure may pass. */
const MOST_TRIES = 3;
const RETRY_WAIT_MS = 5 * SECOND_MS;
/** So many windows that fail one after another say that the rest will, too. */
const MOST_FAILURES_IN_A_ROW = 5;

/**
 * Runs a rule over past windows, oldest first, as production does: exceptions, threshold, keys, suppress, limit and ids are those of
 * real runs, over a memory that begins empty. Nothing is delivered. What stops it — a signal, a query that is refused, a source that
 * fails again and again — is in the result beside all that is known by then; only failures of the store reject.
 */
export async function runBacktest(plan: BacktestPlan, deps: BacktestDeps): Promise<BacktestResult> {
  const store = deps.openStore(deps.clock);
  try {
    const course = startCourse(plan, deps, store);
    await runWindows(course);
    return course.tally.result();
  } finally {
    await store.close();
  }
}

function startCourse(plan: BacktestPlan, deps: BacktestDeps, store: Store): Course {
  const { clock } = deps;
  const tenant: Tenant = { ...deps.tenant, rules: [] };
  const runDeps: RunDeps = {
    store: { ...store, cache: deps.cache },
    clock,
    log: silentLog,
    settings: deps.settings,
    // What nobody is told of has no end and no updates.
    waysOf: () => [{ target: 'backtest' }],
    healthTargets: [],
    newRunId: randomUUID,
    committed: () => undefined,
  };
  const rule: RunnableRule = { ...plan.rule, status: 'enabled' };
  return { plan, deps, rule, tenant, runDeps, tally: startBacktestTally(plan), sliceMs: null, failuresInARow: 0 };
}

async function runWindows(course: Course): Promise<void> {
  const { plan, deps, tally } = course;
  for (const [index, window] of plan.windows.entries()) {
    // Over files nothing else would let the process hear of a Ctrl-C.
    await nextTurn();
    try {
      await runWindow(course, window);
    } catch (thrown) {
      const error = toHuntwireError(thrown);
      if (error.code !== 'ABORTED' && !deps.signal.aborted) throw error;
      tally.stop({ code: 'ABORTED', message: 'It was stopped before its end.' });
    }
    if (tally.isStopped()) return;
    deps.onWindow(index + 1);
  }
}

/** A window that stands for several runs is told only where no run's limit could have been met. */
async function runWindow(course: Course, window: PlannedWindow): Promise<void> {
  const report = await askAgain(course, window);
  const single = gridWindows(course.plan, window, course.deps.settings);
  if (!report.decision?.overflow || single.length <= 1) return take(course, window, report);
  course.tally.spend(report.run.calls);
  for (const one of single) {
    await take(course, one, await askAgain(course, one));
    if (course.tally.isStopped()) return;
  }
}

/** Asks for one window, again where the failure may pass. */
async function askAgain(course: Course, window: PlannedWindow): Promise<RunReport> {
  const { deps, tally } = course;
  for (let tries = 1; ; tries += 1) {
    deps.signal.throwIfAborted();
    const report = await runRule(inputOf(course, window), course.runDeps);
    const error = report.answer.kind === 'failed' ? report.answer.error : null;
    if (!error?.retryable || tries === MOST_TRIES) return report;
    tally.spend(report.run.calls);
    // After throttling the meter makes everybody wait.
    if (error.code !== 'SOURCE_THROTTLED') await deps.clock.sleep(tries * RETRY_WAIT_MS, deps.signal);
  }
}

function inputOf(course: Course, planned: PlannedWindow): RunInput {
  const { rule, tenant, deps, sliceMs } = course;
  const coverage = { frontier: planned.core.from, ledger: [], sliceMs };
  const edited = { ...applyRuleEdits(rule, null, planned.logicalTime, deps.settings), coverage };
  const admit = (): Promise<number> => admitted(course);
  return {
    runId: course.runDeps.newRunId(),
    tenant,
    rule,
    planned,
    state: null,
    edited,
    voided: null,
    weighsFailures: false,
    gaps: [],
    admit,
    signal: deps.signal,
  };
}

/** Keys and quiet times are remembered; alerts would only fill the memory. */
async function take(course: Course, window: PlannedWindow, report: RunReport): Promise<void> {
  const { answer, commit } = report;
  course.tally.add(window, report);
  await course.runDeps.store.commit({ ...commit, alerts: [], messages: [], health: [] });
  if (answer.kind === 'failed') return noteFailure(course, answer.error);
  course.failuresInARow = 0;
  course.sliceMs = answer.asked.sliceMs ?? course.sliceMs;
}

/** What a person must repair ends it at once. */
function noteFailure(course: Course, error: HuntwireError): void {
  course.failuresInARow += 1;
  const { standing } = classOf(error);
  const needsRepair = standing === 'blocked' || error.code === 'SOURCE_AUTH';
  if (!needsRepair && course.failuresInARow < MOST_FAILURES_IN_A_ROW) return;
  course.tally.stop({ code: error.code, message: error.message });
}

/** Backtests go in the lowest lane: what is left of the quota is for the rules that run. */
async function admitted({ tenant, deps }: Course): Promise<number> {
  const { clock, signal } = deps;
  for (;;) {
    const admission = await tenant.meter.admit('backlog');
    if (admission.kind === 'go') return admission.call;
    if (admission.reason !== 'concurrency') deps.onWait(admission.waitMs);
    await clock.sleep(admission.waitMs, signal);
  }
}
