import type { ScalarFunction, Value } from '../value.ts';
import {
  calendarDay,
  dayNumber,
  dayOfWeek,
  dayOfYear,
  isoWeek,
  joinDay,
  partsOf,
  splitDay,
} from '../values/calendar.ts';
import type { Integer } from '../values/integer.ts';
import { DAY, MICROSECOND, MILLISECOND } from '../values/ticks.ts';
import { alias, define } from './define.ts';

const LAST_DAY = dayNumber(9999, 12, 31);

/** The first day (since 1970) of the period that lies `offset` periods from the given day's. */
type Start = (days: number, offset: number) => number;

function startOfMonth(days: number, offset: number): number {
  const { year, month } = calendarDay(days);
  const months = year * 12 + month - 1 + offset;
  return dayNumber(Math.floor(months / 12), (months % 12) + 1, 1);
}

const STARTS: Readonly<Record<string, Start>> = {
  day: (days, offset) => days + offset,
  week: (days, offset) => days - dayOfWeek(days) + offset * 7,
  month: startOfMonth,
  year: (days, offset) => dayNumber(calendarDay(days).year + offset, 1, 1),
};

/** Null where the offset is. */
function edge(days: number, ticks: number): Value {
  return Number.isFinite(days) ? joinDay(days, ticks) : null;
}

function periodFunctions([unit, start]: readonly [string, Start]): ScalarFunction[] {
  const first = (datetime: Integer, offset = 0): Value => edge(start(splitDay(datetime).days, offset), 0);
  const last = (datetime: Integer, offset = 0): Value => edge(start(splitDay(datetime).days, offset + 1) - 1, DAY - 1);
  return [
    define(`startof${unit}`, ['datetime', 'index?'], first),
    define(`endof${unit}`, ['datetime', 'index?'], last),
  ];
}

function quarterOf(month: number): number {
  return Math.floor((month - 1) / 3) + 1;
}

const PARTS: Readonly<Record<string, (datetime: Integer) => number>> = {
  year: (datetime) => partsOf(datetime).year,
  quarter: (datetime) => quarterOf(partsOf(datetime).month),
  month: (datetime) => partsOf(datetime).month,
  week_of_year: (datetime) => isoWeek(splitDay(datetime).days),
  weekofyear: (datetime) => isoWeek(splitDay(datetime).days),
  day: (datetime) => partsOf(datetime).day,
  dayofyear: (datetime) => dayOfYear(splitDay(datetime).days),
  hour: (datetime) => partsOf(datetime).hour,
  minute: (datetime) => partsOf(datetime).minute,
  second: (datetime) => partsOf(datetime).second,
  millisecond: (datetime) => Math.floor(partsOf(datetime).ticks / MILLISECOND),
  microsecond: (datetime) => Math.floor(partsOf(datetime).ticks / MICROSECOND),
  nanosecond: (datetime) => partsOf(datetime).ticks * 100,
};

/** Null in the week that the calendar's last day cuts off: recorded. */
function daysSinceSunday(datetime: Integer): Value {
  const { days } = splitDay(datetime);
  const weekday = dayOfWeek(days);
  return days - weekday + 6 > LAST_DAY ? null : weekday * DAY;
}

function partOf(part: string, datetime: Integer): Value {
  const name = part.toLowerCase();
  return Object.hasOwn(PARTS, name) ? (PARTS[name]?.(datetime) ?? null) : null;
}

function single(name: string, part: string): ScalarFunction {
  return define(name, ['datetime'], (datetime) => partOf(part, datetime));
}

const DATETIME_PART = define('datetime_part', ['string', 'datetime'], partOf);
const WEEK = single('week_of_year', 'week_of_year');

/** Parts of datetimes, and the edges of days, weeks (from Sunday), months and years. */
export const CALENDAR: readonly ScalarFunction[] = [
  ...Object.entries(STARTS).flatMap(periodFunctions),
  DATETIME_PART,
  alias('datepart', DATETIME_PART),
  single('getyear', 'year'),
  single('getmonth', 'month'),
  single('monthofyear', 'month'),
  single('dayofmonth', 'day'),
  single('dayofyear', 'dayofyear'),
  single('hourofday', 'hour'),
  WEEK,
  alias('weekofyear', WEEK),
  define('dayofweek', ['datetime'], daysSinceSunday),
];
