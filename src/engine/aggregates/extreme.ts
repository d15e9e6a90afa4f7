import type { AggregateFunction, Value } from '../value.ts';
import { converter } from '../values/convert.ts';
import { comparer, isNotANumber } from '../values/order.ts';
import { type AggregateBinding, conditional, defineAggregate, type Steps } from './define.ts';

/** A NaN is the greatest and the least of all: recorded. */
function extreme(sign: 1 | -1): (binding: AggregateBinding) => Steps<Value> | null {
  return ({ types: [type = ''], resultType }) => {
    const [convert, compare] = [converter(type, resultType), comparer(resultType)];
    return (
      convert && {
        start: () => null,
        add(best, values) {
          const value = convert(values[0] ?? null);
          if (value === null) return best;
          if (best === null || isNotANumber(value)) return value;
          return !isNotANumber(best) && compare(value, best) * sign > 0 ? value : best;
        },
        finish: (best) => (best === null && resultType === 'string' ? '' : best),
      }
    );
  };
}

const MAX = defineAggregate('max', extreme(1));
const MIN = defineAggregate('min', extreme(-1));

export const EXTREMES: readonly AggregateFunction[] = [
  MAX,
  conditional('maxif', MAX, 1),
  MIN,
  conditional('minif', MIN, 1),
];
