import type { Row } from '../sources/source.ts';
import { cellOf } from './cell.ts';

const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,7})\d*)?(?:Z|\+00:00)?)?$/;
const TICKS_PER_SECOND = 10_000_000n;
const TIME_COLUMNS = ['Timestamp', 'TimeGenerated'];
/** Where a join leaves the times of its other sides. */
const JOINED_TIME_COLUMNS = TIME_COLUMNS.flatMap((name) => [`${name}1`, `${name}2`, `${name}3`]);

interface Instant {
  /** Without fraction and zone. */
  readonly whole: string;
  readonly seconds: number;
  /** Up to seven digits without trailing zeros. */
  readonly fraction: string;
}

/** Ticks of 100 ns since 1970 as decimal text, whatever number of fraction digits the API wrote; null: no UTC datetime. */
export function ticksOf(text: string): string | null {
  const instant = parseInstant(text);
  if (instant === null) return null;
  const ticks = instant.fraction.padEnd(7, '0');
  if (instant.seconds > 0) return `${instant.seconds}${ticks}`;
  return (BigInt(instant.seconds) * TICKS_PER_SECOND + BigInt(ticks)).toString();
}

/** The instant in the one form that alerts use, `2026-01-01T12:00:00.1234567Z`; null: no UTC datetime. */
export function isoTime(text: string): string | null {
  const instant = parseInstant(text);
  if (instant === null) return null;
  return isoOf(instant.whole, instant.fraction);
}

/** Epoch milliseconds in the form that alerts use. */
export function isoOfMs(epochMs: number): string {
  const text = new Date(epochMs).toISOString();
  return isoOf(text.slice(0, -5), trimTrailingZeros(text.slice(-4, -1)));
}

/** Tells the times of the events that rows are made of. */
export interface EventTimes {
  /** When the row's event happened, by Timestamp or else TimeGenerated; null where the row does not say. */
  of(row: Row): string | null;
  /** When the newest of the events happened: a row of a join has several. `time`: what `of` tells of the row, where that is known. */
  newestOf(row: Row, time?: string | null): string | null;
}

/** The times in a result of which the columns `others` hold no times of events. `present`: all columns that it has, where they are known. */
export function eventTimesBeside(others: readonly string[], present: readonly string[] | null = null): EventTimes {
  const columns = TIME_COLUMNS.filter((name) => !others.includes(name));
  const joined = JOINED_TIME_COLUMNS.filter((name) => !others.includes(name) && present?.includes(name) !== false);
  const of = (row: Row): string | null => {
    for (const column of columns) {
      const cell = cellOf(row, column);
      if (typeof cell === 'string' && cell !== '') return isoTime(cell);
    }
    return null;
  };
  const newestOf = (row: Row, time: string | null = of(row)): string | null => {
    let newest = time;
    for (const column of joined) {
      const cell = cellOf(row, column);
      if (typeof cell === 'string' && cell !== '') newest = laterOf(newest, isoTime(cell));
    }
    return newest;
  };
  return { of, newestOf };
}

/** Whether one instant of isoTime's form lies before another; also of different precision. */
export function isBefore(one: string, other: string): boolean {
  return one.slice(0, -1) < other.slice(0, -1);
}

/** The later of two instants; null where neither is known. */
export function laterOf(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  return isBefore(one, other) ? other : one;
}

/** A row's time is asked for several times in a row: by its key, by its hit, by its alert. */
let latest: { readonly text: string; readonly instant: Instant | null } = { text: '', instant: null };

function parseInstant(text: string): Instant | null {
  if (latest.text !== text) latest = { text, instant: readInstant(text) };
  return latest.instant;
}

function readInstant(text: string): Instant | null {
  const seconds = isUsual(text) ? secondsOf(text) : Number.NaN;
  if (Number.isNaN(seconds)) return readUnusual(text);
  const fraction = trimTrailingZeros(text.slice(WHOLE_LENGTH + 1, -1));
  return { whole: text.slice(0, WHOLE_LENGTH), seconds, fraction };
}

/** Of `2026-01-01T12:00:00`. */
const WHOLE_LENGTH = 19;
const SEPARATORS = [
  [4, '-'],
  [7, '-'],
  [10, 'T'],
  [13, ':'],
  [16, ':'],
] as const;
const LONGEST_FRACTION = 7;
const ZERO = 48;

/** Whether a text is of the form in which all three APIs write times, as far as its signs tell: such a text is read several times as soon as by its pattern. */
function isUsual(text: string): boolean {
  const fraction = text.length - WHOLE_LENGTH - 2;
  if (text.at(-1) !== 'Z' || fraction > LONGEST_FRACTION) return false;
  for (const [at, sign] of SEPARATORS) if (text[at] !== sign) return false;
  if (fraction === -1) return true;
  return fraction > 0 && text[WHOLE_LENGTH] === '.' && digitsAt(text, WHOLE_LENGTH + 1, fraction) >= 0;
}

/** Seconds since 1970; NaN for what is not surely a time. */
function secondsOf(text: string): number {
  const [year, month, day] = [digitsAt(text, 0, 4), digitsAt(text, 5, 2), digitsAt(text, 8, 2)];
  const [hour, minute, second] = [digitsAt(text, 11, 2), digitsAt(text, 14, 2), digitsAt(text, 17, 2)];
  if (!isWithin(year, 1970, 9999) || !isWithin(month, 1, 12) || !isWithin(day, 1, 28)) return Number.NaN;
  if (!isWithin(hour, 0, 23) || !isWithin(minute, 0, 59) || !isWithin(second, 0, 59)) return Number.NaN;
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
}

function isWithin(number: number, least: number, most: number): boolean {
  return number >= least && number <= most;
}

/** The number that digits say; -1 where one is none. */
function digitsAt(text: string, from: number, count: number): number {
  let number = 0;
  for (let at = from; at < from + count; at += 1) {
    const digit = text.charCodeAt(at) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return -1;
    number = number * 10 + digit;
  }
  return number;
}

function readUnusual(text: string): Instant | null {
  const match = ISO.exec(text);
  if (!match) return null;
  const whole = `${match[1]}T${match[2] ?? '00:00:00'}`;
  const seconds = Date.parse(`${whole}Z`) / 1000;
  if (!Number.isFinite(seconds)) return null;
  return { whole, seconds, fraction: trimTrailingZeros(match[3] ?? '') };
}

function isoOf(whole: string, fraction: string): string {
  return fraction === '' ? `${whole}Z` : `${whole}.${fraction}Z`;
}

export function trimTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === ZERO) end -= 1;
  return digits.slice(0, end);
}
