import type { Value } from '../value.ts';
import { converter } from '../values/convert.ts';
import { isDecimal } from '../values/decimal.ts';
import { negate } from '../values/integer.ts';
import { arithmetic } from './arithmetic.ts';
import { equality, ordering } from './comparison.ts';
import { textOperator } from './text-search.ts';

type BinaryCall = (left: Value, right: Value) => Value;

const ORDERINGS = ['<', '<=', '>', '>='] as const;
const ARITHMETIC = ['+', '-', '*', '/', '%'] as const;
const TEXT = ['=~', 'has', 'hasprefix', 'hassuffix', 'contains', 'startswith', 'endswith'] as const;

/** Every operator with two operands but `and`, `or`, `in` and `between`, as its token text. */
export const SCALAR_OPERATORS: readonly string[] = [
  '==',
  '!=',
  '<>',
  ...ORDERINGS,
  ...ARITHMETIC,
  '!~',
  'matches regex',
  ...TEXT,
  ...TEXT.slice(1).flatMap((name) => [`!${name}`, `${name}_cs`, `!${name}_cs`]),
];

/** The operators with a list of texts on the right: see term-list.ts. */
export const TERM_LIST_OPERATORS: readonly string[] = ['has_any', 'has_all'];

function isOneOf(names: readonly string[], operator: string): boolean {
  return names.includes(operator);
}

/**
 * The implementation of a binary operator for the operands' types and the binder's result type. What seldom changes on the right
 * (patterns, search texts) is prepared once and kept. Null: not for these types.
 */
export function scalarOperator(
  operator: string,
  leftType: string,
  rightType: string,
  resultType: string,
): BinaryCall | null {
  if (operator === '==') return equality('==', leftType, rightType);
  if (operator === '!=' || operator === '<>') return equality('!=', leftType, rightType);
  if (isOneOf(ORDERINGS, operator)) return ordering(operator, leftType, rightType);
  if (isOneOf(ARITHMETIC, operator)) return arithmetic(operator, leftType, rightType, resultType);
  return textOperator(operator, leftType, rightType);
}

/** The minus sign before an expression. */
export function negation(type: string, resultType: string): ((value: Value) => Value) | null {
  const convert = converter(type, resultType);
  return (
    convert &&
    ((value) => {
      const plain = convert(value);
      if (isDecimal(plain)) return { ...plain, unscaled: -plain.unscaled };
      if (resultType === 'real' && typeof plain === 'number') return -plain;
      return typeof plain === 'number' || typeof plain === 'bigint' ? negate(plain) : null;
    })
  );
}
