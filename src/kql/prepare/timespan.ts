import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../lib/duration.ts';

/** A tick is 100 ns, the finest step of the query language. */
const TICK_MS = 1e-4;

const UNITS: Readonly<Record<string, number>> = {
  d: DAY_MS,
  day: DAY_MS,
  days: DAY_MS,
  h: HOUR_MS,
  hr: HOUR_MS,
  hrs: HOUR_MS,
  hour: HOUR_MS,
  hours: HOUR_MS,
  m: MINUTE_MS,
  min: MINUTE_MS,
  minute: MINUTE_MS,
  minutes: MINUTE_MS,
  s: SECOND_MS,
  sec: SECOND_MS,
  second: SECOND_MS,
  seconds: SECOND_MS,
  ms: 1,
  milli: 1,
  millis: 1,
  millisecond: 1,
  milliseconds: 1,
  micro: 1e-3,
  micros: 1e-3,
  microsecond: 1e-3,
  microseconds: 1e-3,
  nano: 1e-6,
  nanos: 1e-6,
  nanosecond: 1e-6,
  nanoseconds: 1e-6,
  tick: TICK_MS,
  ticks: TICK_MS,
};

const WITH_UNIT = /^(-?)(\d+(?:\.\d+)?)\s*([a-z]+)$/i;
const CLOCK_FORM = /^(-?)(?:(\d+)\.)?(\d+):(\d+)(?::(\d+(?:\.\d+)?))?$/;

/** A timespan literal or text (`7d`, `1.5h`, `1.02:03:04`, `3` days) as milliseconds; null where it is none. */
export function parseTimespan(text: string): number | null {
  const trimmed = text.trim();
  if (/^-?\d+$/.test(trimmed)) return Number(trimmed) * DAY_MS;
  const unit = WITH_UNIT.exec(trimmed);
  if (unit) return fromUnit(unit);
  const clock = CLOCK_FORM.exec(trimmed);
  return clock ? fromClock(clock) : null;
}

function fromUnit([, sign, amount, unit]: RegExpExecArray): number | null {
  const size = UNITS[(unit ?? '').toLowerCase()];
  return size === undefined ? null : signed(sign, Number(amount) * size);
}

function fromClock([, sign, days, hours, minutes, seconds]: RegExpExecArray): number {
  const size = Number(days ?? 0) * DAY_MS + Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS;
  return signed(sign, size + Number(seconds ?? 0) * SECOND_MS);
}

function signed(sign: string | undefined, size: number): number {
  return sign === '-' ? -size : size;
}
