import type { KqlNode } from '../../kql/ast.ts';
import { constantExpression, type Expression, expressionColumn } from '../compile/expression.ts';
import { expectParameters, nameOf, parametersOf, required } from '../compile/nodes.ts';
import {
  childEnvironment,
  partitionKey,
  rowScope,
  type Scope,
  type TablePlan,
  type TableStep,
} from '../compile/scope.ts';
import { groupRows, rowsByGroup } from '../runtime/group.ts';
import { concatenate, firstRows, selectRows, type Table, tableOf } from '../runtime/table.ts';
import type { Value } from '../value.ts';

/** `partition by x (...)`: the inner operators run over each group of rows; results follow one another. */
export function compilePartition(node: KqlNode, scope: Scope): TableStep {
  expectParameters(node, parametersOf(node), []);
  const key = scope.compilation.expression(required(node, 'ByExpression'), scope);
  const operand = required(node, 'Operand');
  if (operand.kind !== 'PartitionSubquery') return compileQuery(node, operand, key, scope);
  const inner = { ...rowScope(scope, scope.columns), environment: childEnvironment(scope.environment) };
  const subquery = scope.compilation.operator(required(operand, 'Subquery'), inner);
  const { budget } = scope.compilation;
  return (input) => {
    const column = expressionColumn('key', key, input, budget);
    const groups = rowsByGroup(groupRows([column], input.rowCount, budget));
    if (input.rowCount === 0) return firstRows(subquery(input), 0, budget);
    return chained(groups.map((rows) => subquery(selectRows(input, rows, budget))));
  };
}

/** What compiling a query counts as, in rows: the clock is looked at for each key. */
const COMPILING = 4096;

/**
 * `partition by x {...}`: a query of its own runs once for each key, which it reads as `toscalar(x)`. Compiled once to be checked, then for
 * each key: plans remember their rows.
 */
function compileQuery(node: KqlNode, operand: KqlNode, key: Expression, scope: Scope): TableStep {
  const query = required(operand, 'Query');
  const name = partitionKey(nameOf(required(node, 'ByExpression')));
  const { budget } = scope.compilation;
  const planFor = (value: Value): TablePlan => {
    const environment = childEnvironment(scope.environment);
    const expression = constantExpression(key.type, value);
    environment.names.set(name, { kind: 'scalar', expression, rows: {} });
    return scope.compilation.table(query, { ...rowScope(scope, []), environment });
  };
  planFor(null);
  const none = tableOf(
    (query.columns ?? []).map((column) => ({ ...column, values: () => [] })),
    0,
  );
  return (input) => {
    const column = expressionColumn('key', key, input, budget);
    const { first } = groupRows([column], input.rowCount, budget);
    const values = column.values();
    if (input.rowCount === 0) return none;
    return chained(
      [...first].map((row) => {
        budget.tick(COMPILING);
        return planFor(values[row] ?? null)();
      }),
    );
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
