import { datetimeOf, type Parts, partsOf } from './calendar.ts';
import type { Integer } from './integer.ts';
import { isoDatetime } from './iso-datetime.ts';
import { MINUTE, SECOND, subtractTicks } from './ticks.ts';

const CLOCK = '(?:[T,\\s]\\s*(\\d{1,2}):(\\d{1,2})(?::(\\d{1,2})(?:[.,](\\d{1,12}))?)?\\s*([AP]M)?)?';
const ZONE = '\\s*(Z|GMT|UTC|[+-]\\d{2}:?\\d{2}|[+-]\\d{2})?';

function layout(date: string): RegExp {
  return new RegExp(`^${date}${CLOCK}${ZONE}$`, 'i');
}

/** Each layout names the groups that hold year, month and day. */
const LAYOUTS: readonly { readonly pattern: RegExp; readonly order: 'ymd' | 'mdy' | 'dmy' }[] = [
  { pattern: layout('(\\d{4})(?:[-/.]|,\\s*)(\\d{1,2})(?:(?:[-/.]|,\\s*)(\\d{1,2}))?'), order: 'ymd' },
  { pattern: layout('(\\d{1,2})[-/.](\\d{1,2})[-/.](\\d{4})'), order: 'mdy' },
  { pattern: layout('(?:[a-z]{3,9},?\\s+)?(\\d{1,2})[-\\s]([a-z]{3,9})[-\\s,]\\s*(\\d{4}|\\d{2})'), order: 'dmy' },
  { pattern: layout('(?:[a-z]{3,9},?\\s+)?([a-z]{3,9})\\.?\\s+(\\d{1,2}),?\\s+(\\d{4})'), order: 'mdy' },
  { pattern: layout('(\\d{4})(\\d{2})(\\d{2})'), order: 'ymd' },
  { pattern: layout('(\\d{4})()()'), order: 'ymd' },
];

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** Two digits of a year below this mean 20xx. */
const CENTURY_TURN = 50;

function yearOf(text: string): number {
  const year = Number(text);
  if (text.length > 2) return year;
  return year < CENTURY_TURN ? 2000 + year : 1900 + year;
}

function monthOf(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : MONTHS.indexOf(text.slice(0, 3).toLowerCase()) + 1;
}

function hourOf(text: string, half: string | undefined): number {
  const hour = Number(text);
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return -1;
  return (hour % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);
}

/** Ticks that a zone lies ahead of UTC. */
function zoneOffset(zone: string | undefined): number {
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone ?? '');
  if (!match) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return (match[1] === '-' ? -minutes : minutes) * MINUTE;
}

function readLayout(match: RegExpExecArray, order: 'ymd' | 'mdy' | 'dmy'): Integer | null {
  const field = (letter: string): string => match[order.indexOf(letter) + 1] || '1';
  const parts: Parts = {
    year: yearOf(field('y')),
    month: monthOf(field('m')),
    day: Number(field('d')),
    hour: hourOf(match[4] ?? '0', match[8]),
    minute: Number(match[5] ?? 0),
    second: Number(match[6] ?? 0),
    ticks: Number((match[7] ?? '').padEnd(7, '0').slice(0, 7)),
  };
  const local = datetimeOf(parts);
  return local === null ? null : subtractTicks(local, zoneOffset(match[9]));
}

const SPACED_DATE = /^(\d{4}) {0,4}- {0,4}(\d{1,2}) {0,4}- {0,4}(\d{1,2})(?!\d)/;

/**
 * Text as a datetime: ISO 8601 and its looser forms (`2017 - 08 - 01`), RFC 822 and 850, month-first numbers, month names, `yyyyMMdd`, a bare year.
 * Without a zone it is UTC; with an offset it is converted. Null for other text.
 */
export function parseDatetime(text: string): Integer | null {
  const quick = isoDatetime(text);
  if (quick !== undefined) return quick;
  const trimmed = text.trim().replace(SPACED_DATE, '$1-$2-$3');
  for (const { pattern, order } of LAYOUTS) {
    const match = pattern.exec(trimmed);
    if (match) return readLayout(match, order);
  }
  return null;
}

export function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

/** Two digits of what a clock or calendar counts. */
const PAIRS = Array.from({ length: 60 }, (_, number) => pad(number, 2));

function withoutFraction(parts: Parts): string {
  const date = `${pad(parts.year, 4)}-${PAIRS[parts.month]}-${PAIRS[parts.day]}`;
  return `${date}T${PAIRS[parts.hour]}:${PAIRS[parts.minute]}:${PAIRS[parts.second]}`;
}

/** Texts written lately, by a remainder of the value: bins and ranges write the same few again and again, and may share them. */
const RECENT = 1021;
const recentValues = new Float64Array(RECENT).fill(Number.NaN);
const recentTexts = new Array<string>(RECENT).fill('');

/** `yyyy-MM-ddTHH:mm:ss.fffffffZ`, as tostring() writes it. */
export function textOfDatetime(value: Integer): string {
  if (typeof value === 'bigint') return writeDatetime(value);
  const slot = Math.abs(value % RECENT);
  if (recentValues[slot] !== value) {
    recentValues[slot] = value;
    recentTexts[slot] = writeDatetime(value);
  }
  return recentTexts[slot] as string;
}

function writeDatetime(value: Integer): string {
  const parts = partsOf(value);
  return `${withoutFraction(parts)}.${pad(parts.ticks % SECOND, 7)}Z`;
}

/** The same with zeros at the end of the fraction left out, as results carry it. */
export function isoOfDatetime(value: Integer): string {
  const parts = partsOf(value);
  const fraction = parts.ticks === 0 ? '' : `.${pad(parts.ticks, 7).replace(/0+$/, '')}`;
  return `${withoutFraction(parts)}${fraction}Z`;
}
