import type { Value } from '../value.ts';
import { isArray, jsonText } from './dynamic.ts';
import { realOfDynamic } from './real.ts';

/**
 * What hll() and tdigest() hand on: dynamics in the shape that the service's have, but exact. A set is [[1024, 14], keys, []], a digest
 * [[7], values in their order, weights].
 */
const SET_MARK: Value = [1024, 14];
const DIGEST_MARK: Value = [7];

export interface Digest {
  readonly values: readonly Value[];
  readonly weights: readonly number[];
}

export function setSketch(keys: Iterable<string>): Value {
  return [SET_MARK, [...keys], []];
}

/** The keys of a set; null for anything else. */
export function keysOfSketch(value: Value): readonly string[] | null {
  if (!isArray(value) || value.length !== 3 || jsonText(value[0] ?? null) !== jsonText(SET_MARK)) return null;
  const keys = value[1];
  return isArray(keys) && keys.every((key) => typeof key === 'string') ? keys : null;
}

/** Numbers by size, all else by text: times are written so that their text has their order. */
function compareCells(a: Value, b: Value): number {
  const [x, y] = [realOfDynamic(a), realOfDynamic(b)];
  if (x !== null && y !== null) return x - y;
  const [left, right] = [jsonText(a), jsonText(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** A digest of values in any order; equal ones are put together. */
export function digestSketch(values: readonly Value[], weights: readonly number[]): Value {
  const order = [...values.keys()].sort((a, b) => compareCells(values[a] ?? null, values[b] ?? null));
  const kept: Value[] = [];
  const sums: number[] = [];
  for (const at of order) {
    const value = values[at] ?? null;
    const last = kept.at(-1);
    if (last !== undefined && compareCells(last, value) === 0)
      sums[sums.length - 1] = (sums.at(-1) ?? 0) + (weights[at] ?? 1);
    else {
      kept.push(value);
      sums.push(weights[at] ?? 1);
    }
  }
  return [DIGEST_MARK, kept, sums];
}

export function readDigest(value: Value): Digest | null {
  if (!isArray(value) || value.length !== 3 || jsonText(value[0] ?? null) !== jsonText(DIGEST_MARK)) return null;
  const [, values, weights] = value;
  if (!isArray(values) || !isArray(weights) || values.length !== weights.length) return null;
  return { values, weights: weights.map((weight) => realOfDynamic(weight) ?? 0) };
}

export function mergeDigests(digests: readonly Digest[]): Value {
  return digestSketch(
    digests.flatMap(({ values }) => values),
    digests.flatMap(({ weights }) => weights),
  );
}

/** The smallest value below or at which the share of all weight lies. */
export function digestPercentile({ values, weights }: Digest, percentage: number): Value {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const rank = Math.max((percentage / 100) * total, Number.MIN_VALUE);
  let passed = 0;
  for (const [index, value] of values.entries()) {
    passed += weights[index] ?? 0;
    if (passed >= rank) return value;
  }
  return values.at(-1) ?? null;
}

/** The weight of all values up to and with one; and of all. */
export function digestRank({ values, weights }: Digest, value: Value): readonly [number, number] {
  const until = weights.filter((_, index) => compareCells(values[index] ?? null, value) <= 0);
  const sum = (list: readonly number[]): number => list.reduce((total, weight) => total + weight, 0);
  return [sum(until), sum(weights)];
}
