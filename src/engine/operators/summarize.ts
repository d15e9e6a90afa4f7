import type { KqlColumn, KqlNode } from '../../kql/ast.ts';
import { argumentsOf, childOf, itemsOf } from '../../kql/ast.ts';
import { compileAggregate } from '../compile/aggregate.ts';
import { functionName, ROW_PICKERS } from '../compile/calls/call.ts';
import { computeValues, type Expression, expressionColumn } from '../compile/expression.ts';
import { unwrap } from '../compile/nodes.ts';
import { compilePercentiles, isPercentiles } from '../compile/percentiles.ts';
import { compileRowPicker } from '../compile/row-picker.ts';
import type { Scope, TableStep } from '../compile/scope.ts';
import { queryFailed } from '../problem.ts';
import { emptyValue, gather, lazyColumn, type TableColumn } from '../runtime/column.ts';
import { type Grouping, groupRows } from '../runtime/group.ts';
import { selectColumn, type Table, tableOf } from '../runtime/table.ts';
import { expressionOf } from './assignments.ts';

/** The columns that one item of `summarize` adds, for groups of rows. */
export interface Aggregated {
  readonly width: number;
  columns(names: readonly string[], table: Table, grouping: Grouping): TableColumn[];
}

export function compileSummarize(node: KqlNode, scope: Scope): TableStep {
  const columns = node.columns ?? [];
  const by = childOf(node, 'ByClause');
  const keys = (by ? itemsOf(by, 'Expressions') : []).map((item) =>
    scope.compilation.expression(expressionOf(item), scope),
  );
  const items = itemsOf(node, 'Aggregates').map((item) => compileItem(item, keys, scope));
  const nodes = itemsOf(node, 'Aggregates');
  const names = namesByItem(columns.slice(keys.length), items, node).map((given, index) => served(given, nodes[index]));
  const { budget } = scope.compilation;
  return (input) => {
    const keyColumns = keys.map((key, index) => expressionColumn(columns[index]?.name ?? '', key, input, budget));
    const grouping = by ? groupRows(keyColumns, input.rowCount, budget) : groupRows([], input.rowCount, budget);
    budget.spend(grouping.count);
    const made = items.flatMap((item, index) => item.columns(names[index] ?? [], input, grouping));
    return tableOf([...keyColumns.map((key) => selectColumn(key, grouping.first, budget)), ...made], grouping.count);
  };
}

function namesByItem(columns: readonly KqlColumn[], items: readonly Aggregated[], node: KqlNode): string[][] {
  const total = items.reduce((sum, item) => sum + item.width, 0);
  if (total !== columns.length) throw queryFailed('The columns of this summarize cannot be told.', node);
  let next = 0;
  return items.map((item) => {
    const names = columns.slice(next, next + item.width).map((column) => column.name);
    next += item.width;
    return names;
  });
}

/** Aggregates of two columns whose result the service names after both, the binder only after the first. */
const TWO_COLUMNS = /^covariancep?(?:if)?$/;

function served(names: readonly string[], item: KqlNode | undefined): readonly string[] {
  if (item?.kind !== 'FunctionCallExpression' || !TWO_COLUMNS.test(functionName(item))) return names;
  const parts = argumentsOf(item)
    .slice(0, 2)
    .map((argument) => argument.reference?.name ?? '');
  return parts.includes('') ? names : [[functionName(item), ...parts].join('_')];
}

/** Compiles one aggregate item; `keys` are what the groups are made by. */
export function compileItem(item: KqlNode, keys: readonly Expression[], scope: Scope): Aggregated {
  const value = unwrap(expressionOf(item));
  const isCall = value.kind === 'FunctionCallExpression';
  if (isCall && ROW_PICKERS.has(functionName(value))) return compilePicked(value, keys, scope);
  if (isCall && isPercentiles(functionName(value))) return compilePercentiles(value, scope);
  const aggregate = compileAggregate(value, scope);
  return {
    width: 1,
    columns: (names, table, grouping) => [
      lazyColumn(names[0] ?? '', aggregate.type, () => aggregate.values(table, grouping)),
    ],
  };
}

function compilePicked(node: KqlNode, keys: readonly Expression[], scope: Scope): Aggregated {
  const excluded = new Set(keys.flatMap((key) => (key.column === null ? [] : [key.column])));
  const picker = compileRowPicker(node, scope, excluded);
  const { budget } = scope.compilation;
  return {
    width: picker.outputs.length,
    columns(names, table, grouping) {
      const rows = picker.pick(table, grouping);
      return picker.outputs.map((output, index) =>
        lazyColumn(names[index] ?? '', output.type, () =>
          gather(computeValues(output, table, budget), rows, emptyValue(output.type)),
        ),
      );
    },
  };
}
