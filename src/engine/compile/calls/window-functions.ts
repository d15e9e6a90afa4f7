import type { KqlNode } from '../../../kql/ast.ts';
import { argumentsOf } from '../../../kql/ast.ts';
import { queryFailed, unsupported } from '../../problem.ts';
import { emptyValue } from '../../runtime/column.ts';
import type { Table } from '../../runtime/table.ts';
import type { Value } from '../../value.ts';
import { comparer } from '../../values/order.ts';
import { type Expression, evaluateOnce, type Getter, rowExpression } from '../expression.ts';
import { required } from '../nodes.ts';
import type { Scope } from '../scope.ts';
import { operatorFunction } from './library.ts';

type Form = (node: KqlNode, scope: Scope) => Expression;

/** Functions over serialized rows: they see the rows before and after their own. */
const FORMS: readonly (readonly [string, Form])[] = [
  ['prev', (node, scope) => neighbour(node, scope, -1)],
  ['next', (node, scope) => neighbour(node, scope, 1)],
  ['row_number', rowNumber],
  ['row_cumsum', cumulativeSum],
  ['row_rank', oldRank],
  ['row_rank_dense', (node, scope) => rank(node, scope, true)],
  ['row_rank_min', (node, scope) => rank(node, scope, false)],
  ['row_window_session', windowSession],
];

export const WINDOW_FUNCTIONS: readonly (readonly [string, Form])[] = FORMS.map(([name, form]) => [
  name,
  (node, scope) => {
    if (scope.input && isUnordered(scope.input)) {
      throw queryFailed(`${name}() wants rows in an order: put sort or serialize before it`, node);
    }
    return form(node, scope);
  },
]);

/** What gives its rows an order, or takes it away, by the documentation of serialize; all others leave it as it was. */
const ORDERED: ReadonlySet<string> = new Set([
  'SerializeOperator',
  'SortOperator',
  'TopOperator',
  'TopHittersOperator',
  'GetSchemaOperator',
]);
const UNORDERED: ReadonlySet<string> = new Set([
  'CountOperator',
  'DistinctOperator',
  'FacetOperator',
  'JoinOperator',
  'MakeSeriesOperator',
  'ReduceByOperator',
  'SampleOperator',
  'SampleDistinctOperator',
  'SummarizeOperator',
  'TopNestedOperator',
]);

/** Whether the service is sure to refuse a window function over these rows; false where that is not known. */
function isUnordered(node: KqlNode): boolean {
  if (node.kind === 'ParenthesizedExpression') return isUnordered(required(node, 'Expression'));
  if (node.kind !== 'PipeExpression') {
    return node.kind === 'DataTableExpression' || (node.kind === 'NameReference' && node.reference?.kind === 'table');
  }
  const { kind } = required(node, 'Operator');
  return !ORDERED.has(kind) && (UNORDERED.has(kind) || isUnordered(required(node, 'Expression')));
}

function compileArguments(node: KqlNode, scope: Scope): Expression[] {
  return argumentsOf(node).map((argument) => scope.compilation.expression(argument, scope));
}

/** A column made in one go over all rows, in their order. */
function overRows(type: string, fill: (table: Table, values: Value[]) => void): Expression {
  return rowExpression(type, (table) => {
    const values = new Array<Value>(table.rowCount);
    fill(table, values);
    return (row) => values[row] as Value;
  });
}

function neighbour(node: KqlNode, scope: Scope, direction: number): Expression {
  const [value, distance, fallback] = compileArguments(node, scope);
  if (!value) throw unsupported('prev() or next() without a column', node);
  return rowExpression(value.type, (table) => {
    const get = value.bind(table);
    const offset = direction * Number(distance ? evaluateOnce(distance) : 1);
    const otherwise: Getter = fallback ? fallback.bind(table) : () => emptyValue(value.type);
    return (row) => {
      const other = row + offset;
      return other >= 0 && other < table.rowCount ? get(other) : otherwise(row);
    };
  });
}

function rowNumber(node: KqlNode, scope: Scope): Expression {
  const [start, restart] = compileArguments(node, scope);
  return overRows('long', (table, values) => {
    const first = start ? Number(evaluateOnce(start)) : 1;
    const restarts = restart?.bind(table);
    let next = first;
    for (let row = 0; row < table.rowCount; row += 1) {
      if (restarts?.(row) === true) next = first;
      values[row] = next;
      next += 1;
    }
  });
}

function cumulativeSum(node: KqlNode, scope: Scope): Expression {
  const [term, restart] = compileArguments(node, scope);
  if (!term) throw unsupported('row_cumsum() without a column', node);
  const plus = operatorFunction('+').found?.bind([term.type, term.type], term.type, [], scope.compilation.evaluation);
  if (!plus) throw unsupported(`row_cumsum() over ${term.type}`, node);
  return overRows(term.type, (table, values) => {
    const get = term.bind(table);
    const restarts = restart?.bind(table);
    let sum: Value = 0;
    for (let row = 0; row < table.rowCount; row += 1) {
      if (restarts?.(row) === true) sum = 0;
      sum = plus(sum, get(row) ?? 0);
      values[row] = sum;
    }
  });
}

/** Its page of 2021 knows one argument, and counts as row_rank_dense() does. */
function oldRank(node: KqlNode, scope: Scope): Expression {
  if (argumentsOf(node).length !== 1) throw unsupported('row_rank() with a second argument', node);
  return rank(node, scope, true);
}

/** Dense: numbers without gaps. Min: the number of the first of equal rows. */
function rank(node: KqlNode, scope: Scope, dense: boolean): Expression {
  const [term, restart] = compileArguments(node, scope);
  if (!term) throw unsupported('row_rank without a column', node);
  const compare = comparer(term.type);
  return overRows('long', (table, values) => {
    const get = term.bind(table);
    const restarts = restart?.bind(table);
    let [current, since] = [0, 0];
    for (let row = 0; row < table.rowCount; row += 1) {
      const fresh = row === 0 || restarts?.(row) === true;
      if (fresh) [current, since] = [0, 0];
      since += 1;
      if (fresh || compare(get(row), get(row - 1)) !== 0) current = dense ? current + 1 : since;
      values[row] = current;
    }
  });
}

/** The start of each row's session: it ends after a gap, after a maximal length, or at a restart. */
function windowSession(node: KqlNode, scope: Scope): Expression {
  const [time, most, gap, restart] = compileArguments(node, scope);
  if (!time || !most || !gap) throw unsupported('row_window_session() without three arguments', node);
  return overRows('datetime', (table, values) => {
    const get = time.bind(table);
    const restarts = restart?.bind(table);
    const limits = { most: Number(evaluateOnce(most)), gap: Number(evaluateOnce(gap)) };
    let start: Value = null;
    let before: Value = null;
    for (let row = 0; row < table.rowCount; row += 1) {
      const value = get(row);
      if (start === null || restarts?.(row) === true || isBeyond(value, start, before, limits)) start = value;
      before = value;
      values[row] = start;
    }
  });
}

function isBeyond(value: Value, start: Value, before: Value, limits: { most: number; gap: number }): boolean {
  return Number(value) - Number(start) > limits.most || Number(value) - Number(before) > limits.gap;
}
