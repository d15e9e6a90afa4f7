import type { ScalarFunction, Value } from '../value.ts';
import {
  calendarDay,
  datetimeOf,
  dayNumber,
  dayOfWeek,
  daysInMonth,
  joinDay,
  partsOf,
  splitDay,
} from '../values/calendar.ts';
import type { Integer } from '../values/integer.ts';
import { add, canonical, multiply, subtract } from '../values/integer.ts';
import {
  addTicks,
  DAY,
  HOUR,
  MICROSECOND,
  MILLISECOND,
  MINUTE,
  SECOND,
  subtractTicks,
  UNIX_ORIGIN,
  withinCalendar,
} from '../values/ticks.ts';
import { define, defineBound, defineFor } from './define.ts';
import { localOfUtc, utcOfLocal } from './time-zone.ts';

const MONTHS: Readonly<Record<string, number>> = { year: 12, quarter: 3, month: 1 };

const TICKS: Readonly<Record<string, number>> = {
  week: 7 * DAY,
  day: DAY,
  hour: HOUR,
  minute: MINUTE,
  second: SECOND,
  millisecond: MILLISECOND,
  microsecond: MICROSECOND,
};

function unitOf(table: Readonly<Record<string, number>>, name: string): number | null {
  const unit = name.toLowerCase();
  return Object.hasOwn(table, unit) ? (table[unit] ?? null) : null;
}

/** The same day of another month, or its last day where it is shorter. */
function addMonths(datetime: Integer, count: number): Value {
  const { days, ticks } = splitDay(datetime);
  const { year, month, day } = calendarDay(days);
  const months = year * 12 + month - 1 + count;
  const [toYear, toMonth] = [Math.floor(months / 12), (((months % 12) + 12) % 12) + 1];
  if (!(toYear >= 1 && toYear <= 9999)) return null;
  return joinDay(dayNumber(toYear, toMonth, Math.min(day, daysInMonth(toYear, toMonth))), ticks);
}

function datetimeAdd(period: string, amount: Integer, datetime: Integer): Value {
  const months = unitOf(MONTHS, period);
  if (months !== null) return addMonths(datetime, Number(amount) * months);
  if (period.toLowerCase() === 'nanosecond') return addTicks(datetime, canonical(BigInt(amount) / 100n));
  const ticks = unitOf(TICKS, period);
  return ticks === null ? null : addTicks(datetime, multiply(amount, ticks));
}

/** Counts months since the year 0, in groups of the given size. */
function monthOrdinal(datetime: Integer, size: number): number {
  const { year, month } = partsOf(datetime);
  return Math.floor((year * 12 + month - 1) / size);
}

function weekOrdinal(datetime: Integer): number {
  const { days } = splitDay(datetime);
  return (days - dayOfWeek(days)) / 7;
}

function tickOrdinal(datetime: Integer, ticks: number): Integer {
  if (typeof datetime === 'number') return Math.floor(datetime / ticks);
  const size = BigInt(ticks);
  const rest = ((datetime % size) + size) % size;
  return canonical((datetime - rest) / size);
}

/** Number of the period that a datetime lies in, counted from some origin. */
function ordinal(period: string, datetime: Integer): Integer | null {
  const months = unitOf(MONTHS, period);
  if (months !== null) return monthOrdinal(datetime, months);
  if (period === 'week') return weekOrdinal(datetime);
  if (period === 'nanosecond') return multiply(datetime, 100);
  const ticks = unitOf(TICKS, period);
  return ticks === null ? null : tickOrdinal(datetime, ticks);
}

/** Borders of the period between the two datetimes: what is crossed counts, not what is full. */
function datetimeDiff(period: string, first: Integer, second: Integer): Value {
  const name = period.toLowerCase();
  const [a, b] = [ordinal(name, first), ordinal(name, second)];
  return a === null || b === null ? null : subtract(a, b);
}

function fractionTicks(second: number): number {
  return Math.round((second - Math.floor(second)) * SECOND);
}

function makeDatetime(year: number, month: number, day: number, hour = 0, minute = 0, second = 0): Value {
  return datetimeOf({ year, month, day, hour, minute, second: Math.floor(second), ticks: fractionTicks(second) });
}

/** Two to four arguments; two are hour and minute. */
/** Hours and minutes, with seconds behind them or days in front as well; of three arguments the last are seconds. */
function makeTimespan(first: number, second: number, third?: number, fourth?: number): Value {
  const [day, hour, minute, seconds] =
    fourth === undefined ? [0, first, second, third ?? 0] : [first, second, third ?? Number.NaN, fourth];
  if (!(hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && seconds >= 0 && seconds < 60 && day >= 0)) return null;
  const within = hour * HOUR + minute * MINUTE + Math.floor(seconds) * SECOND + fractionTicks(seconds);
  return add(multiply(day, DAY), within);
}

/** Units since 1970, `ticks` of them to a unit, or `units` to a tick. */
function unixFunction(unit: string, ticks: number, units = 1): ScalarFunction {
  return define(`unixtime_${unit}_todatetime`, ['real'], (value) => {
    if (!Number.isFinite(value)) return null;
    const whole = Math.trunc(value);
    const since =
      (BigInt(whole) * BigInt(ticks)) / BigInt(units) + BigInt(Math.round(((value - whole) * ticks) / units));
    return withinCalendar(canonical(since - UNIX_ORIGIN));
  });
}

/** `now()`, `now(offset)` and `ago(offset)` all read the query's one clock. */
const CLOCK: readonly ScalarFunction[] = [
  defineBound('now', ({ types, context }) => {
    if (types.length === 0) return () => context.now;
    return (offset = null) =>
      typeof offset === 'number' || typeof offset === 'bigint' ? addTicks(context.now, offset) : null;
  }),
  defineFor(
    'ago',
    ['timespan'],
    ({ context }) =>
      (offset) =>
        subtractTicks(context.now, offset),
  ),
];

/** Arithmetic and construction of datetimes and timespans. */
export const DATETIME: readonly ScalarFunction[] = [
  ...CLOCK,
  define('datetime_add', ['string', 'long', 'datetime'], datetimeAdd),
  define('datetime_diff', ['string', 'datetime', 'datetime'], datetimeDiff),
  define('make_datetime', ['index', 'index', 'index', 'index?', 'index?', 'real?'], makeDatetime),
  define('make_timespan', ['index', 'index', 'real?', 'real?'], makeTimespan),
  unixFunction('seconds', SECOND),
  unixFunction('milliseconds', MILLISECOND),
  unixFunction('microseconds', MICROSECOND),
  unixFunction('nanoseconds', 1, 100),
  define('datetime_utc_to_local', ['datetime', 'string'], localOfUtc),
  define('datetime_local_to_utc', ['datetime', 'string'], utcOfLocal),
];
