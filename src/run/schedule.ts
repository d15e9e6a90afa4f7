import { createHash } from 'node:crypto';
import { idInAlerts } from '../alerts/alert-id.ts';
import { DAY_MS, HOUR_MS } from '../lib/duration.ts';
import { withClosingRuns } from '../rules/cron/closing-runs.ts';
import { cronGrid } from '../rules/cron/cron-grid.ts';
import { runsOnRunDay, scheduleSpacing } from '../rules/cron/spacing.ts';
import type { RunnableRule, Schedule } from '../rules/rule.ts';

/**
 * When a rule is due. Interval rules have a fixed grid: multiples of the interval since the epoch, plus a phase that is
 * a hash of the rule's id, so that rules do not all fire on the minute and a restart changes nothing.
 * All times are epoch milliseconds.
 */
export interface Timetable {
  /** The first scheduled time after `time`, or null where a cron never fires again. */
  next(time: number): number | null;
  /** The latest scheduled time at or before `time`, or null where there was none. */
  latest(time: number): number | null;
}

/** Phases never exceed this, so that a daily rule still runs early in its day (UTC). */
const LONGEST_PHASE_MS = HOUR_MS;

export function createTimetable(schedule: Schedule, ruleId: string): Timetable {
  return schedule.kind === 'every' ? everyTimetable(schedule.everyMs, ruleId) : cronGrid(schedule);
}

type TimedRule = Pick<RunnableRule, 'id' | 'previousIds' | 'schedule' | 'effectiveShape' | 'lookbackMs'>;

/**
 * When a rule that runs is due; another name moves nothing. Its timetable has what its schedule says and, where it is a set with a cron, the runs that close what
 * a change of clocks tears open (`withClosingRuns`).
 */
export function timetableOf(rule: TimedRule): Timetable {
  const { schedule, effectiveShape, lookbackMs } = rule;
  const closes = schedule.kind === 'cron' && effectiveShape === 'set' && schedule.pauses !== 'accepted';
  return closes ? withClosingRuns(cronGrid(schedule), lookbackMs) : createTimetable(schedule, idInAlerts(rule));
}

/** The shortest time between two runs of a rule, in ms; a day where it runs only once. */
export function intervalOf({ schedule }: Pick<RunnableRule, 'schedule'>): number {
  return scheduleSpacing(schedule)?.shortestMs ?? DAY_MS;
}

/** A stable whole-second offset in `[0, min(every, 1 h))`; below a second it is 0. */
export function phaseOf(ruleId: string, everyMs: number): number {
  const span = Math.floor(Math.min(everyMs, LONGEST_PHASE_MS) / 1000);
  if (span < 1) return 0;
  return (createHash('sha256').update(ruleId).digest().readUInt32BE(0) % span) * 1000;
}

function everyTimetable(everyMs: number, ruleId: string): Timetable {
  const phase = phaseOf(ruleId, everyMs);
  const latest = (time: number): number => Math.floor((time - phase) / everyMs) * everyMs + phase;
  return { latest, next: (time) => latest(time) + everyMs };
}

/** Scheduled times in `(after, until]`, newest first. They may be millions: take what you need, and account for what you leave. */
export function* scheduledBackwards(timetable: Timetable, after: number, until: number): Generator<number> {
  let time = timetable.latest(until);
  while (time !== null && time > after) {
    yield time;
    time = timetable.latest(time - 1);
  }
}

/** The L's of a timetable: its times less the delay with which a rule asks. */
export function logicalGrid(timetable: Timetable, delayMs: number): Timetable {
  const less = (time: number | null): number | null => (time === null ? null : time - delayMs);
  return {
    next: (time) => less(timetable.next(time + delayMs)),
    latest: (time) => less(timetable.latest(time + delayMs)),
  };
}

const WEEK_MS = 7 * DAY_MS;

/**
 * How many runs a schedule makes in a day: of a cron in one that has any, or 0 where the week after `now` has none. A rule that rests
 * today costs its calls tomorrow.
 */
export function runsPerDay(schedule: Schedule, now: number): number {
  if (schedule.kind === 'every') return DAY_MS / schedule.everyMs;
  const next = cronGrid(schedule).next(now);
  return next !== null && next - now <= WEEK_MS ? runsOnRunDay(schedule) : 0;
}
