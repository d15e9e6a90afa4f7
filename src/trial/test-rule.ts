import type { Alert } from '../alerts/alert.ts';
import type { RowReasonCounts } from '../alerts/decide/reasons.ts';
import type { Branch } from '../engine/branches.ts';
import type { TraceStep } from '../engine/trace.ts';
import { createManualClock, type ManualClock } from '../lib/clock.ts';
import { MINUTE_MS } from '../lib/duration.ts';
import { toHuntwireError } from '../lib/errors.ts';
import type { Place } from '../lib/yaml/parse-yaml.ts';
import type { RuleTest, RunnableRule } from '../rules/rule.ts';
import type { RunReport } from '../run/run-rule.ts';
import type { RunRecord } from '../state/run-record.ts';
import type { Store } from '../state/store.ts';
import { tryExceptions } from './exception-runs.ts';
import { type FixtureSource, fixtureSource } from './fixture-source.ts';
import { type Difference, matchAlerts } from './match-alerts.ts';
import { askedOnce } from './memory-source.ts';
import { outsideWindow } from './outside-window.ts';
import { rowSource } from './row-source.ts';
import { originalOffsets } from './sent-places.ts';
import { matchSnapshot, snapshotOf } from './snapshot.ts';
import { rehearse, type TestStage } from './test-stage.ts';
import { whatIsUnseen } from './unseen-cells.ts';

export interface RuleTestResult {
  readonly rule: string;
  readonly name: string;
  /** Where the test stands. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly ok: boolean;
  readonly differences: readonly Difference[];
  /** Of a failed test whose run was answered: what became of the rows of the result; adds up to them. */
  readonly rows?: RowReasonCounts;
  /** Of a failed test with `tables`: the text that was run, and how many rows each of its operators let through. */
  readonly trace?: { readonly query: string; readonly steps: readonly PlacedStep[] };
  /** By exception of the rule, how many rows it takes out alone; left out where the test failed before that, or there is none. */
  readonly excepted?: readonly number[];
  /** Of a test with `tables` whose query ran: which of the conditions and arms of the rule's query its rows took. */
  readonly branches?: readonly Branch[];
  /** Of a test marked `snapshot` that differs in its alerts and nothing else: what its alerts have to say. */
  readonly snapshot?: RuleTest['alerts'];
}

/** A step with its place in the rule's file; null where it is part of the window. */
export interface PlacedStep extends TraceStep {
  readonly place: Place | null;
}

export interface TestDeps {
  /** An empty store that ends with the test. */
  readonly openStore: (clock: ManualClock) => Store;
}

/** What the runs of a test found. */
type Found = Pick<RuleTestResult, 'differences' | 'excepted' | 'snapshot' | 'rows' | 'trace' | 'branches'>;

/**
 * Runs one test of a rule: an ordinary run with a fixed clock, a source made of the test's rows or tables, and an empty store; then once
 * for each exception, and once a minute later.
 */
export async function testRule(rule: RunnableRule, test: RuleTest, deps: TestDeps): Promise<RuleTestResult> {
  const clock = createManualClock(test.now);
  const store = deps.openStore(clock);
  try {
    const broken = whatIsUnseen(rule, test);
    if (broken.length > 0) return toResult(rule, test, { differences: broken });
    const events = test.rows ? null : fixtureSource(rule, test, clock);
    const source = askedOnce(events ?? rowSource(rule, test.rows ?? [], test.now));
    const { differences, rows, trace, ...found } = await runsOf(rule, test, { source, store, clock, events });
    const details = differences.length > 0 && { ...(rows && { rows }), ...(trace && { trace }) };
    return toResult(rule, test, { differences, ...details, ...found });
  } catch (thrown) {
    const { code, message } = toHuntwireError(thrown);
    const differences = [{ path: 'test', expected: 'a test that can be run', actual: `${code}: ${message}` }];
    return toResult(rule, test, { differences });
  } finally {
    await store.close();
  }
}

