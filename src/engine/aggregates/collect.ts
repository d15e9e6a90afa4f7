import type { AggregateFunction, Value } from '../value.ts';
import { isArray, isBag, jsonText, packed } from '../values/dynamic.ts';
import { type AggregateBinding, conditional, constantNumber, defineAggregate, type Steps } from './define.ts';

/** Elements that a collection has at most. */
const MOST = 1_048_576;

/** What the old spellings `makelist`, `makeset` and `make_dictionary` hold unless told otherwise. */
const MOST_OF_OLD = 128;

function limitOf(binding: AggregateBinding, usual: number): number {
  const limit = constantNumber(binding, 1);
  return limit === undefined || limit < 0 ? usual : Math.min(limit, MOST);
}

/** Values in their order; an array gives its elements. A null is left out, unless it stands in a dynamic: recorded. */
function list(withNulls: boolean, usual = MOST): (binding: AggregateBinding) => Steps<Value[]> {
  return (binding) => {
    const type = binding.types[0] ?? 'dynamic';
    const limit = limitOf(binding, usual);
    const keepsNulls = withNulls || type === 'dynamic';
    const put = (items: Value[], value: Value): void => {
      if (items.length < limit) items.push(value);
    };
    return {
      start: () => [],
      add(items, values) {
        const value = packed(values[0] ?? null, type);
        if (isArray(value)) for (const item of value) put(items, item);
        else if (keepsNulls || value !== null) put(items, value);
        return items;
      },
      finish: (items) => items,
    };
  };
}

function addTo(set: Map<Value, Value>, value: Value, limit: number): void {
  const key = value === null || typeof value === 'object' ? jsonText(value) : value;
  const marked = typeof key === 'string' && typeof value === 'object' ? `\u0000${key}` : key;
  if (set.size < limit && !set.has(marked)) set.set(marked, value);
}

/** Distinct values in the order in which they came; an array gives its elements. */
function set(binding: AggregateBinding, usual = MOST): Steps<Map<Value, Value>> {
  const type = binding.types[0] ?? 'dynamic';
  const limit = limitOf(binding, usual);
  return {
    start: () => new Map(),
    add(items, values) {
      const value = packed(values[0] ?? null, type);
      if (isArray(value)) for (const item of value) addTo(items, item, limit);
      else if (value !== null) addTo(items, value, limit);
      return items;
    },
    finish: (items) => [...items.values()],
  };
}

/** All entries of all bags; the first value of a key stays. */
function bag(binding: AggregateBinding, usual = MOST): Steps<Map<string, Value>> {
  const limit = limitOf(binding, usual);
  return {
    start: () => new Map(),
    add(entries, values) {
      const value = values[0] ?? null;
      if (!isBag(value)) return entries;
      for (const [key, item] of value) if (entries.size < limit && !entries.has(key)) entries.set(key, item);
      return entries;
    },
    finish: (entries) => entries,
  };
}

const LIST = defineAggregate('make_list', list(false));
const SET = defineAggregate('make_set', (binding) => set(binding));
const BAG = defineAggregate('make_bag', (binding) => bag(binding));

export const COLLECTIONS: readonly AggregateFunction[] = [
  LIST,
  defineAggregate('makelist', list(false, MOST_OF_OLD)),
  conditional('make_list_if', LIST, 1),
  defineAggregate('make_list_with_nulls', list(true)),
  SET,
  defineAggregate('makeset', (binding) => set(binding, MOST_OF_OLD)),
  conditional('make_set_if', SET, 1),
  BAG,
  defineAggregate('make_dictionary', (binding) => bag(binding, MOST_OF_OLD)),
  conditional('make_bag_if', BAG, 1),
];
