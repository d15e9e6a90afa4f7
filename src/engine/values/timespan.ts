import { TIMESPAN_UNITS } from '../../kql/types.ts';
import type { Integer } from './integer.ts';
import { canonical } from './integer.ts';
import { DAY, HOUR, MINUTE, SECOND } from './ticks.ts';

const CLOCK = /^([+-]?)(?:(\d{1,8})\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?$/;
const UNIT = /^([+-]?\d+(?:\.\d+)?)\s*([a-zA-Z]+)$/;
const DAYS = /^[+-]?\d{1,8}$/;

function parseClock(text: string): Integer | null {
  const match = CLOCK.exec(text);
  if (!match) return null;
  const [hour, minute, second] = [Number(match[3]), Number(match[4]), Number(match[5] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return null;
  const fraction = Number((match[6] ?? '').padEnd(7, '0').slice(0, 7));
  const within = hour * HOUR + minute * MINUTE + second * SECOND + fraction;
  const size = BigInt(match[2] ?? 0) * BigInt(DAY) + BigInt(within);
  return withinRange(match[1] === '-' ? -size : size);
}

/** Whole amounts of whole units exactly, others to the nearest tick. */
function sizeOf(amount: string, unit: number): bigint | null {
  if (/^[+-]?\d{1,20}$/.test(amount) && Number.isInteger(unit)) return BigInt(amount) * BigInt(unit);
  const ticks = Math.round(Number(amount) * unit);
  return Number.isFinite(ticks) ? BigInt(ticks) : null;
}

/** A timespan has 64 bits. */
function withinRange(ticks: bigint | null): Integer | null {
  return ticks === null || BigInt.asIntN(64, ticks) !== ticks ? null : canonical(ticks);
}

/** Text of a timespan, as `[-][d.]hh:mm[:ss[.fffffff]]`, as `90m`-like literal, or as a whole number of days; null for other text. */
export function parseTimespan(text: string): Integer | null {
  const trimmed = text.trim();
  const clock = parseClock(trimmed);
  if (clock !== null) return clock;
  if (DAYS.test(trimmed)) return withinRange(BigInt(trimmed) * BigInt(DAY));
  const match = UNIT.exec(trimmed);
  const unit = TIMESPAN_UNITS.get(match?.[2]?.toLowerCase() ?? '');
  if (!match || unit === undefined) return null;
  return withinRange(sizeOf(match[1] ?? '', unit));
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

/** `[-][d.]hh:mm:ss[.fffffff]`: days and fraction only where there are any. */
export function textOfTimespan(value: Integer): string {
  const size = value < 0 ? -BigInt(value) : BigInt(value);
  const days = size / BigInt(DAY);
  const within = Number(size % BigInt(DAY));
  const fraction = within % SECOND;
  const hour = pad(Math.floor(within / HOUR), 2);
  const clock = `${hour}:${pad(Math.floor(within / MINUTE) % 60, 2)}:${pad(Math.floor(within / SECOND) % 60, 2)}`;
  return `${value < 0 ? '-' : ''}${days > 0n ? `${days}.` : ''}${clock}${fraction === 0 ? '' : `.${pad(fraction, 7)}`}`;
}
