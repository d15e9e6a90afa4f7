import type { KqlNode } from '../../kql/ast.ts';
import { itemsOf } from '../../kql/ast.ts';
import type { Scope, TableStep } from '../compile/scope.ts';
import { columnOf } from '../runtime/column.ts';
import { groupRows } from '../runtime/group.ts';
import { selectRows, type Table, tableOf, withColumns } from '../runtime/table.ts';
import { assignedColumns, assignmentsInOrder } from './assignments.ts';

export function compileCountRows(node: KqlNode): TableStep {
  const name = node.columns?.[0]?.name ?? 'Count';
  return (input) => tableOf([columnOf(name, 'long', [input.rowCount])], 1);
}

/** `distinct`: the first row of each combination of values, in input order. */
export function compileDistinct(node: KqlNode, scope: Scope): TableStep {
  const items = itemsOf(node, 'Expressions');
  const takesAll = items.some((item) => item.kind === 'StarExpression');
  const assignments = takesAll ? [] : assignmentsInOrder(items, node.columns ?? [], scope);
  const { budget } = scope.compilation;
  return (input) => {
    const narrowed = takesAll ? input : withColumns(input, assignedColumns(assignments, input, scope));
    const grouping = groupRows(narrowed.columns, narrowed.rowCount, budget);
    if (narrowed.columns.length === 0) return narrowed;
    return { ...selectRows(narrowed, grouping.first, budget), ingested: null };
  };
}

/** CLR names of the types, as getschema tells them. */
const DATA_TYPES: Readonly<Record<string, string>> = {
  string: 'System.String',
  bool: 'System.SByte',
  int: 'System.Int32',
  long: 'System.Int64',
  real: 'System.Double',
  decimal: 'System.Data.SqlTypes.SqlDecimal',
  datetime: 'System.DateTime',
  timespan: 'System.TimeSpan',
  guid: 'System.Guid',
  dynamic: 'System.Object',
};

export function compileGetSchema(): TableStep {
  return (input: Table) => {
    const { columns } = input;
    return tableOf(
      [
        columnOf(
          'ColumnName',
          'string',
          columns.map((column) => column.name),
        ),
        columnOf(
          'ColumnOrdinal',
          'long',
          columns.map((_, index) => index),
        ),
        columnOf(
          'DataType',
          'string',
          columns.map((column) => DATA_TYPES[column.type] ?? 'System.Object'),
        ),
        columnOf(
          'ColumnType',
          'string',
          columns.map((column) => column.type),
        ),
      ],
      columns.length,
    );
  };
}
