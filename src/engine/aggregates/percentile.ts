import type { AggregateFunction, Value } from '../value.ts';
import { converter } from '../values/convert.ts';
import { isArray, packed } from '../values/dynamic.ts';
import { comparer } from '../values/order.ts';
import { realOfDynamic } from '../values/real.ts';
import { type AggregateBinding, constantNumber, defineAggregate, type Steps } from './define.ts';

interface Weighted {
  readonly value: Value;
  readonly weight: number;
}

/** The smallest value below or at which the given share of all weight lies (nearest rank); no interpolation. */
function percentileOf(sorted: readonly Weighted[], total: number, percentage: number): Value {
  const rank = Math.max((percentage / 100) * total, Number.MIN_VALUE);
  let passed = 0;
  for (const { value, weight } of sorted) {
    passed += weight;
    if (passed >= rank) return value;
  }
  return sorted.at(-1)?.value ?? null;
}

/** Collects values, with their weights where the second argument is one, and answers for all percentages at once. */
function percentiles(
  { types }: AggregateBinding,
  weighted: boolean,
  answer: (pick: (percentage: number) => Value) => Value,
): Steps<Weighted[]> | null {
  const type = types[0] ?? '';
  const toWeight = weighted ? converter(types[1] ?? '', 'real') : null;
  if (weighted && !toWeight) return null;
  const compare = comparer(type);
  return {
    start: () => [],
    add(items, values) {
      const value = values[0] ?? null;
      const weight = toWeight ? toWeight(values[1] ?? null) : 1;
      if (value !== null && typeof weight === 'number' && weight > 0) items.push({ value, weight });
      return items;
    },
    finish(items) {
      const sorted = items.toSorted((a, b) => compare(a.value, b.value));
      const total = sorted.reduce((sum, { weight }) => sum + weight, 0);
      return answer((percentage) => percentileOf(sorted, total, percentage));
    },
  };
}

function single(weighted: boolean): (binding: AggregateBinding) => Steps<Weighted[]> | null {
  return (binding) => {
    const percentage = constantNumber(binding, weighted ? 2 : 1);
    return percentage === undefined ? null : percentiles(binding, weighted, (pick) => pick(percentage));
  };
}

/** Percentages as constants, one by one or in an array. */
function percentagesOf(constants: AggregateBinding['constants']): number[] | null {
  const numbers = constants.flatMap((one) => (isArray(one) ? one : [one ?? null])).map(realOfDynamic);
  return numbers.every((number) => number !== null) && numbers.length > 0 ? numbers : null;
}

function several(weighted: boolean): (binding: AggregateBinding) => Steps<Weighted[]> | null {
  return (binding) => {
    const percentages = percentagesOf(binding.constants.slice(weighted ? 2 : 1));
    const type = binding.types[0] ?? 'dynamic';
    if (!percentages) return null;
    return percentiles(binding, weighted, (pick) => percentages.map((percentage) => packed(pick(percentage), type)));
  };
}

/** Exact percentiles; `percentiles` over several columns is taken apart by the compiler. */
export const PERCENTILES: readonly AggregateFunction[] = [
  defineAggregate('percentile', single(false)),
  defineAggregate('percentilew', single(true)),
  defineAggregate('percentiles_array', several(false)),
  defineAggregate('percentilesw_array', several(true)),
];
