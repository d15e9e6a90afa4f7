import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../lib/duration.ts';
import type { Constant } from './constant-kinds.ts';
import { parseTimespanMs } from './timespan.ts';

type Arguments = readonly (Constant | null)[];

/** Longest lengths of calendar periods: a distance in them is taken as far as it can reach. */
const PERIODS: Readonly<Record<string, number>> = {
  year: 366 * DAY_MS,
  quarter: 92 * DAY_MS,
  month: 31 * DAY_MS,
  week: 7 * DAY_MS,
  day: DAY_MS,
  hour: HOUR_MS,
  minute: MINUTE_MS,
  second: SECOND_MS,
  millisecond: 1,
};

/** Periods that are not always as long. */
const UNEVEN = ['year', 'quarter', 'month'];

const STARTS: Readonly<Record<string, string>> = {
  startofday: 'day',
  startofweek: 'week',
  startofmonth: 'month',
  startofyear: 'year',
};

/** The (longest) length of a period that datetime_add and datetime_diff count in; null where there is none of that name. */
export function periodMs(name: string): number | null {
  return PERIODS[name.toLowerCase()] ?? null;
}

/**
 * The constant that a built-in call gives, or null. Calls that round a time down (startofday, bin) count with the farthest
 * distance they can have, because distances serve to tell how far back a query looks.
 */
export function callConstant(name: string, given: Arguments): Constant | null {
  const [first = null, second = null] = given;
  if (name === 'now') return given.length === 0 ? { kind: 'instant', offsetMs: 0, exact: true } : awayFromNow(first, 1);
  if (name === 'ago') return awayFromNow(first, -1);
  if (name === 'datetime_add') return added(given);
  if (name === 'totimespan') return toSpan(first);
  if (name === 'todatetime') return first?.kind === 'instant' ? first : null;
  if (STARTS[name]) return startOf(PERIODS[STARTS[name]] ?? 0, first, second, given.length);
  return name === 'bin' || name === 'floor' ? binned(first, second) : null;
}

function awayFromNow(distance: Constant | null, sign: 1 | -1): Constant | null {
  return distance?.kind === 'span' ? { kind: 'instant', offsetMs: 0 + sign * distance.ms, exact: true } : null;
}

function added([unit, amount, base]: Arguments): Constant | null {
  if (unit?.kind !== 'text' || amount?.kind !== 'number' || base?.kind !== 'instant') return null;
  const period = periodMs(unit.value);
  if (period === null) return null;
  const exact = base.exact && !UNEVEN.includes(unit.value.toLowerCase());
  return { kind: 'instant', offsetMs: base.offsetMs + amount.value * period, exact };
}

function toSpan(value: Constant | null): Constant | null {
  if (value?.kind === 'span') return value;
  const ms = value?.kind === 'text' ? parseTimespanMs(value.value) : null;
  return ms === null ? null : { kind: 'span', ms };
}

function startOf(period: number, base: Constant | null, count: Constant | null, given: number): Constant | null {
  if (base?.kind !== 'instant' || (given > 1 && count?.kind !== 'number')) return null;
  const periods = count?.kind === 'number' ? count.value - 1 : -1;
  return { kind: 'instant', offsetMs: base.offsetMs + periods * period, exact: false };
}

function binned(base: Constant | null, size: Constant | null): Constant | null {
  if (base?.kind !== 'instant' || size?.kind !== 'span') return null;
  return { kind: 'instant', offsetMs: base.offsetMs - size.ms, exact: false };
}
