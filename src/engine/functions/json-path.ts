import type { Value } from '../value.ts';
import { elementOf, propertyOf } from '../values/dynamic.ts';

export type PathStep = string | number;

const STEP = /\.([^.[\]]+)|\[(-?\d+)\]|\[(['"])(.*?)\3\]/y;

/** `$.a.b[0]['c d']` as steps; null where it is not such a path. A name without `$` is one step. */
export function parseJsonPath(path: string): PathStep[] | null {
  if (!path.startsWith('$')) return [path];
  const steps: PathStep[] = [];
  for (let at = 1; at < path.length; ) {
    STEP.lastIndex = at;
    const match = STEP.exec(path);
    if (!match) return null;
    steps.push(match[2] === undefined ? (match[1] ?? match[4] ?? '') : Number(match[2]));
    at += match[0].length;
  }
  return steps;
}

/** What a path leads to; null where it leads nowhere. */
export function followPath(value: Value, steps: readonly PathStep[]): Value {
  return steps.reduce<Value>(
    (at, step) => (typeof step === 'number' ? elementOf(at, step) : propertyOf(at, step)),
    value,
  );
}
