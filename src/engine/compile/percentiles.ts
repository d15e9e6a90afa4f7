import type { KqlNode } from '../../kql/ast.ts';
import { argumentsOf } from '../../kql/ast.ts';
import { unsupported } from '../problem.ts';
import { lazyColumn, type TableColumn } from '../runtime/column.ts';
import type { Grouping } from '../runtime/group.ts';
import type { Table } from '../runtime/table.ts';
import { aggregateValues } from './aggregate.ts';
import { functionName } from './calls/call.ts';
import type { Scope } from './scope.ts';

/** `percentiles(x, 5, 50)` gives a column for each percentage. */
export function isPercentiles(name: string): boolean {
  return name === 'percentiles' || name === 'percentilesw';
}

export function compilePercentiles(
  node: KqlNode,
  scope: Scope,
): { width: number; columns(names: readonly string[], table: Table, grouping: Grouping): TableColumn[] } {
  const name = functionName(node);
  const weighted = name === 'percentilesw';
  const args = argumentsOf(node).map((argument) => scope.compilation.expression(argument, scope));
  const fixed = args.slice(0, weighted ? 2 : 1);
  const [value] = fixed;
  if (!value) throw unsupported(`${name}() without arguments`, node);
  const single = weighted ? 'percentilew' : 'percentile';
  const parts = args
    .slice(fixed.length)
    .map((percentage) => aggregateValues(single, [...fixed, percentage], value.type, node, scope));
  return {
    width: parts.length,
    columns: (names, table, grouping) =>
      parts.map((values, index) => lazyColumn(names[index] ?? '', value.type, () => values(table, grouping))),
  };
}
