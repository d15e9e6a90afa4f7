import type { KqlNode } from '../../kql/ast.ts';
import { childOf } from '../../kql/ast.ts';
import { operatorFunction } from '../compile/calls/library.ts';
import { type Expression, expressionColumn } from '../compile/expression.ts';
import { required } from '../compile/nodes.ts';
import type { Scope, TableStep } from '../compile/scope.ts';
import { unsupported } from '../problem.ts';
import { columnOf, gather } from '../runtime/column.ts';
import { type Grouping, groupRows, rowsByGroup } from '../runtime/group.ts';
import { type Table, tableOf } from '../runtime/table.ts';
import type { ScalarCall, Value } from '../value.ts';
import { comparer } from '../values/order.ts';
import { compileCount } from './sort.ts';

/** `top-hitters n of x by y`: the values with the largest sums, or with the most rows; exact, where the service estimates. */
export function compileTopHitters(node: KqlNode, scope: Scope): TableStep {
  const most = compileCount(required(node, 'Expression'), scope);
  const value = scope.compilation.expression(required(node, 'OfExpression'), scope);
  const clause = childOf(node, 'ByClause');
  const summed = clause ? scope.compilation.expression(required(clause, 'Expression'), scope) : null;
  const [name = '', weightName = ''] = (node.columns ?? []).map((column) => column.name);
  const type = summed?.type ?? 'long';
  const plus = operatorFunction('+').found?.bind([type, type], type, [], scope.compilation.evaluation);
  if (!plus) throw unsupported(`top-hitters by ${type}`, node);
  const { budget } = scope.compilation;
  return (input) => {
    const column = expressionColumn(name, value, input, budget);
    const groups = groupRows([column], input.rowCount, budget);
    const weights = summed ? sums(input, groups, summed, plus) : rowsByGroup(groups).map((rows) => rows.length);
    const compare = comparer(type);
    const order = [...weights.keys()].sort((a, b) => compare(weights[b] ?? null, weights[a] ?? null) || a - b);
    const picked = order.slice(0, most());
    budget.spend(picked.length);
    const first = Int32Array.from(picked, (group) => groups.first[group] ?? -1);
    const kept = picked.map((group) => weights[group] ?? null);
    const values = gather(column.values(), first, null);
    return tableOf([columnOf(name, column.type, values), columnOf(weightName, type, kept)], picked.length);
  };
}

/** The sum of each group; a null counts as nothing. */
function sums(input: Table, groups: Grouping, summed: Expression, plus: ScalarCall): Value[] {
  const get = summed.bind(input);
  const totals = new Array<Value>(groups.count).fill(null);
  groups.groups.forEach((group, row) => {
    const value = get(row);
    const total = totals[group] ?? null;
    if (value !== null) totals[group] = total === null ? value : plus(total, value);
  });
  return totals;
}
