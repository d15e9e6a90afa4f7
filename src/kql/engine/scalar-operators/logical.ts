import type { Value } from '../value.ts';
import { converter } from '../values/convert.ts';

/** `and` and `or` of three values: null is unknown. */
export function logical(operator: 'and' | 'or', left: string, right: string): ((a: Value, b: Value) => Value) | null {
  const [toLeft, toRight] = [converter(left, 'bool'), converter(right, 'bool')];
  if (!toLeft || !toRight) return null;
  const decided = operator === 'or';
  return (a, b) => {
    const [x, y] = [toLeft(a), toRight(b)];
    if (x === decided || y === decided) return decided;
    return x === null || y === null ? null : !decided;
  };
}
