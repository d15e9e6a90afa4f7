import type { AggregateFunction, Value } from '../value.ts';
import { converter } from '../values/convert.ts';
import { packed } from '../values/dynamic.ts';
import { groupKey } from '../values/group-key.ts';
import { type Digest, digestSketch, keysOfSketch, mergeDigests, readDigest, setSketch } from '../values/sketch.ts';
import { type AggregateBinding, aggregateAlias, conditional, defineAggregate, type Steps } from './define.ts';

/** The distinct values that are not null, as keys; the accuracy changes nothing. */
function distinctKeys({ types: [type = ''] }: AggregateBinding): Steps<Set<string>> {
  return {
    start: () => new Set(),
    add(keys, [value = null]) {
      const key = groupKey(value, type);
      if (key !== null) keys.add(`${typeof key}:${key}`);
      return keys;
    },
    finish: sketchOrNull,
  };
}

/** Nothing is known of no values. */
function sketchOrNull(keys: ReadonlySet<string>): Value {
  return keys.size === 0 ? null : setSketch(keys);
}

function mergedKeys(): Steps<Set<string>> {
  return {
    start: () => new Set(),
    add(keys, [sketch = null]) {
      for (const key of keysOfSketch(sketch) ?? []) keys.add(key);
      return keys;
    },
    finish: sketchOrNull,
  };
}

interface Weighed {
  readonly values: Value[];
  readonly weights: number[];
}

/** All values that are not null, with their weights. */
function weighed({ types: [type = '', weightType] }: AggregateBinding): Steps<Weighed> | null {
  const toWeight = weightType === undefined ? null : converter(weightType, 'real');
  if (weightType !== undefined && !toWeight) return null;
  return {
    start: () => ({ values: [], weights: [] }),
    add(state, [value = null, weight = null]) {
      const share = toWeight ? toWeight(weight) : 1;
      if (value === null || typeof share !== 'number' || !(share > 0)) return state;
      state.values.push(packed(value, type));
      state.weights.push(share);
      return state;
    },
    finish: ({ values, weights }) => (values.length === 0 ? null : digestSketch(values, weights)),
  };
}

function merged(): Steps<Digest[]> {
  return {
    start: () => [],
    add(digests, [sketch = null]) {
      const digest = readDigest(sketch);
      if (digest) digests.push(digest);
      return digests;
    },
    finish: (digests) => (digests.length === 0 ? null : mergeDigests(digests)),
  };
}

const HLL = defineAggregate('hll', distinctKeys);
const MERGE = defineAggregate('tdigest_merge', merged);

/** Sketches: sets of values and digests of percentiles, which are exact here. */
export const SKETCHES: readonly AggregateFunction[] = [
  HLL,
  conditional('hll_if', HLL, 1),
  defineAggregate('hll_merge', mergedKeys),
  defineAggregate('tdigest', weighed),
  MERGE,
  aggregateAlias('merge_tdigest', MERGE),
];
