import type { TimeRange } from '../kql/window.ts';
import { formatDuration } from '../lib/duration.ts';
import { HuntwireError } from '../lib/errors.ts';
import type { RunnableRule } from '../rules/rule.ts';
import { NO_COVERAGE, type PlannedWindow, sliceOf } from '../run/coverage.ts';
import { scheduledBackwards, timetableOf } from '../run/schedule.ts';
import { askedWindow, delayOf, type WindowSettings } from '../run/windows.ts';

/** The past windows of one rule, oldest first. */
export interface BacktestPlan {
  readonly rule: RunnableRule;
  readonly windows: readonly PlannedWindow[];
  /** The L's that the windows stand for, on the rule's own grid, oldest first. */
  readonly times: readonly number[];
  /** Runs left out because the source keeps no data that old. */
  readonly skipped: number;
}

export interface BacktestLimits {
  readonly now: number;
  readonly retentionMs: number;
  readonly settings: WindowSettings;
}

const MOST_RUNS = 100_000;

/**
 * Plans the runs whose L lies within `(from, to]`, as a rule that is first enabled at `from` makes them: a stream covers what lies
 * between two L's, a set is asked exactly as scheduled. Where it cannot change what is told, several L's of a stream share a window.
 * Throws USAGE where there is nothing to run or far too much.
 */
export function planBacktest(rule: RunnableRule, range: TimeRange, limits: BacktestLimits): BacktestPlan {
  if (rule.effectiveShape === 'snapshot')
    throw new HuntwireError(
      'USAGE',
      `Rule ${rule.id} has no window: it asks for the present and has no past to run over.`,
    );
  const scheduled = timesWithin(rule, range, limits);
  const { now, retentionMs, settings } = limits;
  const reach = Math.max(rule.lookbackMs, rule.prepared.reachMs ?? 0);
  const times = scheduled.filter((time) => time - reach >= now - retentionMs);
  if (times.length === 0)
    throw new HuntwireError(
      'USAGE',
      `Every run of rule ${rule.id} in that time needs data older than the ${formatDuration(retentionMs)} that the source keeps. Begin later with --from.`,
    );
  const sliceMs = mergesWindows(rule) ? sliceOf(rule, NO_COVERAGE) : 0;
  const windows = windowsOf({ rule, sliceMs, settings }, times, null);
  return { rule, windows, times, skipped: scheduled.length - times.length };
}

/** The windows of the single L's that a merged one stands for. */
export function gridWindows(
  plan: BacktestPlan,
  merged: PlannedWindow,
  settings: WindowSettings,
): readonly PlannedWindow[] {
  const { from, to } = merged.core;
  const times = plan.times.filter((time) => time > from && time <= to);
  return windowsOf({ rule: plan.rule, sliceMs: 0, settings }, times, from);
}

/**
 * Whether several L's may share one window without changing an alert: each row is a hit of its own, whatever came beside it or before
 * it, and the query does not ask for the time. The limit of alerts a run is the one thing left; a run that meets it is made again.
 */
export function mergesWindows(rule: RunnableRule): boolean {
  const { threshold, alert } = rule;
  const everyRow =
    threshold.measure === 'rows' &&
    threshold.groupBy.length === 0 &&
    ((threshold.operator === '>' && threshold.value === 0) || (threshold.operator === '>=' && threshold.value === 1));
  const single = alert.per === 'row' && alert.dedupColumns === null && !alert.suppressMs;
  return rule.effectiveShape === 'stream' && !rule.prepared.usesTime && everyRow && single;
}

function timesWithin(
  rule: RunnableRule,
  { from, to }: TimeRange,
  { now, settings }: BacktestLimits,
): readonly number[] {
  const delay = delayOf(rule, settings);
  const timetable = timetableOf(rule);
  const until = Math.min(to + delay, now);
  const times: number[] = [];
  for (const time of scheduledBackwards(timetable, from + delay, until)) {
    if (times.length === MOST_RUNS) throw new HuntwireError('USAGE', tooManyRuns(rule));
    times.push(time - delay);
  }
  if (times.length > 0) return times.reverse();
  const next = timetable.next(until);
  const hint = next === null ? '' : ` The next one asks up to ${new Date(next - delay).toISOString()}.`;
  throw new HuntwireError(
    'USAGE',
    `No run of rule ${rule.id} falls between ${new Date(from).toISOString()} and ${new Date(to).toISOString()}.${hint}`,
  );
}

function tooManyRuns({ id }: RunnableRule): string {
  return `Rule ${id} has more than ${MOST_RUNS} runs in that time; choose a shorter one.`;
}

interface Grid {
  readonly rule: RunnableRule;
  /** How much one window may cover at most where that is more than what lies between two L's. */
  readonly sliceMs: number;
  readonly settings: WindowSettings;
}

/** `start`: up to where all is covered; null before the first run, which covers its lookback. */
function windowsOf({ rule, sliceMs, settings }: Grid, times: readonly number[], start: number | null): PlannedWindow[] {
  const windows: PlannedWindow[] = [];
  let covered = start ?? (times[0] ?? 0) - rule.lookbackMs;
  times.forEach((time, index) => {
    const from = rule.effectiveShape === 'set' ? time - rule.lookbackMs : covered;
    const next = times[index + 1];
    if (next !== undefined && next - from <= sliceMs) return;
    windows.push(plannedOf(rule, { from, to: time }, settings));
    covered = time;
  });
  return windows;
}

function plannedOf(rule: RunnableRule, core: TimeRange, settings: WindowSettings): PlannedWindow {
  return { core, asked: askedWindow(rule, core, settings), logicalTime: core.to, lane: 'backlog', attempts: 0 };
}
