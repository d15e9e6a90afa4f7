import { negation, SCALAR_OPERATORS, scalarOperator, TERM_LIST_OPERATORS } from '../scalar-operators/registry.ts';
import { termListOperator } from '../scalar-operators/term-list.ts';
import type { ScalarFunction, Value } from '../value.ts';
import { isArray } from '../values/dynamic.ts';
import { CONVERSIONS } from './conversions.ts';
import { byName, defineBound } from './define.ts';

const BINARY: readonly ScalarFunction[] = SCALAR_OPERATORS.map((operator) =>
  defineBound(operator, ({ types: [left = '', right = ''], resultType }) =>
    scalarOperator(operator, left, right, resultType),
  ),
);

/** The right side is one array, or a single text. */
const TERM_LISTS: readonly ScalarFunction[] = TERM_LIST_OPERATORS.map((operator) =>
  defineBound(operator, ({ types: [left = ''] }) => {
    const call = termListOperator(operator, left);
    if (!call) return null;
    let last: { readonly member: Value; readonly members: readonly Value[] } | null = null;
    return (value = null, member = null) => {
      if (isArray(member)) return call(value, member);
      if (last?.member !== member) last = { member, members: [member] };
      return call(value, last.members);
    };
  }),
);

const NEGATE = defineBound('negate', ({ types: [type = ''], resultType }) => {
  const call = negation(type, resultType);
  return call && ((value = null) => call(value));
});

/** Operators by their token text; `negate` is the sign, `tostring` turns an operand into text. */
export const OPERATOR_FUNCTIONS: ReadonlyMap<string, ScalarFunction> = byName([
  ...BINARY,
  ...TERM_LISTS,
  NEGATE,
  ...CONVERSIONS.filter(({ name }) => name === 'tostring'),
]);
