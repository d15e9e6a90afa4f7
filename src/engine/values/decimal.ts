import type { Integer } from './integer.ts';
import { canonical } from './integer.ts';

/** An exact decimal number: `unscaled / 10^scale`. */
export interface Decimal {
  readonly unscaled: bigint;
  readonly scale: number;
}

/** Significant digits that a quotient keeps; KQL's decimal is 128 bits wide. */
const DIGITS = 34;
const MAXIMAL_EXPONENT = 6000;
const DECIMAL_TEXT = /^\s*([+-]?)(\d{0,100})(?:\.(\d{0,100}))?(?:[eE]([+-]?\d{1,5}))?\s*$/;

function power10(exponent: number): bigint {
  return 10n ** BigInt(exponent);
}

export function isDecimal(value: unknown): value is Decimal {
  return typeof value === 'object' && value !== null && 'unscaled' in value;
}

export function parseDecimal(text: string): Decimal | null {
  const match = DECIMAL_TEXT.exec(text);
  const digits = `${match?.[2] ?? ''}${match?.[3] ?? ''}`;
  if (!match || digits === '') return null;
  const exponent = Number(match[4] ?? 0);
  if (Math.abs(exponent) > MAXIMAL_EXPONENT) return null;
  const unscaled = BigInt(`${match[1] === '-' ? '-' : ''}${digits}`);
  const scale = (match[3] ?? '').length - exponent;
  return scale >= 0 ? { unscaled, scale } : { unscaled: unscaled * power10(-scale), scale: 0 };
}

export function decimalOfInteger(value: Integer): Decimal {
  return { unscaled: BigInt(value), scale: 0 };
}

/** The decimal of the real's shortest text; null where the real is not finite. */
export function decimalOfReal(value: number): Decimal | null {
  return Number.isFinite(value) ? parseDecimal(String(value)) : null;
}

function align(left: Decimal, right: Decimal): [bigint, bigint, number] {
  const scale = Math.max(left.scale, right.scale);
  return [left.unscaled * power10(scale - left.scale), right.unscaled * power10(scale - right.scale), scale];
}

export function addDecimals(left: Decimal, right: Decimal): Decimal {
  const [a, b, scale] = align(left, right);
  return { unscaled: a + b, scale };
}

export function subtractDecimals(left: Decimal, right: Decimal): Decimal {
  const [a, b, scale] = align(left, right);
  return { unscaled: a - b, scale };
}

export function multiplyDecimals(left: Decimal, right: Decimal): Decimal {
  return { unscaled: left.unscaled * right.unscaled, scale: left.scale + right.scale };
}

/** The quotient to 34 significant digits without trailing zeros; null for a divisor of zero. */
export function divideDecimals(left: Decimal, right: Decimal): Decimal | null {
  if (right.unscaled === 0n) return null;
  const extra = DIGITS + String(right.unscaled).length;
  const unscaled = (left.unscaled * power10(extra)) / right.unscaled;
  const scale = left.scale + extra - right.scale;
  const surplus = Math.max(0, String(unscaled).replace('-', '').length - DIGITS);
  const kept = { unscaled: unscaled / power10(surplus), scale: scale - surplus };
  return trimDecimal(kept.scale < 0 ? { unscaled: kept.unscaled * power10(-kept.scale), scale: 0 } : kept);
}

export function moduloDecimals(left: Decimal, right: Decimal): Decimal | null {
  if (right.unscaled === 0n) return null;
  const [a, b, scale] = align(left, right);
  const size = b < 0n ? -b : b;
  const rest = a % size;
  return { unscaled: rest < 0n ? rest + size : rest, scale };
}

export function compareDecimals(left: Decimal, right: Decimal): number {
  const [a, b] = align(left, right);
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The same number without zeros at its end: the form for equality by text. */
export function trimDecimal(value: Decimal): Decimal {
  let { unscaled, scale } = value;
  while (scale > 0 && unscaled % 10n === 0n) {
    unscaled /= 10n;
    scale -= 1;
  }
  return { unscaled, scale };
}

export function textOfDecimal({ unscaled, scale }: Decimal): string {
  const sign = unscaled < 0n ? '-' : '';
  const digits = String(unscaled)
    .replace('-', '')
    .padStart(scale + 1, '0');
  const point = digits.length - scale;
  return scale === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

export function realOfDecimal(value: Decimal): number {
  return Number(textOfDecimal(value));
}

/** Cut towards zero. */
export function integerOfDecimal(value: Decimal): Integer | null {
  const whole = value.unscaled / power10(value.scale);
  return BigInt.asIntN(64, whole) === whole ? canonical(whole) : null;
}

/** The greatest multiple of `size` that is not above `value`; null for a size of zero. */
export function floorDecimal(value: Decimal, size: Decimal): Decimal | null {
  const rest = moduloDecimals(value, size);
  return rest && subtractDecimals(value, rest);
}
