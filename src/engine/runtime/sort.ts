import type { Budget } from '../budget.ts';
import type { Value } from '../value.ts';
import { comparer } from '../values/order.ts';
import type { Selection } from './column.ts';
import { sortByRanks } from './radix-sort.ts';
import { isNumeric, ranksOf, type SortKey, topOfNumbers } from './ranks.ts';
import { sequence } from './table.ts';

export type RowOrder = (left: number, right: number) => number;

/** Compares two rows by all keys. */
export function rowOrder(keys: readonly SortKey[]): RowOrder {
  const orders = keys.map(keyOrder);
  const [only] = orders;
  if (only && orders.length === 1) return only;
  return (left, right) => {
    for (const order of orders) {
      const result = order(left, right);
      if (result !== 0) return result;
    }
    return 0;
  };
}

function keyOrder({ values, type, descending, nullsFirst }: SortKey): RowOrder {
  const compare = comparer(type);
  const nullSide = nullsFirst ? -1 : 1;
  return (left, right) => {
    const [first, second] = [values[left] as Value, values[right] as Value];
    const missing = missingRank(first) - missingRank(second);
    if (missing !== 0) return missing * nullSide;
    if (missingRank(first) > 0) return 0;
    const result = compare(first, second);
    return descending ? -result : result;
  };
}

/** NaN sorts with the nulls, which lie on the outer side of it. */
function missingRank(value: Value): number {
  if (value === null) return 2;
  return typeof value === 'number' && Number.isNaN(value) ? 1 : 0;
}

/** Row numbers in the order of the keys; rows that are equal keep their order. */
export function sortRows(rowCount: number, keys: readonly SortKey[], budget: Budget): Selection {
  const ranks: Float64Array[] = [];
  for (const key of keys) {
    const known = ranksOf(key, rowCount, budget);
    if (!known) return sortedRows(rowCount, rowOrder(keys), budget);
    ranks.push(known);
  }
  return sortByRanks(rowCount, ranks, budget);
}

/** The first `count` row numbers in the order of one key. */
export function topOfKey(rowCount: number, count: number, key: SortKey, budget: Budget): Selection {
  const quick = count > 0 && count <= MOST_TOP && isNumeric(key.type);
  budget.tick(rowCount);
  return (quick ? topOfNumbers(key, rowCount, count) : null) ?? topRows(rowCount, count, rowOrder([key]), budget);
}

const MOST_TOP = 1000;

/** Row numbers in sorted order; rows that are equal keep their order. */
export function sortedRows(rowCount: number, order: RowOrder, budget: Budget): Selection {
  let compared = 0;
  return sequence(rowCount).sort((left, right) => {
    compared += 1;
    if (compared % 4096 === 0) budget.tick(4096);
    return order(left, right) || left - right;
  });
}

/** The first `count` rows in sorted order, without sorting the others. */
function topRows(rowCount: number, count: number, order: RowOrder, budget: Budget): Selection {
  if (count >= rowCount / 8 || count > MOST_TOP)
    return sortedRows(rowCount, order, budget).slice(0, Math.max(0, count));
  const best: number[] = [];
  for (let row = 0; row < rowCount; row += 1) {
    if (row % 4096 === 0) budget.tick(4096);
    const last = best[best.length - 1];
    if (best.length >= count && (last === undefined || order(row, last) >= 0)) continue;
    best.splice(placeFor(row, best, order), 0, row);
    if (best.length > count) best.pop();
  }
  return Int32Array.from(best);
}

/** Behind all rows that are not after it. */
function placeFor(row: number, best: readonly number[], order: RowOrder): number {
  let [low, high] = [0, best.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (order(best[middle] as number, row) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
