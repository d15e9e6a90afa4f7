import type { Value } from '../value.ts';
import { compareDecimals, isDecimal } from './decimal.ts';
import { dynamicType, jsonText } from './dynamic.ts';
import { compareIntegers } from './integer.ts';
import { realOfDynamic } from './real.ts';

export type Comparer = (left: Value, right: Value) => number;

/** Texts by UTF-16 code units. */
export function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

export function isNotANumber(value: Value): boolean {
  return typeof value === 'number' && Number.isNaN(value);
}

/** Reals with NaN below all others. */
export function compareReals(left: number, right: number): number {
  if (left === right) return 0;
  if (Number.isNaN(left)) return Number.isNaN(right) ? 0 : -1;
  return left < right ? -1 : 1;
}

const RANKS = ['null', 'bool', 'number', 'string', 'array', 'dictionary'];

function rankOf(value: Value): number {
  const type = dynamicType(value);
  return RANKS.indexOf(type === 'long' || type === 'real' || type === 'decimal' ? 'number' : type);
}

/** Dynamics: numbers by size, texts by code units, unlike kinds by kind, arrays and bags by their JSON. */
export function compareDynamics(left: Value, right: Value): number {
  const ranks = rankOf(left) - rankOf(right);
  if (ranks !== 0) return ranks;
  const [a, b] = [realOfDynamic(left), realOfDynamic(right)];
  if (a !== null && b !== null)
    return typeof left === 'bigint' || typeof right === 'bigint' ? big(left, right) : compareReals(a, b);
  if (typeof left === 'string' && typeof right === 'string') return compareTexts(left, right);
  return compareTexts(jsonText(left), jsonText(right));
}

function big(left: Value, right: Value): number {
  const whole = (value: Value): number | bigint => (typeof value === 'bigint' ? value : (realOfDynamic(value) ?? 0));
  return compareIntegers(whole(left), whole(right));
}

function comparePrimitives(left: Value, right: Value): number {
  if (typeof left === 'number' && typeof right === 'number') return compareReals(left, right);
  if (typeof left === 'string' && typeof right === 'string') return compareTexts(left, right);
  if (typeof left === 'boolean' || typeof right === 'boolean') return Number(left) - Number(right);
  if (isDecimal(left) && isDecimal(right)) return compareDecimals(left, right);
  return big(left, right);
}

/** The order of values of one type, ascending, nulls first. */
export function comparer(type: string): Comparer {
  const compare = type === 'dynamic' || type === 'unknown' ? compareDynamics : comparePrimitives;
  return (left, right) => {
    if (left === null || right === null) return Number(left !== null) - Number(right !== null);
    return compare(left, right);
  };
}
