import { HuntwireError } from '../../lib/errors.ts';
import { memoLast } from '../scalar-operators/memo.ts';
import type { ScalarFunction, Value } from '../value.ts';
import { type Parts, partsOf } from '../values/calendar.ts';
import { pad } from '../values/datetime.ts';
import type { Integer } from '../values/integer.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../values/ticks.ts';
import { define, defineFor } from './define.ts';

const FRACTION = /^(?:f{1,7}|F{1,7})$/;
const DELIMITER = /^[ /\-:,._[\]]$/;

function fraction(token: string, ticks: number): string {
  const digits = pad(ticks, 7).slice(0, token.length);
  return token.startsWith('F') ? digits.replace(/0+$/, '') : digits;
}

function datePart(token: string, parts: Parts): string | null {
  const width = Math.min(token.length, 2);
  switch (token[0]) {
    case 'd':
      return pad(parts.day, width);
    case 'M':
      return pad(parts.month, width);
    case 'y':
      return token.length > 2 ? pad(parts.year, token.length) : pad(parts.year % 100, width);
    case 'h':
      return pad(parts.hour % 12 === 0 ? 12 : parts.hour % 12, width);
    case 'H':
      return pad(parts.hour, width);
    case 'm':
      return pad(parts.minute, width);
    case 's':
      return pad(parts.second, width);
    case 't':
      return (parts.hour < 12 ? 'AM' : 'PM').slice(0, width);
    default:
      return null;
  }
}

/** The longest specifier that fits comes first: `dddd` is `dd` twice, `MMM` is `MM` and `M`, as was recorded. */
const DATE_PARTS = /yyyy|yy?|MM?|dd?|hh?|HH?|mm?|ss?|tt?|f{1,7}|F{1,7}|./gsu;
const TIME_PARTS = /d{1,8}|hh?|HH?|mm?|ss?|f{1,7}|F{1,7}|./gsu;

/** The pieces of a format, kept for as long as the same format comes. A character that is none of the documented ones ends the query. */
function splitter(known: RegExp, letters: string): (format: string) => readonly string[] {
  return memoLast((format: string) => {
    const tokens = format.match(known) ?? [];
    const unknown = tokens.find((token) => !DELIMITER.test(token) && !letters.includes(token.charAt(0)));
    if (unknown === undefined) return tokens;
    throw new HuntwireError('KQL_FAILED', `'${unknown}' is no part of a format of times.`);
  });
}

function write(tokens: readonly string[], ticks: number, part: (token: string) => string | null): string {
  return tokens
    .map((token) => {
      if (FRACTION.test(token)) return fraction(token, ticks);
      return DELIMITER.test(token) ? token : (part(token) ?? token);
    })
    .join('');
}

/** `format_datetime(value, 'yyyy-MM-dd HH:mm:ss')`. */
function createDatetimeFormat() {
  const split = splitter(DATE_PARTS, 'dMyhHmstfF');
  return (datetime: Integer, format: string): Value => {
    const parts = partsOf(datetime);
    return write(split(format), parts.ticks, (token) => datePart(token, parts));
  };
}

/** `format_timespan(value, 'd.hh:mm:ss')`, the sign in front. */
function formatTimespan(timespan: Integer, tokens: readonly string[]): Value {
  const size = timespan < 0 ? -BigInt(timespan) : BigInt(timespan);
  const within = Number(size % BigInt(DAY));
  const values: Readonly<Record<string, number>> = {
    h: Math.floor(within / HOUR),
    H: Math.floor(within / HOUR),
    m: Math.floor(within / MINUTE) % 60,
    s: Math.floor(within / SECOND) % 60,
  };
  const text = write(tokens, within % SECOND, (token) => {
    const letter = token[0] ?? '';
    if (letter === 'd') return String(size / BigInt(DAY)).padStart(token.length, '0');
    return Object.hasOwn(values, letter) ? pad(values[letter] ?? 0, token.length) : null;
  });
  return timespan < 0 ? `-${text}` : text;
}

const UNITS = ['Bytes', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB'];

/** Powers of 1024; without a unit, the largest in which the number is at least one. */
function formatBytes(size: number, precision = 0, unit = ''): Value {
  const named = UNITS.findIndex((name) => name.toLowerCase() === unit.toLowerCase());
  if (unit !== '' && named < 0) return null;
  const steps = Math.floor(Math.log2(Math.max(1, Math.abs(size))) / 10);
  const index = unit === '' ? Math.min(UNITS.length - 1, steps) : named;
  const digits = Math.max(0, Math.min(15, Number.isNaN(precision) ? 0 : precision));
  const scaled = Math.round((size / 1024 ** index) * 10 ** digits) / 10 ** digits;
  return `${scaled} ${UNITS[index]}`;
}

/** Values as text in a given form. */
export const FORMAT: readonly ScalarFunction[] = [
  defineFor('format_datetime', ['datetime', 'string'], createDatetimeFormat),
  defineFor('format_timespan', ['timespan', 'string'], () => {
    const split = splitter(TIME_PARTS, 'dhHmsfF');
    return (timespan, format) => formatTimespan(timespan, split(format));
  }),
  define('format_bytes', ['real', 'index?', 'string?'], formatBytes),
];
