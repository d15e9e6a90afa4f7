import { SUPPRESSION_REASONS, type SuppressionReason } from '../../alerts/alert.ts';
import { DAY_MS, HOUR_MS } from '../../lib/duration.ts';
import type { Severity } from '../../rules/rule.ts';
import type { AlertHappened, Happening, RunHappened } from '../../state/journal-store.ts';
import type { RunOutcome } from '../../state/run-record.ts';
import type { DayOfAlerts, DayOfRuns, ReportedQuota } from './report-document.ts';

/** What the runs and alerts of one rule add up to. */
export interface RuleSums {
  readonly tenant: string;
  readonly rule: string;
  runs: number;
  failedRuns: number;
  alerts: number;
  readonly suppressed: Record<SuppressionReason, number>;
  /** Begin of the earliest window that was searched, epoch ms. */
  searchedFrom: number | null;
}

/** Counts of a period (epoch ms), which grow with rules, days and hours, not with events. Days and hours are UTC. */
export interface PeriodSums {
  readonly from: number;
  readonly to: number;
  readonly totals: {
    runs: number;
    failedRuns: number;
    rows: number;
    alerts: number;
    delivered: number;
    deadLetters: number;
  };
  readonly rules: Map<string, RuleSums>;
  readonly runDays: ReadonlyMap<number, Record<RunOutcome, number>>;
  readonly alertDays: ReadonlyMap<number, Record<Severity, number>>;
  /** Calls by tenant and hour. */
  readonly hours: Map<string, number>;
}

export const RUN_OUTCOMES: readonly RunOutcome[] = ['ok', 'failed', 'throttled', 'blocked', 'skipped'];
export const SEVERITIES_UPWARDS: readonly Severity[] = ['informational', 'low', 'medium', 'high', 'critical'];

export function createSums({ from, to }: Pick<PeriodSums, 'from' | 'to'>): PeriodSums {
  const days = stepsOf({ from, to }, DAY_MS);
  return {
    from,
    to,
    totals: { runs: 0, failedRuns: 0, rows: 0, alerts: 0, delivered: 0, deadLetters: 0 },
    rules: new Map(),
    runDays: new Map(days.map((day) => [day, zeros(RUN_OUTCOMES)])),
    alertDays: new Map(days.map((day) => [day, zeros(SEVERITIES_UPWARDS)])),
    hours: new Map(),
  };
}

export function sumsKey(tenant: string, rule: string): string {
  return JSON.stringify([tenant, rule]);
}

/** Counts one event; one outside the period is none of it. */
export function countHappening(sums: PeriodSums, event: Happening): void {
  if (event.at < sums.from || event.at > sums.to) return;
  if (event.kind === 'run') countRun(sums, event);
  else if (event.kind === 'alert') countAlert(sums, event);
  else if (event.kind === 'audit') return;
  else if (event.outcome === 'delivered') sums.totals.delivered += 1;
  else if (event.outcome === 'bury') sums.totals.deadLetters += 1;
}

function countRun(sums: PeriodSums, { at, run }: RunHappened): void {
  const rule = ruleOf(sums, run.tenant, run.ruleId);
  const failed = run.outcome === 'ok' || run.outcome === 'skipped' ? 0 : 1;
  sums.totals.runs += 1;
  sums.totals.failedRuns += failed;
  sums.totals.rows += run.rows;
  rule.runs += 1;
  rule.failedRuns += failed;
  for (const reason of SUPPRESSION_REASONS) rule.suppressed[reason] += run.suppressed[reason];
  if (run.window && run.outcome === 'ok')
    rule.searchedFrom = Math.min(rule.searchedFrom ?? run.window.from, run.window.from);
  bump(sums.runDays.get(stepOf(at, DAY_MS)), run.outcome);
  const hour = hourKey(run.tenant, stepOf(at, HOUR_MS));
  sums.hours.set(hour, (sums.hours.get(hour) ?? 0) + run.calls);
}

/** Detections, when they are told for the first time. */
function countAlert(sums: PeriodSums, { at, alertKind, revision, tenant, ruleId, severity }: AlertHappened): void {
  if (alertKind !== 'detection' || revision > 0) return;
  sums.totals.alerts += 1;
  ruleOf(sums, tenant, ruleId).alerts += 1;
  bump(sums.alertDays.get(stepOf(at, DAY_MS)), severity);
}

function ruleOf({ rules }: PeriodSums, tenant: string, rule: string): RuleSums {
  const key = sumsKey(tenant, rule);
  const found = rules.get(key);
  if (found) return found;
  const suppressed = zeros(SUPPRESSION_REASONS);
  const made: RuleSums = { tenant, rule, runs: 0, failedRuns: 0, alerts: 0, suppressed, searchedFrom: null };
  rules.set(key, made);
  return made;
}

export function runsByDay({ runDays }: PeriodSums): readonly DayOfRuns[] {
  return [...runDays].map(([day, outcomes]) => ({ day: dayOf(day), outcomes }));
}

export function alertsByDay({ alertDays }: PeriodSums): readonly DayOfAlerts[] {
  return [...alertDays].map(([day, severities]) => ({ day: dayOf(day), severities }));
}

/** Every hour of the period. */
export function callsByHour(sums: PeriodSums, tenant: string): ReportedQuota['hours'] {
  return stepsOf(sums, HOUR_MS).map((hour) => ({
    hour: new Date(hour).toISOString(),
    calls: sums.hours.get(hourKey(tenant, hour)) ?? 0,
  }));
}

function hourKey(tenant: string, hour: number): string {
  return JSON.stringify([tenant, hour]);
}

function zeros<Name extends string>(names: readonly Name[]): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
}

function bump<Name extends string>(counts: Record<Name, number> | undefined, name: Name): void {
  if (counts) counts[name] += 1;
}

function stepOf(time: number, length: number): number {
  return Math.floor(time / length) * length;
}

function stepsOf({ from, to }: Pick<PeriodSums, 'from' | 'to'>, length: number): readonly number[] {
  const first = stepOf(from, length);
  return Array.from({ length: Math.floor((to - first) / length) + 1 }, (_, at) => first + at * length);
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
