import type { ScalarCall, ScalarFunction } from '../value.ts';
import { converter } from '../values/convert.ts';
import { isDecimal } from '../values/decimal.ts';
import { absolute, canonical, wrap64 } from '../values/integer.ts';
import { binaryLogarithm, decimalLogarithm, naturalLogarithm } from '../values/logarithm.ts';
import { define, defineBound, defineFor, type FunctionBinding } from './define.ts';

const REALS: Readonly<Record<string, (x: number) => number>> = {
  acos: Math.acos,
  asin: Math.asin,
  atan: Math.atan,
  cos: Math.cos,
  cot: (x) => 1 / Math.tan(x),
  degrees: (x) => (180 / Math.PI) * x,
  exp: Math.exp,
  exp10: (x) => 10 ** x,
  exp2: (x) => 2 ** x,
  radians: (x) => (Math.PI / 180) * x,
  sin: Math.sin,
  tan: Math.tan,
};

/** Logarithms of negative numbers are null, roots of them are not a number: recorded. */
function ofPositive(calculate: (x: number) => number): (x: number) => number | null {
  return (x) => (x < 0 ? null : calculate(x));
}

function bindAbsolute({ types: [type = ''], resultType }: FunctionBinding): ScalarCall | null {
  const convert = converter(type, resultType);
  return (
    convert &&
    ((value = null) => {
      const number = convert(value);
      if (isDecimal(number)) return number.unscaled < 0n ? { ...number, unscaled: -number.unscaled } : number;
      if (typeof number === 'number' && resultType === 'real') return Math.abs(number);
      return typeof number === 'number' || typeof number === 'bigint' ? absolute(number) : null;
    })
  );
}

function bitOperation(name: string, calculate: (a: bigint, b: bigint) => bigint): ScalarFunction {
  return define(name, ['long', 'long'], (a, b) => wrap64(calculate(BigInt(a), BigInt(b))));
}

/** Shifts by the count modulo 64; a shift to the right keeps the sign. */
function shift(name: string, calculate: (a: bigint, count: bigint) => bigint): ScalarFunction {
  return define(name, ['long', 'long'], (a, count) =>
    count < 0 ? null : wrap64(calculate(BigInt(a), BigInt.asUintN(6, BigInt(count)))),
  );
}

function countOnes(value: number | bigint): number {
  return BigInt.asUintN(64, BigInt(value)).toString(2).replaceAll('0', '').length;
}

/** A real in [0, 1), or a whole number as real in [0, limit). */
const RAND = defineFor('rand', ['long?'], ({ context }) => (limit) => {
  if (limit === undefined || limit <= 1) return context.random();
  return Math.floor(context.random() * Number(limit));
});

const POW = define('pow', ['real', 'real'], (base, exponent) => base ** exponent);

/** Mathematics, bits and chance. */
export const MATH: readonly ScalarFunction[] = [
  ...Object.entries(REALS).map(([name, calculate]) => define(name, ['real'], calculate)),
  define('sqrt', ['real'], Math.sqrt),
  define('log', ['real'], ofPositive(naturalLogarithm)),
  define('log10', ['real'], ofPositive(decimalLogarithm)),
  define('log2', ['real'], ofPositive(binaryLogarithm)),
  POW,
  define('atan2', ['real', 'real'], Math.atan2),
  define('pi', [], () => Math.PI),
  define('sign', ['real'], (x) => (Number.isNaN(x) ? 0 : Math.sign(x))),
  defineBound('abs', bindAbsolute),
  bitOperation('binary_and', (a, b) => a & b),
  bitOperation('binary_or', (a, b) => a | b),
  bitOperation('binary_xor', (a, b) => a ^ b),
  shift('binary_shift_left', (a, count) => a << count),
  shift('binary_shift_right', (a, count) => a >> count),
  define('binary_not', ['long'], (a) => canonical(~BigInt(a))),
  define('bitset_count_ones', ['long'], countOnes),
  RAND,
];
