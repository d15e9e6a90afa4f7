import { childOf, itemsOf, type KqlColumn, type KqlNode, walk } from '../ast.ts';

/** A column that an operator makes, with what it is made of: its own expression, or all of the operator where none is its own. */
export interface MadeColumn {
  readonly id: number;
  readonly type: string;
  readonly source: KqlNode;
}

/** Operators that declare no column by a mere name. */
const ONLY_NAMING = new Set(['FilterOperator', 'SortOperator', 'TakeOperator', 'TopOperator', 'ExtendOperator']);

/**
 * The columns behind an operator that are not among those `given` to it. One that is only named is a column that an open table turns out to have:
 * nobody makes it.
 */
export function madeColumns(operator: KqlNode, given: readonly KqlColumn[]): readonly MadeColumn[] {
  const before = new Set(given.map((column) => column.id));
  const sources = sourcesOf(operator);
  return (operator.columns ?? [])
    .filter(({ id }) => !before.has(id) && (sources.has(id) || !isOnlyNamed(operator, id)))
    .map(({ id, type }) => ({ id, type, source: sources.get(id) ?? operator }));
}

function isOnlyNamed(operator: KqlNode, id: number): boolean {
  return ONLY_NAMING.has(operator.kind) && namesAny(operator, [id]);
}

/** Named expressions by the column that they declare; others by their place, as far as each makes one column. */
function sourcesOf(operator: KqlNode): ReadonlyMap<number, KqlNode> {
  const clause = childOf(operator, 'ByClause');
  const groups = clause ? itemsOf(clause, 'Expressions') : [];
  const items = [...groups, ...itemsOf(operator, 'Aggregates'), ...itemsOf(operator, 'Expressions')];
  const columns = operator.columns ?? [];
  const isPlaced = /^(Project|Summarize)Operator$/.test(operator.kind);
  const placed = !isPlaced ? 0 : items.length === columns.length ? items.length : groups.length;
  const sources = new Map<number, KqlNode>();
  for (const [index, item] of items.entries()) {
    const isNamed = item.kind === 'SimpleNamedExpression';
    const id = isNamed ? childOf(item, 'Name')?.reference?.id : index < placed ? columns[index]?.id : undefined;
    if (id !== undefined) sources.set(id, item);
  }
  return sources;
}

/** Whether an expression names one of the columns; `invoke` names columns by text. */
export function namesAny(node: KqlNode, ids: readonly number[]): boolean {
  if (node.kind === 'InvokeOperator') return ids.length > 0;
  for (const part of walk(node)) {
    if (part.reference?.kind === 'column' && ids.includes(part.reference.id)) return true;
  }
  return false;
}
