import type { KqlNode } from '../../kql/ast.ts';
import { childOf, itemsOf } from '../../kql/ast.ts';
import { computeValues, type Expression, evaluateOnce } from '../compile/expression.ts';
import { required } from '../compile/nodes.ts';
import type { Scope, TableStep } from '../compile/scope.ts';
import { queryFailed } from '../problem.ts';
import type { SortKey } from '../runtime/ranks.ts';
import { sortRows } from '../runtime/sort.ts';
import { findColumn, firstRows, selectRows, type Table } from '../runtime/table.ts';
import { topOfKeys } from '../runtime/top.ts';

/** One `by` column: descending unless told otherwise, nulls count as smallest. */
interface Ordering {
  readonly expression: Expression;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

export function compileOrdering(node: KqlNode, scope: Scope): Ordering {
  const isOrdered = node.kind === 'OrderedExpression';
  const expression = scope.compilation.expression(isOrdered ? required(node, 'Expression') : node, scope);
  const clause = isOrdered ? childOf(node, 'Ordering') : null;
  const direction = clause ? childOf(clause, 'AscOrDescKeyword')?.text : null;
  const descending = direction !== 'asc';
  const nulls = clause ? childOf(clause, 'NullsClause') : null;
  const place = nulls ? childOf(nulls, 'FirstOrLastKeyword')?.text : null;
  return { expression, descending, nullsFirst: place ? place === 'first' : !descending };
}

function sortKey({ expression, descending, nullsFirst }: Ordering, input: Table, scope: Scope): SortKey {
  const values = computeValues(expression, input, scope.compilation.budget);
  const column = expression.column === null ? null : findColumn(input, expression.column);
  const codes = expression.type === 'string' ? (column?.codes?.(true) ?? null) : null;
  return { values, type: expression.type, descending, nullsFirst, codes };
}

export function compileSort(node: KqlNode, scope: Scope): TableStep {
  const orderings = itemsOf(node, 'Expressions').map((item) => compileOrdering(item, scope));
  const { budget } = scope.compilation;
  return (input) => {
    const keys = orderings.map((ordering) => sortKey(ordering, input, scope));
    return selectRows(input, sortRows(input.rowCount, keys, budget), budget);
  };
}

/** The first rows of what `sort` gives. */
export function compileFirst(sort: KqlNode, count: () => number, scope: Scope): TableStep {
  const orderings = itemsOf(sort, 'Expressions').map((item) => compileOrdering(item, scope));
  const { budget } = scope.compilation;
  return (input) => {
    const keys = orderings.map((ordering) => sortKey(ordering, input, scope));
    return selectRows(input, topOfKeys(input.rowCount, count(), keys, budget), budget);
  };
}

/** `top n by x`: sorted, then cut. */
export function compileTop(node: KqlNode, scope: Scope): TableStep {
  const count = compileCount(required(node, 'Expression'), scope, Number.NEGATIVE_INFINITY);
  const ordering = compileOrdering(required(node, 'ByExpression'), scope);
  const { budget } = scope.compilation;
  return (input) => {
    const key = sortKey(ordering, input, scope);
    return selectRows(input, topOfKeys(input.rowCount, count(), [key], budget), budget);
  };
}

/** `take n`: the first rows in input order. */
export function compileTake(node: KqlNode, scope: Scope): TableStep {
  const count = compileCount(required(node, 'Expression'), scope);
  return (input) => firstRows(input, count(), scope.compilation.budget);
}

/** A number of rows, from an expression without columns; below `least` the query fails. */
export function compileCount(node: KqlNode, scope: Scope, least = 0): () => number {
  const expression = scope.compilation.expression(node, scope);
  if (!expression.invariant) throw queryFailed('A number of rows must not depend on a row.', node);
  return () => {
    const value = evaluateOnce(expression);
    if (typeof value !== 'number' || value < least)
      throw queryFailed(`'${String(value)}' is not a number of rows.`, node);
    return Math.floor(value);
  };
}
