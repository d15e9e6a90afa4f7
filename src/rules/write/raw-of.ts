import { formatDuration } from '../../lib/duration.ts';
import type { RawAlert, RawRule, RawSchedule, RawTest, RawThreshold, RawWindow } from '../read/raw.ts';
import { DEFAULT_TEST_NOW } from '../read/tests.ts';
import type { AlertSpec, Exception, Rule, RuleTest, Schedule, Threshold } from '../rule.ts';

/** A rule as its file would say it, without what goes without saying: reading that gives the same rule. */
export function rawOf(rule: Rule): RawRule {
  const { threshold, alert, window } = rule;
  return withoutAbsent({
    id: rule.id,
    previousIds: rule.previousIds,
    name: rule.name,
    description: filled(rule.description),
    severity: rule.severity,
    version: unless(rule.version, '1.0.0'),
    status: unless(rule.status, 'enabled'),
    attack: some(rule.attack),
    tags: some(rule.tags),
    author: rule.author ?? undefined,
    references: some(rule.references),
    falsePositives: some(rule.falsePositives),
    runbook: rule.runbook ?? undefined,
    params: someOf(rule.params),
    query: rule.query,
    shape: rule.shape ?? undefined,
    schedule: scheduleOf(rule.schedule),
    window: windowOf(window),
    threshold: thresholdOf(threshold),
    alert: someOf(alertOf(alert, threshold)),
    exceptions: some(rule.exceptions.map(exceptionOf)),
    redact: rule.redact,
    targets: rule.targets ?? undefined,
    tests: some(rule.tests.map(testOf)),
    origin: rule.origin && withoutAbsent({ format: rule.origin.format, data: someOf(rule.origin.data) }),
  });
}

function withoutAbsent<T extends object>(raw: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== undefined)) as T;
}

function filled(text: string): string | undefined {
  return text === '' ? undefined : text;
}

function unless<T>(value: T, usual: T): T | undefined {
  return value === usual ? undefined : value;
}

function some<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

function someOf<T extends object>(map: T): T | undefined {
  return Object.keys(map).length === 0 ? undefined : map;
}

function scheduleOf(schedule: Schedule): RawSchedule {
  const { lookbackMs, pauses } = schedule;
  const times =
    schedule.kind === 'every'
      ? { every: formatDuration(schedule.everyMs) }
      : { cron: schedule.cron, timezone: unless(schedule.timezone, 'UTC') };
  return withoutAbsent<RawSchedule>({
    ...times,
    lookback: lookbackMs === null ? undefined : formatDuration(lookbackMs),
    pauses,
  });
}

function windowOf({ basis, tables, keepFilters, sets }: Rule['window']): RawRule['window'] {
  const named = Object.entries(tables).map(([table, ms]) => [table, ms === 'none' ? ms : formatDuration(ms)] as const);
  if (named.length === 0 && keepFilters === 'never' && sets === undefined) return unless(basis, 'ingestion');
  return withoutAbsent<RawWindow>({
    basis: unless(basis, 'ingestion'),
    sets,
    tables: someOf(Object.fromEntries(named)),
    keepFilters: keepFilters === 'never' ? undefined : keepFilters === 'sets' ? 'sets' : true,
  });
}

function thresholdOf({ measure, column, operator, value, groupBy }: Threshold): RawRule['threshold'] {
  const short = `${operator} ${value}`;
  if (measure === 'rows' && groupBy.length === 0 && /^\S+ -?\d+(?:\.\d+)?$/.test(short)) return unless(short, '> 0');
  return withoutAbsent<RawThreshold>({
    measure: unless(measure, 'rows'),
    column: column ?? undefined,
    operator,
    value,
    groupBy: some(groupBy),
  });
}

const DEFAULT_LIMIT = 150;
const DEFAULT_EVIDENCE = 20;

function alertOf(alert: AlertSpec, { groupBy }: Threshold): RawAlert {
  const { entities, dedupColumns, suppressMs, resolveAfterMs, updates } = alert;
  return withoutAbsent<RawAlert>({
    per: unless(alert.per, groupBy.length > 0 ? 'group' : 'row'),
    title: alert.title ?? undefined,
    description: alert.description ?? undefined,
    severityColumn: alert.severityColumn ?? undefined,
    entities: entities?.map(({ type, fields }) => ({ type, ...fields })) as RawAlert['entities'],
    details: someOf(alert.details),
    dedup: dedupColumns === null ? undefined : { columns: dedupColumns },
    suppress: suppressMs === null ? undefined : formatDuration(suppressMs),
    resolveAfter: typeof resolveAfterMs === 'number' ? formatDuration(resolveAfterMs) : resolveAfterMs,
    updates: updates && { every: formatDuration(updates.everyMs), when: updates.when },
    limit: unless(alert.limit, DEFAULT_LIMIT),
    evidence: unless(alert.evidence, DEFAULT_EVIDENCE),
  });
}

function exceptionOf({ where, reason, owner, expires }: Exception): NonNullable<RawRule['exceptions']>[number] {
  return { where, reason, owner, expires: instantText(expires) };
}

function testOf(test: RuleTest): RawTest {
  return withoutAbsent<RawTest>({
    name: test.name,
    now: unless(instantText(test.now), DEFAULT_TEST_NOW),
    rows: test.rows ?? undefined,
    tables: test.tables ?? undefined,
    functions: someOf(test.functions),
    externaldata: someOf(test.externaldata),
    snapshot: test.snapshot,
    alerts: test.alerts,
  });
}

function instantText(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
