import type { KqlNode } from '../../ast.ts';
import { expressionColumn } from '../compile/expression.ts';
import { expectParameters, parametersOf, required } from '../compile/nodes.ts';
import { childEnvironment, type Operator, rowScope, type Scope } from '../compile/scope.ts';
import { unsupported } from '../problem.ts';
import { groupRows, rowsByGroup } from '../runtime/group.ts';
import { concatenate, selectRows, type Table, tableOf } from '../runtime/table.ts';

/** `partition by x (...)`: the inner operators run over each group of rows; results follow one another. */
export function compilePartition(node: KqlNode, scope: Scope): Operator {
  expectParameters(node, parametersOf(node), []);
  const key = scope.compilation.expression(required(node, 'ByExpression'), scope);
  const operand = required(node, 'Operand');
  if (operand.kind !== 'PartitionSubquery') throw unsupported('partition with a query in braces', operand);
  const inner = { ...rowScope(scope, scope.columns), environment: childEnvironment(scope.environment) };
  const subquery = scope.compilation.operator(required(operand, 'Subquery'), inner);
  const { budget } = scope.compilation;
  return (input) => {
    const column = expressionColumn('key', key, input, budget);
    const groups = rowsByGroup(groupRows([column], input.rowCount, budget));
    const parts = input.rowCount === 0 ? [input] : groups.map((rows) => selectRows(input, rows, budget));
    return chained(parts.map(subquery));
  };
}

function chained(parts: readonly Table[]): Table {
  const [first] = parts;
  if (!first) return tableOf([], 0);
  return concatenate(
    parts,
    first.columns.map(({ name, type }) => ({ name, type })),
  );
}
