import type { KqlNode } from '../../kql/ast.ts';
import { argumentsOf } from '../../kql/ast.ts';
import { evaluateOnce } from '../compile/expression.ts';
import type { Scope, TableStep } from '../compile/scope.ts';
import { unsupported } from '../problem.ts';
import { selectRows } from '../runtime/table.ts';

/** `evaluate rows_near(condition, before, after)`: rows that fulfil the condition and rows beside them, each once; `after` is `before` if left out. */
export function compileRowsNear(call: KqlNode, scope: Scope): TableStep {
  const [conditionNode, beforeNode, afterNode] = argumentsOf(call);
  if (!conditionNode || !beforeNode) throw unsupported('rows_near() without two arguments', call);
  const condition = scope.compilation.expression(conditionNode, scope);
  const [before, after] = [beforeNode, afterNode ?? beforeNode].map((node) =>
    scope.compilation.expression(node, scope),
  );
  const { budget } = scope.compilation;
  return (input) => {
    const get = condition.bind(input);
    const [back, ahead] = [before, after].map((one) => Number(one ? evaluateOnce(one) : 0));
    const rows = nearRows(input.rowCount, (row) => get(row) === true, back ?? 0, ahead ?? 0);
    budget.spend(rows.length);
    return selectRows(input, rows, budget);
  };
}

function nearRows(count: number, fulfils: (row: number) => boolean, back: number, ahead: number): Int32Array {
  const rows: number[] = [];
  let next = 0;
  for (let row = 0; row < count; row += 1) {
    if (!fulfils(row)) continue;
    for (next = Math.max(next, row - back); next <= Math.min(count - 1, row + ahead); next += 1) rows.push(next);
  }
  return Int32Array.from(rows);
}
