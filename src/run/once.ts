import { allEnded } from '../lib/all-ended.ts';
import { SECOND_MS } from '../lib/duration.ts';
import { type ErrorCode, HuntwireError, toHuntwireError } from '../lib/errors.ts';
import type { RunnableRule } from '../rules/rule.ts';
import { noteLearning } from './clock/clock-notes.ts';
import { knownTime } from './clock/known-time.ts';
import { learnClock } from './clock/learn-clock.ts';
import { isPending } from './coverage/ledger.ts';
import { laneOf } from './desk/ready-turns.ts';
import { emptyRun } from './empty/empty-run.ts';
import { noteSwitched } from './empty/note-switched.ts';
import { loginCondition } from './refused-login.ts';
import type { RunReport } from './run-rule.ts';
import { type Timetable, timetableOf } from './schedule.ts';
import { sumUp } from './silences/sum-up.ts';
import { sweepTimetable } from './sweep/sweep-view.ts';
import { tellHealth } from './tell-health.ts';
import type { RunDeps, Tenant } from './tenant.ts';
import { type Turn, takeTurn } from './turn.ts';

export interface OnceOptions {
  readonly rules: readonly RunnableRule[];
  readonly dryRun: boolean;
  /** Monotonic ms until which retries, throttling, a full quota and the service's time are waited for. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  readonly onReport: (report: OnceReport) => void;
}

/** What came of one turn of a rule. A run that did not begin, as nobody knew the service's time, stands nowhere else. */
export type OnceReport = Pick<RunReport, 'run' | 'alerts'>;

/** Failures that may be over in a moment. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'SOURCE_THROTTLED',
  'SOURCE_NETWORK',
  'SOURCE_SERVER',
  'SOURCE_TIMEOUT',
]);
const FIRST_RETRY_MS = 2 * SECOND_MS;

/** One turn for each rule as of now, and then its backlog. Runs go side by side as far as the meter admits. */
export async function runOnce(tenant: Tenant, options: OnceOptions, deps: RunDeps): Promise<readonly OnceReport[]> {
  const reports: OnceReport[] = [];
  const waiting = options.rules.filter((rule) => rule.status !== 'disabled');
  const failure = await learnTime(tenant, options, deps);
  if (failure) return waiting.map((rule) => notBegun(tenant, rule, failure, options, deps));
  if (!options.dryRun) await noteSwitched(tenant, deps);
  const worker = async (): Promise<void> => {
    for (let rule = waiting.shift(); rule && !options.signal.aborted; rule = waiting.shift()) {
      reports.push(...(await runOneRule(tenant, rule, options, deps)));
    }
  };
  await allEnded(Array.from({ length: tenant.source.quota.concurrency }, worker));
  if (!options.dryRun && reports.length > 0) await tellLogin(tenant, reports, deps);
  if (!options.dryRun) await sumUp(tenant.name, knownTime(tenant.serviceClock), deps);
  return reports;
}

/** Rules that were not asked say nothing of it. */
async function tellLogin(tenant: Tenant, reports: readonly OnceReport[], deps: RunDeps): Promise<void> {
  const failures = reports.map(({ run }) => run.error);
  await tellHealth(tenant, [loginCondition(tenant.name, failures)], deps);
}

/** What stands in the way of the service's time, or null: it is known. */
async function learnTime(tenant: Tenant, options: OnceOptions, deps: RunDeps): Promise<HuntwireError | null> {
  let failure: HuntwireError | null = null;
  try {
    await learnClock(tenant, options, { clock: deps.clock, cache: deps.store.cache });
  } catch (thrown) {
    failure = toHuntwireError(thrown);
    if (!failure.code.startsWith('SOURCE_')) throw failure;
  }
  if (!options.dryRun) await noteLearning(tenant, failure !== null, deps);
  return failure;
}

function notBegun(
  tenant: Tenant,
  { id: ruleId }: RunnableRule,
  { code, message }: HuntwireError,
  { onReport }: OnceOptions,
  deps: RunDeps,
): OnceReport {
  const about = { runId: deps.newRunId(), ruleId, outcome: 'failed', error: { code, message } } as const;
  const report = { run: emptyRun(tenant, about, deps.clock.now()), alerts: [] };
  onReport(report);
  return report;
}

async function runOneRule(
  tenant: Tenant,
  rule: RunnableRule,
  options: OnceOptions,
  deps: RunDeps,
): Promise<readonly RunReport[]> {
  const timetable = timetableOf(rule);
  const reports: RunReport[] = [];
  const scheduledAt = await dueAt(tenant, rule, timetable, deps);
  let turn: Turn = { tenant, rule, timetable, kind: 'due', scheduledAt };
  for (;;) {
    const report = await tryTurn(turn, options, deps);
    if (!report) return sweepToo(turn, reports, options, deps);
    reports.push(report);
    options.onReport(report);
    const more = report.run.outcome === 'ok' && report.commit.rule.ledger.some(isPending);
    if (!more || options.dryRun) return report.run.outcome === 'ok' ? sweepToo(turn, reports, options, deps) : reports;
    turn = { ...turn, kind: 'backlog' };
  }
}

/** A sweep that is due follows the rule's own windows; a dry run leaves it out: it would show what nobody asked for. */
async function sweepToo(
  { tenant, rule }: Turn,
  before: readonly RunReport[],
  options: OnceOptions,
  deps: RunDeps,
): Promise<readonly RunReport[]> {
  if (options.dryRun || options.signal.aborted) return before;
  const timetable = sweepTimetable(rule.id);
  const scheduledAt = timetable.latest(knownTime(tenant.serviceClock));
  const report = await tryTurn({ tenant, rule, timetable, kind: 'sweep', scheduledAt }, options, deps);
  if (!report) return before;
  options.onReport(report);
  return [...before, report];
}

/** When a rule is asked as of (epoch ms): now (null), but a set whose first run is over only at its own times, or its ids would not meet. */
async function dueAt(
  tenant: Tenant,
  rule: RunnableRule,
  timetable: Timetable,
  { store }: RunDeps,
): Promise<number | null> {
  if (rule.effectiveShape !== 'set') return null;
  const state = await store.ruleState(tenant.name, rule.id);
  return (state?.frontier ?? null) === null ? null : timetable.latest(knownTime(tenant.serviceClock));
}

/** A run that failed for a passing reason is asked again as long as the deadline allows; only what came of it in the end is reported. */
async function tryTurn(first: Turn, options: OnceOptions, deps: RunDeps): Promise<RunReport | null> {
  const { signal, dryRun, deadline } = options;
  let turn = first;
  let report: RunReport | null = null;
  for (let failures = 1; ; failures += 1) {
    const admit = (): Promise<number> => admitUntil(turn, options, deps);
    const taken = await takeTurn(turn, { admit, signal, dryRun }, deps);
    if (!taken) return report;
    report = taken;
    const waitMs = await retryWait(turn, report, failures);
    if (waitMs === null || deps.clock.monotonic() + waitMs > deadline) return report;
    await deps.clock.sleep(waitMs, signal);
    // A failed run leaves its window in the ledger; a dry run leaves nothing.
    turn = { ...turn, kind: dryRun || turn.kind === 'sweep' ? turn.kind : 'backlog' };
  }
}

/** In how many ms to ask again: 2 s, 4 s, 8 s …, never before the source said; null where waiting does not help. */
async function retryWait(turn: Turn, { answer }: RunReport, failures: number): Promise<number | null> {
  if (answer.kind !== 'failed' || !answer.error.retryable || !PASSING.has(answer.error.code)) return null;
  // A window that speaks against itself rests.
  if (answer.counts) return null;
  const { pausedMs } = await turn.tenant.meter.usage();
  const wait = Math.max(FIRST_RETRY_MS * 2 ** (failures - 1), answer.error.retryAfterMs ?? 0);
  return Math.max(wait, pausedMs ?? 0);
}

async function admitUntil(turn: Turn, options: OnceOptions, deps: RunDeps): Promise<number> {
  for (;;) {
    const admission = await turn.tenant.meter.admit(laneOf(turn.rule, turn.kind));
    if (admission.kind === 'go') return admission.call;
    if (deps.clock.monotonic() + admission.waitMs > options.deadline && admission.reason !== 'concurrency') {
      const until = new Date(knownTime(turn.tenant.serviceClock) + admission.waitMs).toISOString();
      const message = `The quota of tenant ${turn.tenant.name} has no room before ${until} (${admission.reason}). Wait longer with --wait, or run again then.`;
      throw new HuntwireError('SOURCE_QUOTA', message, {
        retryable: true,
        retryAfterMs: admission.waitMs,
      });
    }
    await deps.clock.sleep(admission.waitMs, options.signal);
  }
}
