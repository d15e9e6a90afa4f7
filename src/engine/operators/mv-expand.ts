import type { KqlNode } from '../../kql/ast.ts';
import { expectParameters, parametersOf, required } from '../compile/nodes.ts';
import { rowScope, type Scope, type TableStep } from '../compile/scope.ts';
import { columnOf, type TableColumn } from '../runtime/column.ts';
import { concatenate, findColumn, selectRows, type Table, tableOf } from '../runtime/table.ts';
import { compileExpansion, type ExpandedTable, expandTable } from './expansion.ts';

const PARAMETERS = ['bagexpansion', 'kind', 'with_itemindex', 'id'];

export function compileMvExpand(node: KqlNode, scope: Scope): TableStep {
  expectParameters(node, parametersOf(node), PARAMETERS);
  const expansion = compileExpansion(node, scope);
  return (input) => ordered(expandTable(input, expansion, scope).table, node);
}

/** Columns in the binder's order where it knows them all. */
function ordered(table: Table, node: KqlNode): Table {
  const names = (node.columns ?? []).map((column) => column.name);
  const found = names.flatMap((name) => findColumn(table, name) ?? []);
  return found.length === table.columns.length ? { ...table, columns: found } : table;
}

/** `mv-apply`: a subquery over the expansion of each row; its rows are put beside the row's other columns. */
export function compileMvApply(node: KqlNode, scope: Scope): TableStep {
  expectParameters(node, parametersOf(node), PARAMETERS);
  const expansion = compileExpansion(node, scope);
  const body = required(required(node, 'Subquery'), 'Expression');
  const columns = innerColumns(node, expansion.columns, expansion.index, scope);
  const subquery = scope.compilation.operator(body, rowScope(scope, columns));
  const isWhole = isRowWise(body);
  return (input) => {
    const expanded = expandTable(input, expansion, scope);
    return isWhole ? applyWhole(expanded, subquery, node) : applyEach(input, expanded, subquery, node, scope);
  };
}

interface Named {
  readonly name: string;
  readonly type: string;
}

/** What the subquery sees: the row's columns, and the expanded ones instead or in addition. */
function innerColumns(
  _node: KqlNode,
  expanded: readonly Named[],
  index: string | null,
  scope: Scope,
): Scope['columns'] {
  const added = [...expanded, ...(index === null ? [] : [{ name: index, type: 'long' }])];
  const names = new Set(added.map((column) => column.name));
  return [
    ...scope.columns.filter((column) => !names.has(column.name)),
    ...added.map((column) => ({ ...column, id: -1 })),
  ];
}

/** Only filters and new columns: then all expansions can be run at once. */
function isRowWise(body: KqlNode): boolean {
  if (body.kind === 'PipeExpression') {
    return isRowWise(required(body, 'Expression')) && isRowWise(required(body, 'Operator'));
  }
  if (body.kind !== 'FilterOperator' && body.kind !== 'ExtendOperator') return false;
  return !seesOtherRows(body);
}

/** Whether an expression looks at rows before or after its own. */
export function seesOtherRows(node: KqlNode): boolean {
  const name = node.kind === 'FunctionCallExpression' ? (node.reference?.name ?? '') : '';
  return /^(prev|next|row_)/.test(name) || node.children.some(seesOtherRows);
}

function applyWhole(expanded: ExpandedTable, subquery: TableStep, node: KqlNode): Table {
  return ordered(subquery(expanded.table), node);
}

function applyEach(input: Table, expanded: ExpandedTable, subquery: TableStep, node: KqlNode, scope: Scope): Table {
  const { budget } = scope.compilation;
  const parts: Table[] = [];
  const origin: number[] = [];
  for (const [row, members] of slices(input.rowCount, expanded.origin)) {
    const result = subquery(selectRows(expanded.table, members, budget));
    budget.spend(result.rowCount);
    parts.push(result);
    for (let count = 0; count < result.rowCount; count += 1) origin.push(row);
  }
  const inner = parts.length > 0 ? concatenate(parts, partColumns(parts)) : tableOf([], 0);
  const outer = selectRows(input, Int32Array.from(origin), budget);
  return { ...tableOf(besides(node, outer, inner), origin.length), ingested: outer.ingested };
}

/** Rows that expand to nothing are skipped; the others with the rows they expand to. */
function* slices(rowCount: number, origin: Int32Array): Generator<readonly [number, Int32Array]> {
  let start = 0;
  for (let row = 0; row < rowCount; row += 1) {
    let end = start;
    while (end < origin.length && origin[end] === row) end += 1;
    if (end > start) yield [row, Int32Array.from({ length: end - start }, (_, offset) => start + offset)];
    start = end;
  }
}

function partColumns(parts: readonly Table[]): Named[] {
  const [first] = parts;
  return (first?.columns ?? []).map(({ name, type }) => ({ name, type }));
}

/** The binder's columns: from the subquery where it has them, else from the row. */
function besides(node: KqlNode, outer: Table, inner: Table): TableColumn[] {
  return (node.columns ?? []).map(
    ({ name, type }) => findColumn(inner, name) ?? findColumn(outer, name) ?? columnOf(name, type, []),
  );
}
