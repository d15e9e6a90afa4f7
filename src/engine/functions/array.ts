import type { ScalarCall, ScalarFunction, Value } from '../value.ts';
import { isArray, jsonText, packed } from '../values/dynamic.ts';
import { realOfDynamic } from '../values/real.ts';
import { alias, define, defineBound, type FunctionBinding } from './define.ts';

/** Elements that an array made by a function has at most. */
export const MOST_ELEMENTS = 1_048_576;

type Items = readonly Value[];

function onArray(name: string, call: (items: Items) => Value): ScalarFunction {
  return define(name, ['dynamic'], (value) => (isArray(value) ? call(value) : null));
}

function bindPack({ types }: FunctionBinding): ScalarCall {
  return (...values) => types.map((type, index) => packed(values[index] ?? null, type));
}

/** Arrays one after the other; nulls are left out. */
function concatenate(...values: readonly Value[]): Value {
  return values.filter(isArray).flat(1).slice(0, MOST_ELEMENTS);
}

/** Whether two elements are the same value; 5 and 5.0 are. */
function sameElement(left: Value, right: Value): boolean {
  const [a, b] = [realOfDynamic(left), realOfDynamic(right)];
  if (a !== null && b !== null && typeof left !== 'bigint' && typeof right !== 'bigint') return a === b;
  return jsonText(left) === jsonText(right);
}

/** Where the n-th element that equals `searched` stands between two places; -1 where there is none. */
function nthIndex(
  array: readonly Value[],
  searched: Value,
  [from, to]: readonly [number, number],
  nth: number,
): number {
  let left = nth;
  for (let index = from; index < to; index += 1) {
    if (sameElement(array[index] ?? null, searched)) left -= 1;
    if (left === 0) return index;
  }
  return -1;
}

/** `array_index_of(array, value, start, length, occurrence)`; -1 where it is not there. */
function bindIndexOf({ types }: FunctionBinding): ScalarCall {
  const type = types[1] ?? 'dynamic';
  return (array = null, value = null, start = 0, length = -1, occurrence = 1) => {
    if (!isArray(array) || Number(occurrence) < 0 || Number(length) < -1) return null;
    const from = Number(start) < 0 ? Math.max(0, array.length + Number(start)) : Number(start);
    const to = Number(length) < 0 ? array.length : Math.min(array.length, from + Number(length));
    return nthIndex(array, packed(value, type), [from, to], Number(occurrence));
  };
}

/** Both ends are included; negative ones count from the end. */
function slice(value: Value, start: number, end: number): Value {
  if (!isArray(value)) return null;
  const place = (index: number): number => (index < 0 ? value.length + index : index);
  return value.slice(Math.max(0, place(start)), Math.max(0, place(end) + 1));
}

/** Cuts at one index or at several; negative ones count from the end. */
function splitAt(value: Value, indices: Value): Value {
  if (!isArray(value)) return null;
  const wanted = (isArray(indices) ? indices : [indices]).map((index) => Number(realOfDynamic(index)));
  const cuts = wanted.map((index) => Math.min(value.length, Math.max(0, index < 0 ? value.length + index : index)));
  return [0, ...cuts].map((from, index) => value.slice(from, [...cuts, value.length][index]));
}

function rotate(value: Value, count: number): Value {
  if (!isArray(value) || value.length === 0) return value;
  const by = ((count % value.length) + value.length) % value.length;
  return [...value.slice(by), ...value.slice(0, by)];
}

function shiftLeft(value: Value, count: number, fill: Value): Value {
  if (!isArray(value)) return null;
  return value.map((_, index) => {
    const from = index + count;
    return from < 0 || from >= value.length ? fill : (value[from] ?? null);
  });
}

function bindShift(sign: 1 | -1): (binding: FunctionBinding) => ScalarCall {
  return ({ types }) =>
    (value = null, count = null, fill = null) =>
      shiftLeft(value, sign * Number(count), packed(fill, types[2] ?? 'dynamic'));
}

/** Nulls are passed over; anything else that is no number makes null, and so does nothing to add. */
function sum(items: Items): Value {
  const numbers = items.filter((item) => item !== null).map(realOfDynamic);
  if (numbers.length === 0 || numbers.includes(null)) return null;
  return numbers.reduce<number>((total, number) => total + (number ?? 0), 0);
}

/** Picks by an array of conditions: numbers count as true unless they are 0, anything but a number or bool gives null. */
function bindChoose({ types }: FunctionBinding): ScalarCall {
  const [, yes = 'dynamic', no = 'dynamic'] = types;
  const pick = (value: Value, type: string, index: number): Value =>
    isArray(value) ? (value[index] ?? null) : packed(value, type);
  return (conditions = null, first = null, second = null) => {
    if (!isArray(conditions)) return null;
    return conditions.map((condition, index) => {
      const truth = typeof condition === 'boolean' ? Number(condition) : realOfDynamic(condition);
      if (truth === null) return null;
      return truth !== 0 ? pick(first, yes, index) : pick(second, no, index);
    });
  };
}

/** The first elements together, the second ones together, and so on; shorter arrays are filled with null. */
function zip(...values: readonly Value[]): Value {
  const arrays = values.map((value) => (isArray(value) ? value : [value]));
  const longest = Math.max(0, ...arrays.map((array) => array.length));
  return Array.from({ length: longest }, (_, index) => arrays.map((array) => array[index] ?? null));
}

function bindRepeat({ types: [type = 'dynamic'] }: FunctionBinding): ScalarCall {
  return (value = null, count = null) => {
    const times = typeof count === 'number' ? count : -1;
    return times < 0 ? null : new Array<Value>(Math.min(times, MOST_ELEMENTS)).fill(packed(value, type));
  };
}

const LENGTH = onArray('array_length', (items) => items.length);
const PACK_ARRAY = defineBound('pack_array', bindPack);
const CHOOSE = defineBound('array_iff', bindChoose);

/** Making, measuring, cutting and turning arrays. */
export const ARRAY: readonly ScalarFunction[] = [
  LENGTH,
  alias('arraylength', LENGTH),
  PACK_ARRAY,
  defineBound('array_concat', () => concatenate),
  defineBound('array_index_of', bindIndexOf),
  define('array_slice', ['dynamic', 'index', 'index'], slice),
  define('array_split', ['dynamic', 'dynamic'], splitAt),
  onArray('array_reverse', (items) => [...items].reverse()),
  define('array_rotate_left', ['dynamic', 'index'], rotate),
  define('array_rotate_right', ['dynamic', 'index'], (value, count) => rotate(value, -count)),
  defineBound('array_shift_left', bindShift(1)),
  defineBound('array_shift_right', bindShift(-1)),
  onArray('array_sum', sum),
  CHOOSE,
  alias('array_iif', CHOOSE),
  defineBound('zip', () => zip),
  defineBound('repeat', bindRepeat),
];
