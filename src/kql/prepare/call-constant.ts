import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../lib/duration.ts';
import type { Constant } from './constant-kinds.ts';
import { parseTimespanMs } from './timespan.ts';

type Arguments = readonly (Constant | null)[];

/** Longest lengths of calendar periods: a distance back in them is taken as far as it can reach. */
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

/** Shortest lengths of periods that are not always as long: a distance forward from an instant in the past brings it less near. */
const SHORTEST: Readonly<Record<string, number>> = { year: 365 * DAY_MS, quarter: 90 * DAY_MS, month: 28 * DAY_MS };

const ROUNDED = /^(start|end)of(day|week|month|year)$/;

/** The (longest) length of a period that datetime_add and datetime_diff count in; null where there is none of that name. */
export function periodMs(name: string): number | null {
  return PERIODS[name.toLowerCase()] ?? null;
}

/** What `startofday` and its kin do to a time. */
interface Rounding {
  readonly edge: 'start' | 'end';
  readonly period: string;
}

/** Which edge of which period a call gives; null: it does not round. */
export function roundedTo(name: string): Rounding | null {
  const [, edge, period] = ROUNDED.exec(name) ?? [];
  return edge && period ? { edge: edge === 'start' ? 'start' : 'end', period } : null;
}

/**
 * The constant that a built-in call gives, or null. Calls that round a time (startofday, endofday, bin) count with the farthest
 * distance back that they can have, because distances serve to tell how far back a query looks, and how late it lets an event pass.
 */
export function callConstant(name: string, given: Arguments): Constant | null {
  const [first = null, second = null] = given;
  if (name === 'now') return given.length === 0 ? { kind: 'instant', offsetMs: 0, exact: true } : awayFromNow(first, 1);
  if (name === 'ago') return awayFromNow(first, -1);
  if (name === 'datetime_add') return added(given);
  if (name === 'totimespan') return toSpan(first);
  if (name === 'todatetime') return first?.kind === 'instant' ? first : null;
  const rounded = roundedTo(name);
  if (rounded) return edgeOf(rounded, given);
  return name === 'bin' || name === 'floor' ? binned(first, second) : null;
}

function awayFromNow(distance: Constant | null, sign: 1 | -1): Constant | null {
  return distance?.kind === 'span' ? { kind: 'instant', offsetMs: 0 + sign * distance.ms, exact: true } : null;
}

function added([unit, amount, base]: Arguments): Constant | null {
  if (unit?.kind !== 'text' || amount?.kind !== 'number' || base?.kind !== 'instant') return null;
  const name = unit.value.toLowerCase();
  if (periodMs(name) === null) return null;
  const exact = base.exact && SHORTEST[name] === undefined;
  return { kind: 'instant', offsetMs: base.offsetMs + farthestMs(name, amount.value), exact };
}

function toSpan(value: Constant | null): Constant | null {
  if (value?.kind === 'span') return value;
  const ms = value?.kind === 'text' ? parseTimespanMs(value.value) : null;
  return ms === null ? null : { kind: 'span', ms };
}

/** The length of so many periods in ms, as far back as they can reach. */
export function farthestMs(period: string, count: number): number {
  const longest = PERIODS[period] ?? 0;
  return count * (count > 0 ? (SHORTEST[period] ?? longest) : longest);
}

/** An end lies nowhere before the instant itself, a start up to a period before it. */
function edgeOf({ edge, period }: Rounding, given: Arguments): Constant | null {
  const [base, count] = given;
  if (base?.kind !== 'instant' || given.length > 2) return null;
  if (given.length === 2 && count?.kind !== 'number') return null;
  const shift = count?.kind === 'number' ? count.value : 0;
  const offsetMs = base.offsetMs + farthestMs(period, edge === 'start' ? shift - 1 : shift);
  return { kind: 'instant', offsetMs, exact: false };
}

function binned(base: Constant | null, size: Constant | null): Constant | null {
  if (base?.kind !== 'instant' || size?.kind !== 'span') return null;
  return { kind: 'instant', offsetMs: base.offsetMs - size.ms, exact: false };
}
