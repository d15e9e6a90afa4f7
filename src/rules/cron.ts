import { Cron, CronPattern } from 'croner';
import { DAY_MS, MINUTE_MS } from '../lib/duration.ts';
import type { Schedule } from './rule.ts';

/** Any fixed instant will do: gaps between runs are asked, not the runs themselves. */
const REFERENCE = Date.UTC(2026, 0, 5);
/** Enough to meet a weekend, and the gap between any two days of a month. */
const SAMPLE_DAYS = 40;

type CronSchedule = Schedule & { readonly kind: 'cron' };

/** Whether the expression names an instant that ever comes. Throws on a bad pattern. */
export function runsAgain(schedule: CronSchedule): boolean {
  const cron = new Cron(schedule.cron, { timezone: schedule.timezone, mode: '5-part', paused: true });
  return cron.nextRun(new Date(REFERENCE)) !== null;
}

export interface Gaps {
  readonly shortestMs: number;
  readonly longestMs: number;
}

const known = new WeakMap<Schedule, Gaps | null>();

/** The shortest and longest time between two runs, changes of clocks aside; for a cron over its next 40 days. null where it runs only once. */
export function scheduleGaps(schedule: Schedule): Gaps | null {
  if (schedule.kind === 'every') return { shortestMs: schedule.everyMs, longestMs: schedule.everyMs };
  const cached = known.get(schedule);
  if (cached !== undefined) return cached;
  const gaps = gapsOf(schedule);
  known.set(schedule, gaps);
  return gaps;
}

/** Every day that has runs has the same ones, so days and times of day are asked apart: time zones make single runs costly. */
function gapsOf({ cron }: CronSchedule): Gaps | null {
  const times = timesOfDay(cron);
  const days = new Cron(`0 0 ${cron.trim().split(/\s+/).slice(2).join(' ')}`, { utcOffset: 0, paused: true });
  const nights = distances(days.nextRuns(SAMPLE_DAYS, new Date(REFERENCE - 1)).map((day) => day.getTime() / DAY_MS));
  const night = (count: number) => count * DAY_MS - ((times.at(-1) ?? 0) - (times[0] ?? 0));
  const gaps = [...distances(times), ...nights.map(night)];
  return gaps.length === 0 ? null : { shortestMs: Math.min(...gaps), longestMs: Math.max(...gaps) };
}

/** The times of day at which a cron runs, in ms from midnight. */
function timesOfDay(cron: string): number[] {
  const { hour, minute } = new CronPattern(cron);
  const times = Array.from({ length: DAY_MS / MINUTE_MS }, (_, at) => at);
  return times.filter((at) => hour[Math.floor(at / 60)] && minute[at % 60]).map((at) => at * MINUTE_MS);
}

function distances(points: readonly number[]): number[] {
  return points.slice(1).map((point, index) => point - (points[index] ?? 0));
}
