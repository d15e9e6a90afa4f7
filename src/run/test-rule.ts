import type { Column, ScalarType } from '../kql/types.ts';
import { createManualClock, type ManualClock } from '../lib/clock.ts';
import { DAY_MS, MINUTE_MS } from '../lib/duration.ts';
import { HuntwireError } from '../lib/errors.ts';
import { silentLog } from '../lib/log.ts';
import type { RuleTest, RunnableRule } from '../rules/rule.ts';
import { createQuotaMeter } from '../sources/quota/quota-meter.ts';
import type { Cell, Row, Source } from '../sources/source.ts';
import type { Store } from '../state/store.ts';
import { type Difference, matchAlerts } from './match-alerts.ts';
import type { RunReport } from './run-rule.ts';
import { createTimetable } from './schedule.ts';
import { createServiceClock } from './service-clock.ts';
import type { RunDeps, Tenant } from './tenant.ts';
import { takeTurn } from './turn.ts';
import { DEFAULT_WINDOW_SETTINGS, delayOf } from './windows.ts';

export interface RuleTestResult {
  readonly rule: string;
  readonly name: string;
  readonly ok: boolean;
  readonly differences: readonly Difference[];
}

export interface TestDeps {
  /** An empty store that ends with the test. */
  readonly openStore: (clock: ManualClock) => Store;
  /** The source that answers tests with `tables`. */
  readonly openTables: (rule: RunnableRule, test: RuleTest, clock: ManualClock) => Source;
}

/** Runs one test of a rule: an ordinary run with a fixed clock, a source made of the test's rows or tables, and an empty store. */
export async function testRule(rule: RunnableRule, test: RuleTest, deps: TestDeps): Promise<RuleTestResult> {
  const clock = createManualClock(test.now);
  const store = deps.openStore(clock);
  try {
    const source = test.rows ? rowSource(rule, test.rows, test.now) : deps.openTables(rule, test, clock);
    const report = await runTest(rule, source, store, clock);
    const differences = differencesOf(test, report);
    return { rule: rule.id, name: test.name, ok: differences.length === 0, differences };
  } finally {
    await store.close();
  }
}

/** L is the test's `now`, whatever the rule's delay and schedule. */
async function runTest(
  rule: RunnableRule,
  source: Source,
  store: Store,
  clock: ManualClock,
): Promise<RunReport | null> {
  const enabled: RunnableRule = { ...rule, status: 'enabled' };
  const meter = createQuotaMeter({ tenant: 'test', api: source.api, limits: source.quota, store: store.quota, clock });
  const scheduledAt = clock.now() + delayOf(rule, DEFAULT_WINDOW_SETTINGS);
  const serviceClock = { ...createServiceClock(clock), now: () => scheduledAt };
  const tenant: Tenant = { name: 'test', source, meter, serviceClock, rules: [] };
  const turn = {
    tenant,
    rule: enabled,
    timetable: createTimetable(rule.schedule, rule.id),
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
    settings: DEFAULT_WINDOW_SETTINGS,
    targetsOf: () => ['test'],
    healthTargets: [],
    newRunId: () => 'test-run',
    committed: () => undefined,
  };
}

function differencesOf(test: RuleTest, report: RunReport | null): readonly Difference[] {
  if (!report) return [{ path: 'run', expected: 'a run', actual: 'nothing was due' }];
  if (report.run.error)
    return [{ path: 'run', expected: 'ok', actual: `${report.run.error.code}: ${report.run.error.message}` }];
  const alerts = report.alerts.filter((alert) => alert.kind === 'detection');
  return matchAlerts(test.alerts, alerts as readonly unknown[] as readonly Readonly<Record<string, unknown>>[]);
}

/** A source that answers any query with the given result rows. */
function rowSource(rule: RunnableRule, given: NonNullable<RuleTest['rows']>, now: number): Source {
  const columns = columnsOf(rule, given);
  const rows = given.map((row, index) => completeRow(row, columns, now, index));
  return {
    api: 'local',
    maxRows: 100_000,
    retentionMs: 30 * DAY_MS,
    retiresOn: null,
    quota: {
      callsPerMinute: null,
      callsPerHour: null,
      runSecondsPerHour: null,
      runSecondsPerDay: null,
      concurrency: 1,
    },
    async query(_request, sink) {
      sink.schema(columns);
      for (const row of rows) sink.row(row);
      return { rows: rows.length, truncated: false, bytes: 0, elapsedMs: 0, serviceTime: null };
    },
    check: async () => [],
    close: async () => undefined,
  };
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

function typeOf(name: string, value: unknown): ScalarType {
  if (name === 'Timestamp' || name === 'TimeGenerated') return 'datetime';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'long' : 'real';
  if (typeof value === 'bigint') return 'long';
  return typeof value === 'object' && value !== null ? 'dynamic' : 'string';
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

/** ISO text of `ms` and `ticks` of 100 ns. */
function tickAfter(ms: number, ticks: number): string {
  const text = new Date(ms + Math.floor(ticks / 10_000)).toISOString();
  return text.replace('Z', `${String(ticks % 10_000).padStart(4, '0')}Z`);
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
