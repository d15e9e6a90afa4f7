import type { AggregateFunction } from '../value.ts';
import { type GroupKey, groupKey } from '../values/group-key.ts';
import { type AggregateBinding, aggregateAlias, conditional, defineAggregate, type Steps } from './define.ts';

/** All rows; an argument changes nothing, nulls count too. */
function countRows(): Steps<number> {
  return { start: () => 0, add: (count) => count + 1, finish: (count) => count };
}

/** Distinct values, nulls left out; exact whatever accuracy is asked for. */
function countDistinct({ types }: AggregateBinding): Steps<Set<GroupKey>> {
  const wanted = types.length > 1 ? types.slice(0, 1) : types;
  const type = wanted[0] ?? 'dynamic';
  return {
    start: () => new Set(),
    add(set, values) {
      const key = groupKey(values[0] ?? null, type);
      if (key !== null) set.add(key);
      return set;
    },
    finish: (set) => set.size,
  };
}

const COUNT = defineAggregate('count', countRows);
const DCOUNT = defineAggregate('dcount', countDistinct);

export const COUNTS: readonly AggregateFunction[] = [
  COUNT,
  aggregateAlias('cnt', COUNT),
  conditional('countif', COUNT, 0),
  DCOUNT,
  aggregateAlias('count_distinct', DCOUNT),
  conditional('dcountif', DCOUNT, 1),
  conditional('count_distinctif', DCOUNT, 1),
];
