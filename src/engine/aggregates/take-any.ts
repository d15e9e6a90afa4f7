import type { AggregateFunction, Value } from '../value.ts';
import { aggregateAlias, conditional, defineAggregate, type Steps } from './define.ts';

/** The first value that is there; for texts, the first that is not empty. */
function firstValue({ resultType }: { readonly resultType: string }): Steps<Value> {
  const none: Value = resultType === 'string' ? '' : null;
  return {
    start: () => none,
    add: (state, values) => (state === none ? (values[0] ?? none) : state),
    finish: (state) => state,
  };
}

const TAKE_ANY = defineAggregate('take_any', firstValue);

/** Over one argument; several arguments, `*` and arg_max are picked by row in the compiler. */
export const TAKE_ANYS: readonly AggregateFunction[] = [
  TAKE_ANY,
  aggregateAlias('any', TAKE_ANY),
  conditional('take_anyif', TAKE_ANY, 1),
  conditional('anyif', TAKE_ANY, 1),
];
