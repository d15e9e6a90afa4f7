import { ORIGIN_TICKS } from '../value.ts';
import type { Integer } from './integer.ts';
import { add, canonical, subtract } from './integer.ts';

/** One tick is 100 ns, the unit of datetimes and timespans. */
export const MICROSECOND = 10;
export const MILLISECOND = 10_000;
export const SECOND = 10_000_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Ticks from 1970-01-01 to our origin. */
export const UNIX_ORIGIN = ORIGIN_TICKS - 621_355_968_000_000_000n;
/** Days from 1970-01-01 to our origin. */
export const ORIGIN_DAY = 16_071;

const FIRST: Integer = canonical(-ORIGIN_TICKS);
const LAST: Integer = canonical(3_155_378_975_999_999_999n - ORIGIN_TICKS);

/** The datetime, or null where it lies outside the years 1 to 9999. */
export function withinCalendar(ticks: Integer): Integer | null {
  return ticks >= FIRST && ticks <= LAST ? ticks : null;
}

/** A datetime (ticks since 2014) as KQL's own count of ticks since the year 1. */
export function absoluteTicks(datetime: Integer): Integer {
  return canonical(BigInt(datetime) + ORIGIN_TICKS);
}

/** The datetime for a count of ticks since the year 1; null outside the calendar. */
export function datetimeOfTicks(ticks: Integer): Integer | null {
  return withinCalendar(canonical(BigInt(ticks) - ORIGIN_TICKS));
}

/** The datetime for milliseconds since 1970. */
export function datetimeOfUnix(milliseconds: number): Integer {
  return canonical(BigInt(Math.trunc(milliseconds)) * 10_000n - UNIX_ORIGIN);
}

/** Milliseconds since 1970, cut down. */
export function unixOfDatetime(datetime: Integer): number {
  const ticks = BigInt(datetime) + UNIX_ORIGIN;
  const milliseconds = ticks / 10_000n;
  return Number(ticks % 10_000n < 0n ? milliseconds - 1n : milliseconds);
}

export function addTicks(datetime: Integer, timespan: Integer): Integer | null {
  return withinCalendar(add(datetime, timespan));
}

export function subtractTicks(datetime: Integer, timespan: Integer): Integer | null {
  return withinCalendar(subtract(datetime, timespan));
}
