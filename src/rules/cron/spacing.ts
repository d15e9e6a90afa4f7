import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../lib/duration.ts';
import type { Schedule } from '../rule.ts';
import { type CronFields, type CronSchedule, cronFieldsOf } from './cron-fields.ts';
import { runDayFrom, wallTimeFrom } from './wall-times.ts';

/** Any fixed day will do: what follows from a schedule must not depend on when somebody asks. */
const REFERENCE_DAY = Date.UTC(2026, 0, 5) / DAY_MS;
/** A year, in whole weeks: so much of a cron is looked at. */
const YEAR_DAYS = 52 * 7;

/** Times between two runs in wall time, changes of clocks aside. */
export interface Spacing {
  readonly shortestMs: number;
  readonly longestMs: number;
  /** Each length that occurs, once, in no order. */
  readonly lengths: readonly number[];
}

/** Whether the expression names a wall time that ever comes. Throws on a bad pattern. */
export function runsAgain(schedule: CronSchedule): boolean {
  return wallTimeFrom(cronFieldsOf(schedule), REFERENCE_DAY * DAY_MS) !== null;
}

/** How many runs a day has that has any, in wall time. */
export function runsOnRunDay(schedule: CronSchedule): number {
  const { hours, minutes } = cronFieldsOf(schedule);
  return hours.length * minutes.length;
}

const known = new WeakMap<Schedule, Spacing | null>();

/** The times between two runs; of a cron those of a year, and at least one. null where it runs only once. */
export function scheduleSpacing(schedule: Schedule): Spacing | null {
  if (schedule.kind === 'every') return spacingOf([schedule.everyMs]);
  const cached = known.get(schedule);
  if (cached !== undefined) return cached;
  const spacing = cronSpacing(cronFieldsOf(schedule));
  known.set(schedule, spacing);
  return spacing;
}

function cronSpacing(cron: CronFields): Spacing | null {
  const days = runDays(cron, REFERENCE_DAY);
  if (days.length < 2) return null;
  const hour = spanOf(cron.minutes) * MINUTE_MS;
  const day = spanOf(cron.hours) * HOUR_MS + hour;
  return spacingOf([
    ...distances(cron.minutes).map((minutes) => minutes * MINUTE_MS),
    ...distances(cron.hours).map((hours) => hours * HOUR_MS - hour),
    ...distances(days).map((nights) => nights * DAY_MS - day),
  ]);
}

function spanOf(points: readonly number[]): number {
  return (points.at(-1) ?? 0) - (points[0] ?? 0);
}

function distances(points: readonly number[]): readonly number[] {
  return pairs(points).map(([from, to]) => to - from);
}

/** The longest time between two runs whose windows meet: those longer than the lookback are pauses. 0 where no windows meet. */
export function longestMet({ lengths }: Spacing, lookbackMs: number): number {
  return Math.max(0, ...lengths.filter((length) => length <= lookbackMs));
}

function spacingOf(all: readonly number[]): Spacing {
  const lengths = [...new Set(all)];
  return { shortestMs: Math.min(...lengths), longestMs: Math.max(...lengths), lengths };
}

/** What lies between two runs, in wall time: `from` a run, `to` the next. */
export interface BetweenRuns {
  readonly from: number;
  readonly to: number;
}

export function lengthOf(between: BetweenRuns): number {
  return between.to - between.from;
}

/** A year of a cron: every day that has runs has the same ones, so that days and times of day are looked at apart. */
export interface CronYear {
  /** What lies between runs of the first of its days; each other day has the same. */
  readonly within: readonly BetweenRuns[];
  /** The night behind each of its days, to the first run of the next. */
  readonly nights: readonly BetweenRuns[];
}

/** The year from `day` (counted from 1970) on. null where it has no run, or only one ever. */
export function cronYear(cron: CronFields, day: number): CronYear | null {
  const days = runDays(cron, day);
  const [first] = days;
  if (first === undefined || days.length < 2) return null;
  const times = cron.hours.flatMap((hour) => cron.minutes.map((minute) => (60 * hour + minute) * MINUTE_MS));
  const [begin = 0, end = 0] = [times[0], times.at(-1)];
  const nights = pairs(days).map(([from, to]) => ({ from: from * DAY_MS + end, to: to * DAY_MS + begin }));
  return { within: pairs(times.map((time) => first * DAY_MS + time)).map(([from, to]) => ({ from, to })), nights };
}

/** Days with runs, from the first at or after `day` to the first that is a year later or more. */
function runDays(cron: CronFields, day: number): readonly number[] {
  const days: number[] = [];
  for (let one = runDayFrom(cron, day); one !== null; one = runDayFrom(cron, one + 1)) {
    days.push(one);
    if (one >= (days[0] ?? one) + YEAR_DAYS) break;
  }
  return days;
}

function pairs(points: readonly number[]): (readonly [number, number])[] {
  return points.slice(1).map((point, index) => [points[index] ?? point, point]);
}
