import { CronPattern } from 'croner';
import { DAY_MS } from '../../lib/duration.ts';
import type { Schedule } from '../rule.ts';

/** The five fields of a cron expression: which wall times it names. */
export interface CronFields {
  /** In order, 0 to 59. */
  readonly minutes: readonly number[];
  /** In order, 0 to 23. */
  readonly hours: readonly number[];
  /** Whether an hour that comes twice has runs both times: the hour field is `*`, a step or a range, not single hours or a list. */
  readonly repeats: boolean;
  /** The days of a month (0 to 11) that have runs: bit n stands for day n. */
  readonly days: (year: number, month: number) => number;
}

export type CronSchedule = Extract<Schedule, { readonly kind: 'cron' }>;

const known = new WeakMap<CronSchedule, CronFields>();

/** The fields of a schedule, read once. Throws where they are no cron expression, with the reason. */
export function cronFieldsOf(schedule: CronSchedule): CronFields {
  const fields = known.get(schedule) ?? readCronFields(schedule.cron);
  known.set(schedule, fields);
  return fields;
}

/** Reads five fields; `?` is another word for `*`. Throws where they are no cron expression, with the reason. */
export function readCronFields(text: string): CronFields {
  const pattern = new CronPattern(text.replaceAll('?', '*'), undefined, { mode: '5-part' });
  const [, hourField = ''] = text.trim().split(/\s+/);
  const dayFields = dayFieldsOf(pattern);
  return {
    minutes: namedBy(pattern.minute),
    hours: namedBy(pattern.hour),
    repeats: !hourField.includes(',') && /[*?/-]/.test(hourField),
    days: rememberLatest((year, month) => daysOf(dayFields, year, month)),
  };
}

/** What of the parser's pattern tells days. The pattern itself holds ten thousand years, and is let go. */
type DayFields = Pick<
  CronPattern,
  | 'month'
  | 'day'
  | 'nearestWeekdays'
  | 'dayOfWeek'
  | 'lastDayOfMonth'
  | 'lastWeekday'
  | 'starDOM'
  | 'starDOW'
  | 'useAndLogic'
>;

function dayFieldsOf(pattern: CronPattern): DayFields {
  const { month, day, nearestWeekdays, dayOfWeek } = pattern;
  const { lastDayOfMonth, lastWeekday, starDOM, starDOW, useAndLogic } = pattern;
  return { month, day, nearestWeekdays, dayOfWeek, lastDayOfMonth, lastWeekday, starDOM, starDOW, useAndLogic };
}

function namedBy(flags: readonly number[]): readonly number[] {
  return flags.flatMap((flag, index) => (flag ? [index] : []));
}

/** Walks ask for the same month many times in a row. */
function rememberLatest(days: CronFields['days']): CronFields['days'] {
  let known: { readonly key: number; readonly days: number } | null = null;
  return (year, month) => {
    const key = 12 * year + month;
    if (known?.key !== key) known = { key, days: days(year, month) };
    return known.days;
  };
}

interface Month {
  /** Weekday of its first day, 0 for Sunday. */
  readonly first: number;
  readonly length: number;
}

/** Every weekday of the month, in the numbers of the parser. */
const ANY_WEEK = 63;
const LAST_WEEK = 32;

function daysOf(pattern: DayFields, year: number, month: number): number {
  if (!pattern.month[month]) return 0;
  const first = new Date(Date.UTC(year, month, 1)).getUTCDay();
  const shape = { first, length: Math.round((Date.UTC(year, month + 1, 1) - Date.UTC(year, month, 1)) / DAY_MS) };
  const byDate = datesOf(pattern, shape);
  let days = 0;
  for (let day = 1; day <= shape.length; day += 1) {
    const dated = (byDate & (1 << day)) !== 0;
    const weekly = isWeekdayNamed(pattern, shape, day);
    const either = !(pattern.useAndLogic || pattern.starDOM || pattern.starDOW);
    if (either ? dated || weekly : dated && weekly) days |= 1 << day;
  }
  return days;
}

/** What the field of dates names, whatever the weekday. */
function datesOf(pattern: DayFields, month: Month): number {
  let days = pattern.lastDayOfMonth ? 1 << month.length : 0;
  if (pattern.lastWeekday) days |= 1 << workdayNear(month, month.length);
  for (let day = 1; day <= month.length; day += 1) {
    if (pattern.day[day - 1]) days |= 1 << day;
    if (pattern.nearestWeekdays[day - 1]) days |= 1 << workdayNear(month, day);
  }
  return days;
}

/** The Monday to Friday nearest to a day, within its month. */
function workdayNear(month: Month, day: number): number {
  const weekday = weekdayOf(month, day);
  if (weekday === 0) return day === month.length ? day - 2 : day + 1;
  if (weekday === 6) return day === 1 ? day + 2 : day - 1;
  return day;
}

function isWeekdayNamed(pattern: DayFields, month: Month, day: number): boolean {
  if (pattern.starDOW) return true;
  const weeks = pattern.dayOfWeek[weekdayOf(month, day)] ?? 0;
  if ((weeks & ANY_WEEK) === ANY_WEEK) return true;
  const nth = 1 << Math.floor((day - 1) / 7);
  return (weeks & nth & ~LAST_WEEK) !== 0 || ((weeks & LAST_WEEK) !== 0 && day + 7 > month.length);
}

function weekdayOf(month: Month, day: number): number {
  return (month.first + day - 1) % 7;
}
