import type { Budget } from '../budget.ts';
import type { Value } from '../value.ts';
import { comparer } from '../values/order.ts';
import type { Selection } from './column.ts';
import { sortByRanks } from './radix-sort.ts';
import { ranksOf, type SortKey } from './ranks.ts';
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

/** Row numbers in sorted order; rows that are equal keep their order. */
export function sortedRows(rowCount: number, order: RowOrder, budget: Budget): Selection {
  let compared = 0;
  return sequence(rowCount).sort((left, right) => {
    compared += 1;
    if (compared % 4096 === 0) budget.tick(4096);
    return order(left, right) || left - right;
  });
}
