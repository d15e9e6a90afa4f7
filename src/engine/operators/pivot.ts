import type { KqlNode } from '../../kql/ast.ts';
import { argumentsOf } from '../../kql/ast.ts';
import { compileAggregate } from '../compile/aggregate.ts';
import { expressionColumn } from '../compile/expression.ts';
import type { Scope, TableStep } from '../compile/scope.ts';
import { unsupported } from '../problem.ts';
import { columnOf, emptyValue, type TableColumn } from '../runtime/column.ts';
import { type Grouping, groupRows, rowsByGroup } from '../runtime/group.ts';
import { selectColumn, tableOf } from '../runtime/table.ts';
import type { Value } from '../value.ts';
import { converter } from '../values/convert.ts';

/** `evaluate pivot(column, aggregate, keys…)`: a column for each value of the first, in the order of their names. */
export function compilePivot(call: KqlNode, scope: Scope): TableStep {
  const [pivotNode, aggregateNode, ...keyNodes] = argumentsOf(call);
  if (!pivotNode) throw unsupported('pivot() without a column', call);
  const pivot = scope.compilation.expression(pivotNode, scope);
  const aggregate = aggregateNode ? compileAggregate(aggregateNode, scope) : null;
  const used = new Set([pivotNode, ...(aggregateNode ? [aggregateNode] : [])].flatMap(columnsIn));
  const keyNames = keyNodes.length > 0 ? keyNodes.flatMap(columnsIn) : null;
  const { budget } = scope.compilation;
  return (input) => {
    const keys = input.columns.filter((column) => (keyNames ? keyNames.includes(column.name) : !used.has(column.name)));
    const wide = expressionColumn('pivot', pivot, input, budget);
    const rows = groupRows(keys, input.rowCount, budget);
    const cells = groupRows([...keys, wide], input.rowCount, budget);
    const names = pivotNames(wide);
    budget.spend(rows.count * (new Set(names).size + 1));
    const values = aggregate ? aggregate.values(input, cells) : counts(cells);
    const made = spread(rows, cells, names, values, aggregate?.type ?? 'long');
    return tableOf([...keys.map((key) => selectColumn(key, rows.first, budget)), ...made], rows.count);
  };
}

function columnsIn(node: KqlNode): string[] {
  const own = node.kind === 'NameReference' && node.reference?.kind === 'column' ? [node.reference.name] : [];
  return [...own, ...node.children.flatMap(columnsIn)];
}

function counts(cells: Grouping): Value[] {
  return rowsByGroup(cells).map((rows) => rows.length);
}

/** Each row's column name: the pivot value as text. */
function pivotNames(column: TableColumn): string[] {
  const convert = converter(column.type, 'string');
  return column.values().map((value) => String(convert ? convert(value) : value));
}

function spread(
  rows: Grouping,
  cells: Grouping,
  names: readonly string[],
  values: readonly Value[],
  type: string,
): TableColumn[] {
  const columns = new Map<string, Value[]>();
  for (const name of [...new Set(names)].sort()) columns.set(name, new Array(rows.count).fill(fillOf(type)));
  cells.first.forEach((row, cell) => {
    const column = columns.get(names[row] ?? '');
    if (column && row >= 0) column[rows.groups[row] as number] = values[cell] ?? null;
  });
  return [...columns].map(([name, cellValues]) => columnOf(name, type, cellValues));
}

/** A combination without rows: 0 for numbers. */
function fillOf(type: string): Value {
  return type === 'long' || type === 'int' || type === 'real' ? 0 : emptyValue(type);
}

/** `evaluate narrow()`: one row for each cell. */
export function compileNarrow(_call: KqlNode, scope: Scope): TableStep {
  const { budget } = scope.compilation;
  return (input) => {
    const width = input.columns.length;
    const count = input.rowCount * width;
    budget.spend(count);
    const texts = input.columns.map(textsOf);
    const cell = <T>(read: (row: number, column: number) => T): T[] =>
      Array.from({ length: count }, (_, index) => read(Math.floor(index / width), index % width));
    return tableOf(
      [
        columnOf(
          'Row',
          'long',
          cell((row) => row),
        ),
        columnOf(
          'Column',
          'string',
          cell((_, column) => input.columns[column]?.name ?? ''),
        ),
        columnOf(
          'Value',
          'string',
          cell((row, column) => texts[column]?.[row] ?? ''),
        ),
      ],
      count,
    );
  };
}

function textsOf(column: TableColumn): Value[] {
  const convert = converter(column.type, 'string');
  return column.values().map((value) => (convert ? convert(value) : null));
}
