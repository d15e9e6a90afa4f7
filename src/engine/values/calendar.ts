import type { Integer } from './integer.ts';
import { canonical } from './integer.ts';
import { DAY, HOUR, MINUTE, ORIGIN_DAY, SECOND, withinCalendar } from './ticks.ts';

interface CalendarDay {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
}

export interface Parts extends CalendarDay {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Ticks within the second. */
  readonly ticks: number;
}

const ERA_DAYS = 146_097;
const SHIFT_TO_MARCH = 719_468;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** Days since 1970-01-01 of a date of the proleptic Gregorian calendar; days beyond the month's end run on. */
export function dayNumber(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * ERA_DAYS + dayOfEra - SHIFT_TO_MARCH;
}

/** The date that lies the given days after 1970-01-01. */
export function calendarDay(days: number): CalendarDay {
  const shifted = days + SHIFT_TO_MARCH;
  const era = Math.floor(shifted / ERA_DAYS);
  const dayOfEra = shifted - era * ERA_DAYS;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  };
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (MONTH_DAYS[month - 1] ?? 0);
}

/** Days since 1970-01-01 of a datetime, and the ticks within that day. */
export function splitDay(datetime: Integer): { days: number; ticks: number } {
  if (typeof datetime === 'number') {
    const days = Math.floor(datetime / DAY);
    return { days: days + ORIGIN_DAY, ticks: datetime - days * DAY };
  }
  const size = BigInt(DAY);
  const rest = ((datetime % size) + size) % size;
  return { days: Number((datetime - rest) / size) + ORIGIN_DAY, ticks: Number(rest) };
}

/** The datetime of a day since 1970-01-01 and ticks within it; null outside the calendar. */
export function joinDay(days: number, ticks: number): Integer | null {
  const distance = days - ORIGIN_DAY;
  const quick = distance * DAY + ticks;
  if (Number.isSafeInteger(quick)) return quick;
  return withinCalendar(canonical(BigInt(distance) * BigInt(DAY) + BigInt(ticks)));
}

export function partsOf(datetime: Integer): Parts {
  const { days, ticks } = splitDay(datetime);
  const { year, month, day } = calendarDay(days);
  return {
    year,
    month,
    day,
    hour: Math.floor(ticks / HOUR),
    minute: Math.floor(ticks / MINUTE) % 60,
    second: Math.floor(ticks / SECOND) % 60,
    ticks: ticks % SECOND,
  };
}

/** The datetime of calendar parts; null where a part is out of its range. */
export function datetimeOf(parts: Parts): Integer | null {
  const { year, month, day, hour, minute, second, ticks } = parts;
  if (!(year >= 1 && year <= 9999 && month >= 1 && month <= 12)) return null;
  if (!(day >= 1 && day <= daysInMonth(year, month))) return null;
  if (!(hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60)) return null;
  return joinDay(dayNumber(year, month, day), hour * HOUR + minute * MINUTE + second * SECOND + ticks);
}

/** 0 is Sunday. */
export function dayOfWeek(days: number): number {
  return (((days + 4) % 7) + 7) % 7;
}

export function dayOfYear(days: number): number {
  return days - dayNumber(calendarDay(days).year, 1, 1) + 1;
}

/** ISO 8601 week of the year, 1 to 53. */
export function isoWeek(days: number): number {
  const thursday = days - ((dayOfWeek(days) + 6) % 7) + 3;
  return Math.floor((thursday - dayNumber(calendarDay(thursday).year, 1, 1)) / 7) + 1;
}
