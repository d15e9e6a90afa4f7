/** A whole number: `number` where |x| <= 2^53 - 1, else `bigint`. Canonical, so that `===` and Map keys work. */
export type Integer = number | bigint;

const LIMIT = Number.MAX_SAFE_INTEGER;
const LIMIT_BIG = BigInt(LIMIT);

/** The one form of a whole number: `number` where it is safe, else `bigint`. */
export function canonical(value: bigint): Integer {
  return value >= -LIMIT_BIG && value <= LIMIT_BIG ? Number(value) : value;
}

/** A whole number cut to 64 bits, two's complement, as `long` arithmetic wraps. */
export function wrap64(value: bigint): Integer {
  return canonical(BigInt.asIntN(64, value));
}

/** A whole number cut to 32 bits, as conversions to `int` wrap. */
export function wrap32(value: Integer): number {
  return typeof value === 'number' ? value | 0 : Number(BigInt.asIntN(32, value));
}

function isSafe(value: number): boolean {
  return value <= LIMIT && value >= -LIMIT;
}

export function add(left: Integer, right: Integer): Integer {
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = left + right;
    if (isSafe(sum)) return sum;
  }
  return wrap64(BigInt(left) + BigInt(right));
}

export function subtract(left: Integer, right: Integer): Integer {
  if (typeof left === 'number' && typeof right === 'number') {
    const difference = left - right;
    if (isSafe(difference)) return difference;
  }
  return wrap64(BigInt(left) - BigInt(right));
}

export function multiply(left: Integer, right: Integer): Integer {
  if (typeof left === 'number' && typeof right === 'number') {
    const product = left * right;
    if (isSafe(product)) return product + 0;
  }
  return wrap64(BigInt(left) * BigInt(right));
}

/** Quotient cut towards zero; null for a divisor of zero. */
export function divide(left: Integer, right: Integer): Integer | null {
  if (right === 0) return null;
  if (typeof left === 'number' && typeof right === 'number') return Math.trunc(left / right) + 0;
  return wrap64(BigInt(left) / BigInt(right));
}

/** The remainder that is never negative, whatever the signs; null for a divisor of zero. */
export function modulo(left: Integer, right: Integer): Integer | null {
  if (right === 0) return null;
  if (typeof left === 'number' && typeof right === 'number') {
    const rest = left % right;
    return rest < 0 ? rest + Math.abs(right) : rest + 0;
  }
  const divisor = BigInt(right) < 0n ? -BigInt(right) : BigInt(right);
  const rest = BigInt(left) % divisor;
  return canonical(rest < 0n ? rest + divisor : rest);
}

export function negate(value: Integer): Integer {
  return typeof value === 'number' ? 0 - value : wrap64(-value);
}

export function absolute(value: Integer): Integer {
  return value < 0 ? negate(value) : value;
}

/** Orders two whole numbers, mixed forms included. */
export function compareIntegers(left: Integer, right: Integer): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** A real cut towards zero and held within `long`; null for NaN. */
export function integerOfReal(value: number): Integer | null {
  if (Number.isNaN(value)) return null;
  if (value >= 2 ** 63) return 2n ** 63n - 1n;
  if (value <= -(2 ** 63)) return -(2n ** 63n);
  const whole = Math.trunc(value) + 0;
  return Number.isSafeInteger(whole) ? whole : canonical(BigInt(whole));
}

const INTEGER_TEXT = /^\s*(?:([+-]?)(\d{1,30})|(0[xX][0-9a-fA-F]{1,16}))\s*$/;

/** A decimal or `0x` whole number in 64 bits, the latter without a sign; null for any other text. */
export function parseInteger(text: string): Integer | null {
  const match = INTEGER_TEXT.exec(text);
  if (!match) return null;
  if (match[3] !== undefined) return canonical(BigInt.asIntN(64, BigInt(match[3])));
  const digits = match[2] ?? '';
  if (digits.length < 16) return (match[1] === '-' ? -Number(digits) : Number(digits)) + 0;
  const value = match[1] === '-' ? -BigInt(digits) : BigInt(digits);
  return BigInt.asIntN(64, value) === value ? canonical(value) : null;
}

/** A whole number as a JavaScript number, inexact beyond 2^53. */
export function numberOf(value: Integer): number {
  return typeof value === 'number' ? value : Number(value);
}
