import type { EvaluationContext, Value } from '../value.ts';
import { converter } from '../values/convert.ts';
import { isDecimal } from '../values/decimal.ts';
import { negate } from '../values/integer.ts';
import { arithmetic } from './arithmetic.ts';
import { equality, ordering } from './comparison.ts';
import { logical } from './logical.ts';
import { textOperator } from './text-search.ts';

export type BinaryCall = (left: Value, right: Value) => Value;

const ORDERINGS = ['<', '<=', '>', '>='] as const;
const ARITHMETIC = ['+', '-', '*', '/', '%'] as const;
const TEXT = ['=~', 'has', 'hasprefix', 'hassuffix', 'contains', 'startswith', 'endswith'] as const;

/** Every operator with two operands, as its token text. */
export const SCALAR_OPERATORS: readonly string[] = [
  '==',
  '!=',
  '<>',
  ...ORDERINGS,
  ...ARITHMETIC,
  'and',
  'or',
  '!~',
  'matches regex',
  ...TEXT,
  ...TEXT.slice(1).flatMap((name) => [`!${name}`, `${name}_cs`, `!${name}_cs`]),
];

/** The operators with a set on the right: see setOperator in membership.ts. */
export const SET_OPERATORS: readonly string[] = ['in', '!in', 'in~', '!in~', 'has_any', 'has_all'];

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
  _context?: EvaluationContext,
): BinaryCall | null {
  if (operator === '==') return equality('==', leftType, rightType);
  if (operator === '!=' || operator === '<>') return equality('!=', leftType, rightType);
  if (isOneOf(ORDERINGS, operator)) return ordering(operator, leftType, rightType);
  if (operator === 'and' || operator === 'or') return logical(operator, leftType, rightType);
  if (isOneOf(ARITHMETIC, operator)) return arithmetic(operator, leftType, rightType, resultType);
  return textOperator(operator, leftType, rightType);
}

/** `between` and `!between`, both ends included. A timespan as upper end is counted from the lower one. */
export function rangeOperator(
  operator: 'between' | '!between',
  type: string,
  fromType: string,
  toType: string,
): ((value: Value, from: Value, to: Value) => Value) | null {
  const relative = fromType === 'datetime' && toType === 'timespan';
  const shift = relative ? arithmetic('+', fromType, toType, 'datetime') : null;
  const [above, below] = [ordering('>=', type, fromType), ordering('<=', type, relative ? 'datetime' : toType)];
  const both = logical('and', 'bool', 'bool');
  if (!above || !below || !both) return null;
  const negated = operator === '!between';
  return (value, from, to) => {
    const within = both(above(value, from), below(value, shift ? shift(from, to) : to));
    return within === null ? null : within !== negated;
  };
}

/** The sign before an expression. */
export function unaryOperator(operator: '-' | '+', type: string, resultType: string): ((value: Value) => Value) | null {
  const convert = converter(type, resultType);
  if (!convert) return null;
  if (operator === '+') return convert;
  return (value) => {
    const plain = convert(value);
    if (isDecimal(plain)) return { ...plain, unscaled: -plain.unscaled };
    if (resultType === 'real' && typeof plain === 'number') return -plain;
    return typeof plain === 'number' || typeof plain === 'bigint' ? negate(plain) : null;
  };
}
