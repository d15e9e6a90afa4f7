import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../lib/duration.ts';
import { TIMESPAN_UNITS } from '../types.ts';

const TICKS_PER_MS = 10_000;

const WITH_UNIT = /^(-?)(\d+(?:\.\d+)?)\s*([a-z]+)$/i;
const CLOCK_FORM = /^(-?)(?:(\d+)\.)?(\d+):(\d+)(?::(\d+(?:\.\d+)?))?$/;

/** A timespan literal or text (`7d`, `1.5h`, `1.02:03:04`, `3` days) as milliseconds; null where it is none. */
export function parseTimespanMs(text: string): number | null {
  const trimmed = text.trim();
  if (/^-?\d+$/.test(trimmed)) return Number(trimmed) * DAY_MS;
  const unit = WITH_UNIT.exec(trimmed);
  if (unit) return fromUnit(unit);
  const clock = CLOCK_FORM.exec(trimmed);
  return clock ? fromClock(clock) : null;
}

function fromUnit([, sign, amount, unit]: RegExpExecArray): number | null {
  const ticks = TIMESPAN_UNITS.get((unit ?? '').toLowerCase());
  return ticks === undefined ? null : signed(sign, (Number(amount) * ticks) / TICKS_PER_MS);
}

function fromClock([, sign, days, hours, minutes, seconds]: RegExpExecArray): number {
  const size = Number(days ?? 0) * DAY_MS + Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS;
  return signed(sign, size + Number(seconds ?? 0) * SECOND_MS);
}

function signed(sign: string | undefined, size: number): number {
  return sign === '-' ? -size : size;
}
