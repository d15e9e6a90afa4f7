import type { KqlNode } from '../../kql/ast.ts';
import { itemsOf } from '../../kql/ast.ts';
import { type Expression, evaluateOnce } from '../compile/expression.ts';
import type { Scope, TableStep } from '../compile/scope.ts';
import { unsupported } from '../problem.ts';
import { withColumns } from '../runtime/table.ts';
import { isArray } from '../values/dynamic.ts';

/** `project-by-names names…`: the columns whose names or patterns are given, in that order; names that nothing has are ignored. */
export function compileProjectByNames(node: KqlNode, scope: Scope): TableStep {
  const specifiers = itemsOf(node, 'Expressions').map((item) => {
    const expression = scope.compilation.expression(item, scope);
    if (!expression.invariant) throw unsupported('a name of a column that differs from row to row', item);
    return expression;
  });
  return (input) => {
    const matchers = specifiers.flatMap(namesGiven).map(matcherOf);
    const chosen = new Set(matchers.flatMap((matches) => input.columns.filter(({ name }) => matches(name))));
    return withColumns(input, [...chosen]);
  };
}

function namesGiven(specifier: Expression): string[] {
  const value = evaluateOnce(specifier);
  return (isArray(value) ? value : [value]).filter((name) => typeof name === 'string');
}

/** A name, or a pattern with `*` for any text. */
function matcherOf(name: string): (column: string) => boolean {
  if (!name.includes('*')) return (column) => column === name;
  const parts = name.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`^${parts.join('.*')}$`, 's');
  return (column) => pattern.test(column);
}