function toResult(rule: RunnableRule, test: RuleTest, found: Found): RuleTestResult {
  const { name, file = rule.map.file, line, column } = test;
  return { rule: rule.id, name, file, line, column, ok: found.differences.length === 0, ...found };
}

type EventStage = TestStage & { readonly events: FixtureSource | null };

/** The test's run, and where it went well those that nobody has to ask for. */
async function runsOf(rule: RunnableRule, test: RuleTest, stage: EventStage): Promise<Found> {
  const report = await rehearse(rule, stage);
  if (!report) return { differences: [{ path: 'run', expected: 'a run', actual: 'nothing was due' }] };
  const { run } = report;
  const trace = stage.events && traceOf(rule, run, stage.events);
  if (run.error) {
    const actual = `${run.error.code}: ${run.error.message}`;
    return { differences: [{ path: 'run', expected: 'ok', actual }], ...(trace && { trace }) };
  }
  const alerts = report.alerts.filter(isFiring);
  const branches = stage.events && branchesOf(rule, run, stage.events);
  const ran = { rows: run.rowReasons, ...(trace && { trace }), ...(branches && { branches }) };
  return { ...ran, ...(await judge(rule, test, stage, { ...report, alerts })) };
}

async function judge(rule: RunnableRule, test: RuleTest, stage: TestStage, report: RunReport): Promise<Found> {
  const unseen = outsideWindow(rule, test, report.run.window);
  const snapshot = test.snapshot ? snapshotOf(rule, test, report.alerts) : null;
  const came: readonly object[] = report.alerts;
  const told = snapshot ? matchSnapshot(test.alerts, snapshot) : matchAlerts(test.alerts, came as RuleTest['alerts']);
  if (unseen.length > 0 || (told.length > 0 && !snapshot)) return { differences: [...unseen, ...told] };
  const { rows, differences } = await tryExceptions(rule, test, stage);
  const more = [...differences, ...(await toldAgain(rule, stage, report))];
  const excepted = rule.exceptions.length > 0 && { excepted: rows };
  const update = snapshot && told.length > 0 && more.length === 0 && { snapshot };
  return { differences: [...told, ...more], ...excepted, ...update };
}

function traceOf(rule: RunnableRule, run: RunRecord, events: FixtureSource): RuleTestResult['trace'] {
  const query = events.sent();
  const originalOf = originalOffsets(rule, run, query);
  const placed = events.trace().map((step) => {
    const start = originalOf(step.start);
    return { ...step, place: start === null ? null : rule.map.place(start) };
  });
  return { query, steps: placed };
}

/** By offsets in the rule's query, without what the window asks. */
function branchesOf(rule: RunnableRule, run: RunRecord, events: FixtureSource): readonly Branch[] {
  const originalOf = originalOffsets(rule, run, events.sent());
  return events.branches().flatMap((branch) => {
    const [start, last] = [originalOf(branch.start), originalOf(branch.end - 1)];
    return start === null || last === null ? [] : [{ ...branch, start, end: last + 1 }];
  });
}

/** Another run a minute later over the same data, which must tell nothing again. */
async function toldAgain(rule: RunnableRule, stage: TestStage, first: RunReport): Promise<readonly Difference[]> {
  if (!first.alerts.some(({ rowCount }) => rowCount > 0)) return [];
  await stage.store.commit(first.commit);
  await stage.clock.advance(MINUTE_MS);
  const second = await rehearse(rule, stage);
  const again = second?.alerts.filter(isTold) ?? [];
  if (again.length === 0) return [];
  return [{ path: 'a second run over the same data', expected: 'no alert', actual: again.map(({ title }) => title) }];
}

function isTold(alert: Alert): boolean {
  return isFiring(alert) && alert.rowCount > 0;
}

function isFiring({ kind, status }: Alert): boolean {
  return kind === 'detection' && status === 'firing';
}
