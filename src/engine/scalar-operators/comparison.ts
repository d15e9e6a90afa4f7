import type { Value } from '../value.ts';
import { converter } from '../values/convert.ts';
import { isDecimal } from '../values/decimal.ts';
import { jsonText, textOfDynamic } from '../values/dynamic.ts';
import { compareDynamics, comparer } from '../values/order.ts';
import { realOfDynamic } from '../values/real.ts';

type Call = (left: Value, right: Value) => Value;
/** Order of two values that are not null; NaN where they have none. */
type Compare = (left: Value, right: Value) => number;

const NUMBERS = new Set(['int', 'long', 'real', 'decimal', 'bool']);

function isDynamic(type: string): boolean {
  return type === 'dynamic' || type === 'unknown';
}

/** Mixed whole and real numbers compare exactly in JavaScript; NaN has no order. */
function compareNumbers(left: Value, right: Value): number {
  const [a, b] = [Number.isNaN(left) || Number.isNaN(right), typeof left === 'boolean' || typeof right === 'boolean'];
  if (a) return Number.NaN;
  if (b) return Number(left) - Number(right);
  const [x, y] = [left as number, right as number];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** The type in which two unlike types are compared; null where they cannot be. */
function commonType(left: string, right: string): string | null {
  if (left === right) return left;
  if (NUMBERS.has(left) && NUMBERS.has(right)) return left === 'decimal' || right === 'decimal' ? 'decimal' : 'real';
  if (left === 'string') return right;
  if (right === 'string') return left;
  if (left === 'timespan' || right === 'timespan') return NUMBERS.has(left) || NUMBERS.has(right) ? 'long' : null;
  return null;
}

/** A dynamic beside a scalar type: numbers by size, text as text, the rest converted. */
function compareWithDynamic(type: string): Compare {
  const convert = converter('dynamic', type);
  const compare = compareScalars(type);
  return (dynamic, scalar) => {
    if (type === 'string') return compare(textOfDynamic(dynamic), scalar);
    const number = realOfDynamic(dynamic);
    if (number !== null && NUMBERS.has(type) && !isDecimal(scalar))
      return compareNumbers(typeof dynamic === 'bigint' ? dynamic : number, scalar);
    const converted = convert?.(dynamic) ?? null;
    return converted === null ? Number.NaN : compare(converted, scalar);
  };
}

function compareScalars(type: string): Compare {
  if (isDynamic(type)) return (left, right) => (jsonText(left) === jsonText(right) ? 0 : compareDynamics(left, right));
  if (type === 'real' || type === 'int' || type === 'long') return compareNumbers;
  return comparer(type);
}

function convertedCompare(left: string, right: string, common: string): Compare | null {
  const compare = compareScalars(common);
  if (left === right || (common === 'real' && left !== 'string' && right !== 'string')) return compare;
  const [toLeft, toRight] = [converter(left, common), converter(right, common)];
  if (!toLeft || !toRight) return null;
  return (a, b) => {
    const [x, y] = [toLeft(a), toRight(b)];
    return x === null || y === null ? Number.NaN : compare(x, y);
  };
}

function compareOf(left: string, right: string): Compare | null {
  if (isDynamic(left) && isDynamic(right)) return compareScalars('dynamic');
  if (isDynamic(left)) return compareWithDynamic(right);
  if (isDynamic(right)) {
    const compare = compareWithDynamic(left);
    return (a, b) => -compare(b, a);
  }
  const common = commonType(left, right);
  return common === null ? null : convertedCompare(left, right, common);
}

function isSameForm(left: string, right: string): boolean {
  const plain = new Set(['string', 'guid', 'bool', 'int', 'long', 'datetime', 'timespan']);
  return (
    plain.has(left) && (left === right || (left === 'int' && right === 'long') || (left === 'long' && right === 'int'))
  );
}

/** `==` and `!=` are total: null on one side is unlike, on both sides the answer is null. */
export function equality(operator: '==' | '!=', left: string, right: string): Call | null {
  const negated = operator === '!=';
  if (isSameForm(left, right)) {
    return (a, b) => (a === null && b === null ? null : (a === b) !== negated);
  }
  const compare = compareOf(left, right);
  if (!compare) return null;
  const asText = nullIsText(left, right);
  return (a, b) => {
    if (!asText && (a === null || b === null)) return a === b ? null : negated;
    return (compare(a, b) === 0) !== negated;
  };
}

/** Beside a text a dynamic null is the empty text; texts themselves are never null. */
function nullIsText(left: string, right: string): boolean {
  return (isDynamic(left) && right === 'string') || (left === 'string' && isDynamic(right));
}

const TESTS: Readonly<Record<string, (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

const QUICK: Readonly<Record<string, Call>> = {
  '<': (a, b) => (a === null || b === null ? null : a < b),
  '<=': (a, b) => (a === null || b === null ? null : a <= b),
  '>': (a, b) => (a === null || b === null ? null : a > b),
  '>=': (a, b) => (a === null || b === null ? null : a >= b),
};

/** `<`, `<=`, `>`, `>=` are null where an operand is. */
export function ordering(operator: string, left: string, right: string): Call | null {
  if (left !== 'bool' && isSameForm(left, right)) return QUICK[operator] ?? null;
  const test = TESTS[operator];
  const compare = compareOf(left, right);
  if (!test || !compare) return null;
  return (a, b) => (a === null || b === null ? null : test(compare(a, b)));
}
