import type { ScalarCall, ScalarFunction, Value } from '../value.ts';
import { isArray, isBag } from '../values/dynamic.ts';
import { compareDynamics } from '../values/order.ts';
import { defineBound, type FunctionBinding } from './define.ts';

/** Numbers first, then texts, then all else: so the documentation of the service has it. */
function rankOf(item: Value): number {
  if (typeof item === 'string') return 1;
  return item === null || typeof item === 'boolean' || isArray(item) || isBag(item) ? 2 : 0;
}

function compareItems(left: Value, right: Value): number {
  return rankOf(left) - rankOf(right) || compareDynamics(left, right);
}

/** Positions of the elements in sorted order; equal ones keep theirs. */
function sortedPositions(items: readonly Value[], descending: boolean, nullsLast: boolean): number[] {
  const sign = descending ? -1 : 1;
  const present = items.flatMap((item, index) => (item === null ? [] : [index]));
  const nulls = items.flatMap((item, index) => (item === null ? [index] : []));
  present.sort((a, b) => sign * compareItems(items[a] ?? null, items[b] ?? null) || a - b);
  return nullsLast ? [...present, ...nulls] : [...nulls, ...present];
}

/**
 * Sorts the first array and puts the others into the same order; a bool at the end says whether nulls come last (default true).
 * One array gives an array, several give an array of arrays; null for one of another length.
 */
function bindSort(descending: boolean): (binding: FunctionBinding) => ScalarCall {
  return ({ types }) => {
    const hasFlag = types.length > 1 && types.at(-1) === 'bool';
    const count = hasFlag ? types.length - 1 : types.length;
    return (...values) => {
      const [first = null, ...others] = values.slice(0, count);
      if (!isArray(first)) return null;
      const positions = sortedPositions(first, descending, !hasFlag || values[count] !== false);
      const arrange = (value: Value): Value =>
        isArray(value) && value.length === first.length ? positions.map((index) => value[index] ?? null) : null;
      return others.length === 0 ? arrange(first) : [first, ...others].map(arrange);
    };
  };
}

export const ARRAY_SORT: readonly ScalarFunction[] = [
  defineBound('array_sort_asc', bindSort(false)),
  defineBound('array_sort_desc', bindSort(true)),
];
