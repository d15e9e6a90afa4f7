import type { TraceStep } from '../engine/trace.ts';
import type { Column, ScalarType } from '../kql/types.ts';
import { createManualClock, type ManualClock } from '../lib/clock.ts';
import { MINUTE_MS } from '../lib/duration.ts';
import { HuntwireError, toHuntwireError } from '../lib/errors.ts';
import { silentLog } from '../lib/log.ts';
import type { RuleTest, RunnableRule } from '../rules/rule.ts';
import { ourServiceClock } from '../run/clock/our-service-clock.ts';
import type { RunReport } from '../run/run-rule.ts';
import { timetableOf } from '../run/schedule.ts';
import type { RunDeps, Tenant } from '../run/tenant.ts';
import { takeTurn } from '../run/turn.ts';
import { DEFAULT_WINDOW_SETTINGS, type WindowSettings } from '../run/windows.ts';
import { createQuotaMeter } from '../sources/quota/quota-meter.ts';
import type { Cell, Row, Source } from '../sources/source.ts';
import type { Store } from '../state/store.ts';
import { fixtureSource, typeOf } from './fixture-source.ts';
import { type Difference, matchAlerts } from './match-alerts.ts';
import { memorySource } from './memory-source.ts';
import { outsideWindow } from './outside-window.ts';
import { tickAfter } from './ticks.ts';
import { whatIsUnseen } from './unseen-cells.ts';

export interface RuleTestResult {
  readonly rule: string;
  readonly name: string;
  readonly ok: boolean;
  readonly differences: readonly Difference[];
  /** Of a failed test with `tables`: the text that was run, and how many rows each of its operators let through. */
  readonly trace?: { readonly query: string; readonly steps: readonly TraceStep[] };
}

export interface TestDeps {
  /** An empty store that ends with the test. */
  readonly openStore: (clock: ManualClock) => Store;
}

/** Runs one test of a rule: an ordinary run with a fixed clock, a source made of the test's rows or tables, and an empty store. */
export async function testRule(rule: RunnableRule, test: RuleTest, deps: TestDeps): Promise<RuleTestResult> {
  const clock = createManualClock(test.now);
  const store = deps.openStore(clock);
  const about = { rule: rule.id, name: test.name };
  try {
    const broken = whatIsUnseen(rule, test);
    if (broken.length > 0) return result(about, broken);
    if (test.rows) {
      const source = rowSource(rule, test.rows, test.now);
      return result(about, await differencesOfRuns(rule, test, { source, store, clock }));
    }
    const source = fixtureSource(rule, test, clock);
    const made = result(about, await differencesOfRuns(rule, test, { source, store, clock }));
    return made.ok ? made : { ...made, trace: { query: source.sent(), steps: source.trace() } };
  } catch (thrown) {
    const error = toHuntwireError(thrown);
    return result(about, [
      { path: 'test', expected: 'a test that can be run', actual: `${error.code}: ${error.message}` },
    ]);
  } finally {
    await store.close();
  }
}

interface TestStage {
  readonly source: Source;
  readonly store: Store;
  readonly clock: ManualClock;
}

/** The test's run, and where it went well another a minute later over the same data, which must tell nothing again. */
async function differencesOfRuns(
  rule: RunnableRule,
  test: RuleTest,
  { source, store, clock }: TestStage,
): Promise<readonly Difference[]> {
  const first = await runTest(rule, source, store, clock);
  const differences = differencesOf(rule, test, first);
  if (differences.length > 0 || first === null || !first.alerts.some(({ rowCount }) => rowCount > 0))
    return differences;
  await store.commit(first.commit);
  await clock.advance(MINUTE_MS);
  const second = await runTest(rule, source, store, clock);
  const again = second?.alerts.filter(({ kind, rowCount }) => kind === 'detection' && rowCount > 0) ?? [];
  if (again.length === 0) return [];
  return [{ path: 'a second run over the same data', expected: 'no alert', actual: again.map(({ title }) => title) }];
}

