import { AGGREGATES } from '../../aggregates/registry.ts';
import { OPERATOR_FUNCTIONS } from '../../functions/operators.ts';
import { SCALAR_FUNCTIONS } from '../../functions/registry.ts';
import type { AggregateFunction, ScalarFunction, Value } from '../../value.ts';
import { converter } from '../../values/convert.ts';

/** A function by name, found or not: the caller refuses what is not there, with its place. */
export interface NamedFunction {
  readonly name: string;
  readonly found: ScalarFunction | null;
}

export function scalarFunction(name: string): NamedFunction {
  return { name, found: SCALAR_FUNCTIONS.get(name) ?? null };
}

/** The function behind an operator's text: `+`, `==`, `has`, `!contains`, `has_any`; `negate` is the unary minus. */
export function operatorFunction(text: string): NamedFunction {
  return { name: text, found: OPERATOR_FUNCTIONS.get(text) ?? null };
}

export function aggregateFunction(name: string): AggregateFunction | null {
  return AGGREGATES.get(name) ?? null;
}

/** A value of one type as another; null, or empty text, where it cannot be converted. */
export function convertValue(from: string, to: string, value: Value): Value {
  return converter(from, to)?.(value) ?? (to === 'string' ? '' : null);
}
