import { DAY_MS, MINUTE_MS } from '../../lib/duration.ts';
import type { CronFields } from './cron-fields.ts';

/*
 * Wall times are what a clock on a wall shows: milliseconds as if the clock were in UTC, so that days have 24 hours and nothing is
 * skipped or repeated. What an expression names is a list of whole minutes of them.
 */

/** What never comes in a hundred years does not come: the longest wait is 40 years, for a 29 February on a weekday around 2100. */
const LONGEST_MONTHS = 1200;

/** The first wall time at or after `wall`; null where there is none any more. */
export function wallTimeFrom(cron: CronFields, wall: number): number | null {
  const start = Math.ceil(wall / MINUTE_MS);
  const day = Math.floor((start * MINUTE_MS) / DAY_MS);
  const minute = hasRuns(cron, day) ? minuteFrom(cron, start - day * MINUTES_A_DAY) : null;
  if (minute !== null) return day * DAY_MS + minute * MINUTE_MS;
  const next = runDayFrom(cron, day + 1);
  return next === null ? null : next * DAY_MS + (minuteFrom(cron, 0) ?? 0) * MINUTE_MS;
}

/** The last wall time at or before `wall`; null where there was none. */
export function wallTimeUntil(cron: CronFields, wall: number): number | null {
  const start = Math.floor(wall / MINUTE_MS);
  const day = Math.floor((start * MINUTE_MS) / DAY_MS);
  const minute = hasRuns(cron, day) ? minuteUntil(cron, start - day * MINUTES_A_DAY) : null;
  if (minute !== null) return day * DAY_MS + minute * MINUTE_MS;
  const last = runDayUntil(cron, day - 1);
  return last === null ? null : last * DAY_MS + (minuteUntil(cron, MINUTES_A_DAY - 1) ?? 0) * MINUTE_MS;
}

/** The first day (counted from 1970) at or after `day` that has runs; null where there is none any more. */
export function runDayFrom(cron: CronFields, day: number): number | null {
  const date = new Date(day * DAY_MS);
  let [year, month, from] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  for (let months = 0; months < LONGEST_MONTHS; months += 1) {
    const days = cron.days(year, month) & ~((1 << from) - 1);
    if (days !== 0) return Date.UTC(year, month, 31 - Math.clz32(days & -days)) / DAY_MS;
    from = 1;
    year += month === 11 ? 1 : 0;
    month = (month + 1) % 12;
  }
  return null;
}

function runDayUntil(cron: CronFields, day: number): number | null {
  const date = new Date(day * DAY_MS);
  let [year, month, until] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  for (let months = 0; months < LONGEST_MONTHS; months += 1) {
    const days = cron.days(year, month) & (until === 31 ? -1 : (1 << (until + 1)) - 1);
    if (days !== 0) return Date.UTC(year, month, 31 - Math.clz32(days)) / DAY_MS;
    until = 31;
    year -= month === 0 ? 1 : 0;
    month = (month + 11) % 12;
  }
  return null;
}

const MINUTES_A_DAY = DAY_MS / MINUTE_MS;

function hasRuns(cron: CronFields, day: number): boolean {
  const date = new Date(day * DAY_MS);
  return (cron.days(date.getUTCFullYear(), date.getUTCMonth()) & (1 << date.getUTCDate())) !== 0;
}

/** The first minute of a day at or after `start` that has a run. */
function minuteFrom({ hours, minutes }: CronFields, start: number): number | null {
  const hour = Math.floor(start / 60);
  const minute = hours.includes(hour) ? minutes.find((one) => one >= start % 60) : undefined;
  if (minute !== undefined) return 60 * hour + minute;
  const later = hours.find((one) => one > hour);
  return later === undefined ? null : 60 * later + (minutes[0] ?? 0);
}

function minuteUntil({ hours, minutes }: CronFields, start: number): number | null {
  const hour = Math.floor(start / 60);
  const minute = hours.includes(hour) ? minutes.findLast((one) => one <= start % 60) : undefined;
  if (minute !== undefined) return 60 * hour + minute;
  const earlier = hours.findLast((one) => one < hour);
  return earlier === undefined ? null : 60 * earlier + (minutes.at(-1) ?? 0);
}