function result(
  about: { readonly rule: string; readonly name: string },
  differences: readonly Difference[],
): RuleTestResult {
  return { ...about, ok: differences.length === 0, differences };
}

/** L is the test's `now`, whatever the rule's schedule: a test's rows have all arrived. */
const AT_ONCE: WindowSettings = { ...DEFAULT_WINDOW_SETTINGS, delayMs: { ingestion: 0, event: 0 } };

async function runTest(
  rule: RunnableRule,
  source: Source,
  store: Store,
  clock: ManualClock,
): Promise<RunReport | null> {
  const enabled: RunnableRule = { ...rule, status: 'enabled' };
  const meter = createQuotaMeter({
    tenant: 'test',
    api: source.api,
    limits: source.quota,
    store: store.quota,
    clock,
    serviceNow: clock.now,
  });
  const scheduledAt = clock.now();
  const tenant: Tenant = { name: 'test', source, meter, serviceClock: ourServiceClock(clock), rules: [] };
  const turn = {
    tenant,
    rule: enabled,
    timetable: timetableOf(rule),
    kind: 'due',
    scheduledAt,
  } as const;
  const options = { admit: async () => clock.now(), signal: new AbortController().signal, dryRun: true };
  return takeTurn(turn, options, runDeps(store, clock));
}

function runDeps(store: Store, clock: ManualClock): RunDeps {
  return {
    store,
    clock,
    log: silentLog,
    settings: AT_ONCE,
    targetsOf: () => ['test'],
    healthTargets: [],
    newRunId: () => 'test-run',
    committed: () => undefined,
  };
}

function differencesOf(rule: RunnableRule, test: RuleTest, report: RunReport | null): readonly Difference[] {
  if (!report) return [{ path: 'run', expected: 'a run', actual: 'nothing was due' }];
  if (report.run.error)
    return [{ path: 'run', expected: 'ok', actual: `${report.run.error.code}: ${report.run.error.message}` }];
  const alerts = report.alerts.filter((alert) => alert.kind === 'detection');
  return [
    ...outsideWindow(rule, test, report.run.window),
    ...matchAlerts(test.alerts, alerts as readonly unknown[] as readonly Readonly<Record<string, unknown>>[]),
  ];
}

/** A source that answers any query with the given result rows. */
function rowSource(rule: RunnableRule, given: NonNullable<RuleTest['rows']>, now: number): Source {
  const columns = columnsOf(rule, given);
  const rows = given.map((row, index) => completeRow(row, columns, now, index));
  return memorySource(async (_request, sink) => {
    sink.schema(columns);
    for (const row of rows) sink.row(row);
    return { rows: rows.length, truncated: false, bytes: 0, elapsedMs: 0, serviceTime: null };
  });
}

/** The query's result columns where they are known, and whatever else the rows bring, with the types of their values. */
function columnsOf(rule: RunnableRule, rows: NonNullable<RuleTest['rows']>): readonly Column[] {
  const columns = new Map((rule.prepared.columns ?? []).map((column) => [column.name, column]));
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) {
      if (!columns.has(name)) columns.set(name, { name, type: typeOf(name, value) });
    }
  }
  return [...columns.values()];
}

/** Left-out cells are empty; a left-out event time is a minute before L, a tick later row by row. */
function completeRow(
  given: Readonly<Record<string, unknown>>,
  columns: readonly Column[],
  now: number,
  index: number,
): Row {
  return Object.fromEntries(
    columns.map(({ name, type }) => [
      name,
      Object.hasOwn(given, name) ? asCell(given[name], name) : leftOut(name, type, now, index),
    ]),
  );
}

function leftOut(name: string, type: ScalarType, now: number, index: number): Cell {
  if (name === 'Timestamp' || name === 'TimeGenerated') return tickAfter(now - MINUTE_MS, index);
  return type === 'string' ? '' : null;
}

function asCell(value: unknown, name: string): Cell {
  if (value === undefined || value === null) return null;
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => asCell(item, name));
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asCell(inner, name)]));
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw new HuntwireError('RULE_INVALID', `A test row's column ${name} holds a ${typeof value}.`);
}
