import type { KqlNode } from '../../../kql/ast.ts';
import { argumentsOf } from '../../../kql/ast.ts';
import { type Expression, evaluateOnce } from '../../compile/expression.ts';
import type { Scope } from '../../compile/scope.ts';
import { unsupported } from '../../problem.ts';
import type { Value } from '../../value.ts';

/** Stands for an argument that is left at its default. */
const DEFAULT = '~';

/** What a plugin that looks for patterns is asked. */
export interface PatternCall {
  /** The arguments that are a plugin's own, in their order; undefined where the default is wanted. */
  readonly own: readonly (Expression | undefined)[];
  /** The column that says how much a row counts; null: each counts 1. */
  readonly weight: string | null;
  /** What stands for "any value", by the type of a column. */
  readonly wildcards: ReadonlyMap<string, Value>;
}

/** Reads a call of so many arguments, of which the one at `weight` is the column of weights; what follows are wildcards. */
export function patternCall(node: KqlNode, count: number, weight: number, scope: Scope): PatternCall {
  const given = argumentsOf(node).map((one) => scope.compilation.expression(one, scope));
  const own = Array.from({ length: count }, (_, place) => {
    const one = given[place];
    return one?.constant === DEFAULT ? undefined : one;
  });
  const column = own[weight];
  if (column && column.column === null) throw unsupported('a weight that is no column', node);
  const wildcards = given.slice(count).filter(({ constant }) => constant !== DEFAULT);
  if (wildcards.some(({ invariant }) => !invariant)) throw unsupported('a wildcard that depends on rows', node);
  return {
    own,
    weight: column?.column ?? null,
    wildcards: new Map(wildcards.map((one) => [one.type, evaluateOnce(one)])),
  };
}

/** A number among the arguments, within its limits. */
export function numberAmong(
  { own }: PatternCall,
  place: number,
  usual: number,
  [least, most]: readonly [number, number],
): number {
  const one = own[place];
  const value = one ? Number(evaluateOnce(one) ?? Number.NaN) : usual;
  return Number.isNaN(value) ? usual : Math.min(most, Math.max(least, value));
}
