import type { ParamValue } from './prepared.ts';

const TICKS_PER_MS = 10_000n;
const MIN_MS = new Date('0001-01-01T00:00:00Z').getTime();
const MAX_MS = new Date('9999-12-31T23:59:59.999Z').getTime();

/**
 * A datetime literal with 7 digits of a second for `offsetMs` from an instant in epoch ms, to the tick (100 ns); null where it lies
 * outside the years that the language has.
 */
export function datetimeAt(instantMs: number, offsetMs: number): string | null {
  const ticks = BigInt(Math.round(instantMs)) * TICKS_PER_MS + BigInt(Math.round(offsetMs * Number(TICKS_PER_MS)));
  const rest = ((ticks % TICKS_PER_MS) + TICKS_PER_MS) % TICKS_PER_MS;
  const ms = Number((ticks - rest) / TICKS_PER_MS);
  if (ms < MIN_MS || ms > MAX_MS) return null;
  return `datetime(${new Date(ms).toISOString().replace('Z', '')}${String(rest).padStart(4, '0')}Z)`;
}

/** A param's value as a literal: text, integer (long), real, bool, or a list as dynamic. */
export function paramLiteral(value: ParamValue): string {
  if (typeof value === 'string') return quotedText(value);
  if (typeof value === 'bigint') return `long(${value})`;
  if (typeof value === 'number') return isLong(value) ? `long(${BigInt(value)})` : `real(${value})`;
  if (typeof value === 'boolean') return String(value);
  return `dynamic(${jsonOf(value)})`;
}

/** The name of a table or column as a query says it. */
export function quotedName(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : `[${quotedText(name)}]`;
}

/** A text literal. JSON's escapes are the language's, but it lets two line breaks of Unicode pass. */
export function quotedText(value: string): string {
  return JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

/** Whether a number is a whole one that fits 64 bits; written out, because integers of the language have no exponent. */
function isLong(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) < 2 ** 63;
}

function jsonOf(value: ParamValue): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number' && isLong(value)) return BigInt(value).toString();
  if (typeof value === 'object') return `[${value.map(jsonOf).join(',')}]`;
  return typeof value === 'string' ? quotedText(value) : JSON.stringify(value);
}

/** The scalar type that a param's value has in the query. */
export function paramType(value: ParamValue): 'string' | 'long' | 'real' | 'bool' | 'dynamic' {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'long';
  if (typeof value === 'number') return isLong(value) ? 'long' : 'real';
  return 'dynamic';
}
