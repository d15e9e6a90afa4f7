import type { ScalarCall, ScalarFunction, Value } from '../value.ts';
import { isArray, jsonText, packed } from '../values/dynamic.ts';
import { define, defineBound, type FunctionBinding } from './define.ts';

type Items = readonly Value[];

/** Distinct elements by their JSON, in the order in which they first came. */
function distinct(items: Items): Map<string, Value> {
  const set = new Map<string, Value>();
  for (const item of items) {
    const key = jsonText(item);
    if (!set.has(key)) set.set(key, item);
  }
  return set;
}

function onArrays(name: string, call: (first: Items, others: readonly Items[]) => Value): ScalarFunction {
  return defineBound(name, () => (...values) => {
    const [first, ...others] = values.filter(isArray);
    return first && others.length === values.length - 1 ? call(first, others) : null;
  });
}

function keysOf(items: Items): Set<string> {
  return new Set(items.map(jsonText));
}

function without(first: Items, others: readonly Items[]): Value {
  const taken = keysOf(others.flat());
  return [...distinct(first)].filter(([key]) => !taken.has(key)).map(([, item]) => item);
}

function common(first: Items, others: readonly Items[]): Value {
  const sets = others.map(keysOf);
  return [...distinct(first)].filter(([key]) => sets.every((set) => set.has(key))).map(([, item]) => item);
}

function areEqual(first: Items, others: readonly Items[]): boolean {
  const keys = keysOf(first);
  return others.map(keysOf).every((set) => set.size === keys.size && [...set].every((key) => keys.has(key)));
}

function jaccard(first: Value, second: Value): Value {
  if (!isArray(first) || !isArray(second)) return null;
  const [a, b] = [keysOf(first), keysOf(second)];
  const shared = [...a].filter((key) => b.has(key)).length;
  const all = a.size + b.size - shared;
  return all === 0 ? Number.NaN : shared / all;
}

function bindHasElement({ types }: FunctionBinding): ScalarCall {
  const type = types[1] ?? 'dynamic';
  return (set = null, value = null) => {
    if (!isArray(set)) return null;
    const key = jsonText(packed(value, type));
    return set.some((item) => item === value || jsonText(item) === key);
  };
}

/** Arrays as sets. */
export const SET: readonly ScalarFunction[] = [
  onArrays('set_union', (first, others) => [...distinct([first, ...others].flat()).values()]),
  onArrays('set_intersect', common),
  onArrays('set_difference', without),
  onArrays('set_equals', areEqual),
  defineBound('set_has_element', bindHasElement),
  define('jaccard_index', ['dynamic', 'dynamic'], jaccard),
];
