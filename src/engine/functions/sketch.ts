import type { ScalarCall, ScalarFunction, Value } from '../value.ts';
import { converter } from '../values/convert.ts';
import { isArray, packed } from '../values/dynamic.ts';
import { realOfDynamic } from '../values/real.ts';
import {
  type Digest,
  digestPercentile,
  digestRank,
  keysOfSketch,
  mergeDigests,
  readDigest,
  setSketch,
} from '../values/sketch.ts';
import { alias, define, defineBound, type FunctionBinding } from './define.ts';

/** One sketch of several; what is none is left out, and only such give null. */
function bindMerge<T>(read: (value: Value) => T | null, merge: (parts: readonly T[]) => Value): () => ScalarCall {
  return () =>
    (...sketches) => {
      const parts = sketches.map(read).filter((one) => one !== null);
      return parts.length > 0 ? merge(parts as T[]) : null;
    };
}

const mergeSets = bindMerge(keysOfSketch, (parts) => setSketch(new Set(parts.flat())));

/** The value in the type that the third argument names; without it as it is. */
function bindPercentile({ types, resultType }: FunctionBinding): ScalarCall | null {
  const convert = resultType === 'dynamic' ? (value: Value) => value : converter('dynamic', resultType);
  const toReal = converter(types[1] ?? '', 'real');
  if (!convert || !toReal) return null;
  return (sketch = null, percentage = null) => {
    const digest = readDigest(sketch);
    const wanted = toReal(percentage);
    return digest && typeof wanted === 'number' ? convert(digestPercentile(digest, wanted)) : null;
  };
}

/** Percentages one by one or in an array; a type may come last. */
function bindPercentiles({ types, constants }: FunctionBinding): ScalarCall {
  return (sketch = null, ...given) => {
    const digest = readDigest(sketch);
    const numbers = given.flatMap((value, index) => {
      if (types[index + 1] === 'string' && constants[index + 1] !== undefined) return [];
      return isArray(value) ? value.map(realOfDynamic) : [realOfDynamic(packed(value, types[index + 1] ?? ''))];
    });
    return digest && numbers.every((number) => number !== null)
      ? numbers.map((number) => digestPercentile(digest, number ?? 0))
      : null;
  };
}

function bindRank(answer: (rank: number, total: number) => number): (binding: FunctionBinding) => ScalarCall {
  return ({ types: [, type = ''] }) =>
    (sketch = null, value = null) => {
      const digest: Digest | null = readDigest(sketch);
      return digest && value !== null ? answer(...digestRank(digest, packed(value, type))) : null;
    };
}

const MERGE_DIGESTS = defineBound('merge_tdigest', bindMerge(readDigest, mergeDigests));

/** What can be asked of sketches. */
export const SKETCH: readonly ScalarFunction[] = [
  define('dcount_hll', ['dynamic'], (sketch) => keysOfSketch(sketch)?.length ?? null),
  defineBound('hll_merge', mergeSets),
  MERGE_DIGESTS,
  alias('tdigest_merge', MERGE_DIGESTS),
  defineBound('percentile_tdigest', bindPercentile),
  defineBound('percentiles_array_tdigest', bindPercentiles),
  defineBound(
    'rank_tdigest',
    bindRank((rank) => rank),
  ),
  defineBound(
    'percentrank_tdigest',
    bindRank((rank, total) => (total === 0 ? 0 : (rank * 100) / total)),
  ),
];

/** The distinct values of a sketch whose keys all others have, too. */
export function commonKeys(sketches: readonly Value[]): number {
  const [first = [], ...others] = sketches.map((sketch) => keysOfSketch(sketch) ?? []);
  const sets = others.map((keys) => new Set(keys));
  return first.filter((key) => sets.every((set) => set.has(key))).length;
}
