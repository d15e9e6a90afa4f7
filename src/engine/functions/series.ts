import type { ScalarCall, ScalarFunction, Value } from '../value.ts';
import { isArray, packed } from '../values/dynamic.ts';
import { naturalLogarithm } from '../values/logarithm.ts';
import { compareReals } from '../values/order.ts';
import { boxReal, realOfDynamic } from '../values/real.ts';
import { define, defineBound, type FunctionBinding } from './define.ts';

/** A whole number stays one where the function keeps whole numbers whole. */
function isWhole(value: Value): boolean {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
}

function result(value: number, whole: boolean): Value {
  return whole && Number.isSafeInteger(value) ? value : boxReal(value);
}

function elementwise(name: string, calculate: (x: number) => number, keepsWhole = false): ScalarFunction {
  return define(name, ['dynamic'], (series) => {
    if (!isArray(series)) return null;
    return series.map((item) => {
      const x = realOfDynamic(item);
      return x === null ? null : result(calculate(x), keepsWhole && isWhole(item));
    });
  });
}

type Pair = (left: number, right: number, whole: boolean) => Value;

/** Both series element by element; a single number serves for every element. */
function pairwise(name: string, calculate: Pair): ScalarFunction {
  const bind = ({ types: [first = '', second = ''] }: FunctionBinding): ScalarCall => {
    return (a = null, b = null) => {
      const [left, right] = [packed(a, first), packed(b, second)];
      const lengths = [left, right].filter(isArray).map((series) => series.length);
      if (lengths.length === 0) return null;
      const item = (series: Value, index: number): Value => (isArray(series) ? (series[index] ?? null) : series);
      return Array.from({ length: Math.max(...lengths) }, (_, index) => {
        const [l, r] = [item(left, index), item(right, index)];
        const [x, y] = [realOfDynamic(l), realOfDynamic(r)];
        return x === null || y === null ? null : calculate(x, y, isWhole(l) && isWhole(r));
      });
    };
  };
  return defineBound(name, bind);
}

function arithmetic(name: string, calculate: (x: number, y: number) => number, keepsWhole: boolean): ScalarFunction {
  return pairwise(name, (x, y, whole) => result(calculate(x, y), keepsWhole && whole));
}

function comparison(name: string, test: (order: number) => boolean): ScalarFunction {
  return pairwise(name, (x, y) => test(compareReals(x, y)));
}

/** All elements as numbers; null where one is none. */
export function numbersOf(series: Value): number[] | null {
  const numbers = isArray(series) ? series.map(realOfDynamic) : [null];
  return numbers.every((number) => number !== null) ? numbers : null;
}

/** So many products of numbers count as one piece of work. */
export const PRODUCTS_A_TICK = 64;

export function dotProduct(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, index) => sum + x * (b[index] ?? 0), 0);
}

function magnitude(series: readonly number[]): number {
  return Math.sqrt(dotProduct(series, series));
}

function bindDotProduct({ types: [first = '', second = ''] }: FunctionBinding): ScalarCall {
  return (a = null, b = null) => {
    const [left, right] = [packed(a, first), packed(b, second)];
    const length = isArray(left) ? left.length : isArray(right) ? right.length : 0;
    const spread = (value: Value): number[] | null =>
      numbersOf(isArray(value) ? value : new Array<Value>(length).fill(value));
    const [x, y] = [spread(left), spread(right)];
    return x && y && x.length === y.length && length > 0 ? dotProduct(x, y) : null;
  };
}

/** The magnitudes are taken as given, where they are. */
function similarity(a: Value, b: Value, lengthOfA?: number, lengthOfB?: number): Value {
  const [x, y] = [numbersOf(a), numbersOf(b)];
  if (!x || !y || x.length !== y.length) return null;
  return dotProduct(x, y) / ((lengthOfA ?? magnitude(x)) * (lengthOfB ?? magnitude(y)));
}

function correlation(a: Value, b: Value): Value {
  const [x, y] = [numbersOf(a), numbersOf(b)];
  if (!x || !y || x.length !== y.length) return null;
  const centered = (series: number[]): number[] => {
    const mean = series.reduce((sum, one) => sum + one, 0) / series.length;
    return series.map((one) => one - mean);
  };
  const [p, q] = [centered(x), centered(y)];
  return dotProduct(p, q) / (magnitude(p) * magnitude(q));
}

function onNumbers(name: string, calculate: (numbers: readonly number[]) => number): ScalarFunction {
  return define(name, ['dynamic'], (series) => {
    const numbers = numbersOf(series);
    return numbers && calculate(numbers);
  });
}

/** Series of numbers: element by element, in pairs, and as vectors. */
export const SERIES: readonly ScalarFunction[] = [
  elementwise('series_abs', Math.abs, true),
  elementwise('series_acos', Math.acos),
  elementwise('series_asin', Math.asin),
  elementwise('series_atan', Math.atan),
  elementwise('series_ceiling', Math.ceil, true),
  elementwise('series_cos', Math.cos),
  elementwise('series_exp', Math.exp),
  elementwise('series_floor', Math.floor, true),
  elementwise('series_log', naturalLogarithm),
  elementwise('series_sign', Math.sign, true),
  elementwise('series_sin', Math.sin),
  elementwise('series_tan', Math.tan),
  arithmetic('series_add', (x, y) => x + y, true),
  arithmetic('series_subtract', (x, y) => x - y, true),
  arithmetic('series_multiply', (x, y) => x * y, true),
  arithmetic('series_divide', (x, y) => x / y, false),
  arithmetic('series_pow', (x, y) => x ** y, false),
  comparison('series_equals', (order) => order === 0),
  comparison('series_not_equals', (order) => order !== 0),
  comparison('series_greater', (order) => order > 0),
  comparison('series_greater_equals', (order) => order >= 0),
  comparison('series_less', (order) => order < 0),
  comparison('series_less_equals', (order) => order <= 0),
  defineBound('series_dot_product', bindDotProduct),
  define('series_cosine_similarity', ['dynamic', 'dynamic', 'real?', 'real?'], similarity),
  define('series_pearson_correlation', ['dynamic', 'dynamic'], correlation),
  onNumbers('series_magnitude', magnitude),
  onNumbers('series_sum', (numbers) => numbers.reduce((sum, one) => sum + one, 0)),
  onNumbers('series_product', (numbers) => numbers.reduce((product, one) => product * one, 1)),
];
