import type { Alert, SuppressedCounts, SuppressionReason } from '../alerts/alert.ts';
import { SUPPRESSION_REASONS } from '../alerts/alert.ts';
import type { TimeRange } from '../kql/window.ts';
import { DAY_MS } from '../lib/duration.ts';
import type { ErrorCode } from '../lib/errors.ts';
import { SEVERITIES, type Severity } from '../rules/rule.ts';
import type { PlannedWindow } from '../run/coverage.ts';
import type { RunReport } from '../run/run-rule.ts';
import type { BacktestPlan } from './backtest-plan.ts';

/** One alert that real runs would have told. */
export interface ToldAlert {
  readonly id: string;
  /** L of the run that tells it, epoch ms. */
  readonly logicalTime: number;
  readonly window: TimeRange;
  readonly severity: Severity;
  readonly title: string;
  readonly dedupKey: string;
  readonly rowCount: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** Row keys of its hits, some of them where there are many. */
  readonly rowKeys: readonly string[];
}

export interface FailedWindow extends TimeRange {
  readonly code: ErrorCode;
  readonly message: string;
}

export interface Stop {
  readonly code: ErrorCode;
  readonly message: string;
}

export interface BacktestResult {
  readonly ruleId: string;
  readonly windows: {
    readonly planned: number;
    readonly answered: number;
    readonly failed: number;
    /** Answered in part. */
    readonly truncated: number;
    /** Not planned: the source keeps no data that old. */
    readonly skipped: number;
  };
  readonly calls: number;
  readonly rows: number;
  readonly hits: number;
  readonly alerts: number;
  /** Later revisions of alerts that go on. */
  readonly updates: number;
  /** Share of the hits that made no alert of their own, from 0 to 1. */
  readonly dedupRatio: number;
  readonly suppressed: SuppressedCounts;
  readonly severities: Readonly<Record<Severity, number>>;
  /** Every day (UTC, of the telling run's L) that was asked for, oldest first. */
  readonly days: readonly { readonly day: string; readonly alerts: number }[];
  /** Oldest first; at most 100,000 are kept. */
  readonly told: readonly ToldAlert[];
  readonly failures: readonly FailedWindow[];
  /** Why it ended early; null where it did not. */
  readonly stopped: Stop | null;
}

export interface BacktestTally {
  add(window: PlannedWindow, report: RunReport): void;
  /** Calls whose answers count for nothing. */
  spend(calls: number): void;
  stop(why: Stop): void;
  isStopped(): boolean;
  result(): BacktestResult;
}

interface Counts {
  readonly plan: BacktestPlan;
  answered: number;
  truncated: number;
  calls: number;
  rows: number;
  hits: number;
  alerts: number;
  updates: number;
  readonly suppressed: Record<SuppressionReason, number>;
  readonly severities: Record<Severity, number>;
  readonly days: Map<string, number>;
  readonly told: ToldAlert[];
  readonly failures: FailedWindow[];
  stopped: Stop | null;
}

const MOST_TOLD = 100_000;
const MOST_ROW_KEYS = 100;

export function startBacktestTally(plan: BacktestPlan): BacktestTally {
  const counts: Counts = {
    plan,
    answered: 0,
    truncated: 0,
    calls: 0,
    rows: 0,
    hits: 0,
    alerts: 0,
    updates: 0,
    suppressed: zeros(SUPPRESSION_REASONS),
    severities: zeros(SEVERITIES),
    days: new Map(),
    told: [],
    failures: [],
    stopped: null,
  };
  return {
    add: (window, report) => add(counts, window, report),
    spend: (calls) => {
      counts.calls += calls;
    },
    stop: (why) => {
      counts.stopped ??= why;
    },
    isStopped: () => counts.stopped !== null,
    result: () => resultOf(counts),
  };
}

function zeros<Name extends string>(names: readonly Name[]): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
}

function add(counts: Counts, window: PlannedWindow, { run, answer, alerts, decision }: RunReport): void {
  counts.calls += run.calls;
  if (answer.kind === 'failed') {
    const { code, message } = answer.error;
    counts.failures.push({ ...rangeOf(window), code, message });
    return;
  }
  counts.answered += 1;
  if (run.truncated) counts.truncated += 1;
  counts.rows += run.rows;
  counts.hits += run.hits;
  for (const reason of SUPPRESSION_REASONS) counts.suppressed[reason] += run.suppressed[reason];
  const detections = alerts.filter(({ kind, status }) => kind === 'detection' && status === 'firing');
  const own = detections.filter(({ revision }) => revision === 0);
  counts.updates += detections.length - own.length;
  const hitsOf = new Map(decision?.told.map(({ dedupKey, hits }) => [dedupKey, hits]));
  for (const alert of own) {
    const hits = (alert.overflow ? decision?.overflow?.hits : hitsOf.get(alert.dedupKey)) ?? [];
    const rowKeys = hits.flatMap((hit) => hit.rowKeys.map(({ key }) => key));
    addAlert(counts, window, alert, rowKeys);
  }
  countDay(counts, window.logicalTime, own.length);
}

function addAlert(counts: Counts, window: PlannedWindow, alert: Alert, rowKeys: readonly string[]): void {
  counts.alerts += 1;
  counts.severities[alert.severity] += 1;
  if (counts.told.length >= MOST_TOLD) return;
  const { id, severity, title, dedupKey, rowCount, firstSeen, lastSeen } = alert;
  counts.told.push({
    id,
    logicalTime: window.logicalTime,
    window: rangeOf(window),
    severity,
    title,
    dedupKey,
    rowCount,
    firstSeen,
    lastSeen,
    // The smallest ones, so that two alerts over the same rows keep the same ones.
    rowKeys: rowKeys.length > MOST_ROW_KEYS ? [...rowKeys].sort().slice(0, MOST_ROW_KEYS) : rowKeys,
  });
}

function rangeOf({ asked, core }: PlannedWindow): TimeRange {
  const { from, to } = asked ?? core;
  return { from, to };
}

function countDay(counts: Counts, time: number, alerts: number): void {
  const day = dayOf(time);
  counts.days.set(day, (counts.days.get(day) ?? 0) + alerts);
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function resultOf(counts: Counts): BacktestResult {
  const { plan, answered, truncated, calls, rows, hits, alerts, updates, suppressed, severities, told, failures } =
    counts;
  return {
    ruleId: plan.rule.id,
    windows: { planned: plan.windows.length, answered, failed: failures.length, truncated, skipped: plan.skipped },
    calls,
    rows,
    hits,
    alerts,
    updates,
    dedupRatio: hits === 0 ? 0 : 1 - alerts / hits,
    suppressed,
    severities,
    days: everyDay(counts.days),
    told,
    failures,
    stopped: counts.stopped,
  };
}

/** With the days between that had no run. */
function everyDay(days: ReadonlyMap<string, number>): BacktestResult['days'] {
  const names = [...days.keys()].sort();
  const first = Date.parse(names[0] ?? '');
  const last = Date.parse(names.at(-1) ?? '');
  const count = names.length === 0 ? 0 : (last - first) / DAY_MS + 1;
  return Array.from({ length: count }, (_, index) => {
    const day = dayOf(first + index * DAY_MS);
    return { day, alerts: days.get(day) ?? 0 };
  });
}
