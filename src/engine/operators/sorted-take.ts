import type { KqlNode } from '../../kql/ast.ts';
import { required } from '../compile/nodes.ts';
import { rowScope, type Scope, type TablePlan } from '../compile/scope.ts';
import { shared } from '../compile/shared.ts';
import { compileCount, compileFirst } from './sort.ts';

/** `sort by … | take n`: as `top` does it, without sorting what is cut. Null where it is made otherwise, and in a trace, which tells of each operator. */
export function compileSortedTake(sorted: KqlNode, take: KqlNode, scope: Scope): TablePlan | null {
  const sort = sorted.kind === 'PipeExpression' ? required(sorted, 'Operator') : null;
  if (sort?.kind !== 'SortOperator' || scope.compilation.tracer.branches) return null;
  const before = required(sorted, 'Expression');
  const input = shared(scope.compilation.table(before, scope));
  const inner = rowScope(scope, before.columns ?? [], before);
  const count = compileCount(required(take, 'Expression'), rowScope(scope, sorted.columns ?? [], sorted));
  const first = compileFirst(sort, count, inner);
  return () => first(input());
}
