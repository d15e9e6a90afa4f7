import type { KqlNode } from '../../kql/ast.ts';
import { childOf, itemsOf } from '../../kql/ast.ts';
import { type AggregateExpression, compileAggregate } from '../compile/aggregate.ts';
import { type Expression, evaluateOnce, expressionColumn } from '../compile/expression.ts';
import { expectParameters, parametersOf, parameterValue, required } from '../compile/nodes.ts';
import type { Scope, TableStep } from '../compile/scope.ts';
import { queryFailed } from '../problem.ts';
import { columnOf, type TableColumn } from '../runtime/column.ts';
import { groupRows } from '../runtime/group.ts';
import { selectColumn, selectRows, type Table, tableOf } from '../runtime/table.ts';
import type { Value } from '../value.ts';
import { packed } from '../values/dynamic.ts';
import { expressionOf } from './assignments.ts';

interface Series {
  readonly aggregate: AggregateExpression;
  /** What an empty bin shows; undefined: 0. */
  readonly fallback: Expression | null;
}

interface MakeSeries {
  readonly series: readonly Series[];
  readonly keys: readonly Expression[];
  readonly axis: Expression;
  readonly from: Expression | null;
  readonly to: Expression | null;
  readonly step: Expression;
  /** `in range(a, b, s)` takes b in, `from a to b` does not. */
  readonly closed: boolean;
  readonly nonEmpty: boolean;
  readonly node: KqlNode;
}

/** `make-series`: arrays of an aggregate over equal steps of an axis. */
export function compileMakeSeries(node: KqlNode, scope: Scope): TableStep {
  const parameters = parametersOf(node);
  expectParameters(node, parameters, ['kind']);
  const by = childOf(node, 'ByClause');
  const parts: MakeSeries = {
    series: itemsOf(node, 'Aggregates').map((item) => compileSeries(item, scope)),
    keys: (by ? itemsOf(by, 'Expressions') : []).map((item) => scope.compilation.expression(expressionOf(item), scope)),
    axis: scope.compilation.expression(expressionOf(required(required(node, 'OnClause'), 'Expression')), scope),
    ...compileRange(required(node, 'RangeClause'), scope),
    nonEmpty: parameterValue(parameters.get('kind')) === 'nonempty',
    node,
  };
  return (input) => makeSeries(input, parts, scope);
}

function compileSeries(item: KqlNode, scope: Scope): Series {
  const clause = childOf(item, 'DefaultExpression');
  return {
    aggregate: compileAggregate(expressionOf(required(item, 'Expression')), scope),
    fallback: clause ? scope.compilation.expression(required(clause, 'Expression'), scope) : null,
  };
}

function compileRange(clause: KqlNode, scope: Scope): Pick<MakeSeries, 'from' | 'to' | 'step' | 'closed'> {
  const compile = (node: KqlNode): Expression => scope.compilation.expression(node, scope);
  if (clause.kind === 'MakeSeriesInRangeClause') {
    const [from, to, step] = itemsOf(required(clause, 'Arguments'), 'Expressions').map(compile);
    if (!from || !to || !step) throw queryFailed('range() needs three arguments here.', clause);
    return { from, to, step, closed: true };
  }
  const part = (role: string): Expression | null => {
    const found = childOf(clause, role);
    return found ? compile(required(found, 'Expression')) : null;
  };
  const step = part('MakeSeriesStepClause');
  if (!step) throw queryFailed('make-series needs a step.', clause);
  return { from: part('MakeSeriesFromClause'), to: part('MakeSeriesToClause'), step, closed: false };
}

/** The axis as numbers: datetimes and timespans are ticks. */
interface Axis {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

function makeSeries(input: Table, parts: MakeSeries, scope: Scope): Table {
  const { budget } = scope.compilation;
  const get = parts.axis.bind(input);
  const points = Array.from({ length: input.rowCount }, (_, row) => pointOf(get(row)));
  const axis = axisOf(points, parts);
  const names = (parts.node.columns ?? []).map((column) => column.name);
  const inside = insideRows(points, axis);
  const rows = selectRows(input, inside, budget);
  const keys = parts.keys.map((key, index) => expressionColumn(names[index] ?? '', key, rows, budget));
  const groups = keys.length > 0 ? groupRows(keys, rows.rowCount, budget) : groupRows([], rows.rowCount, budget);
  const shown = keys.length > 0 || rows.rowCount > 0 || parts.nonEmpty ? groups.count : 0;
  budget.spend(shown * axis.count * parts.series.length);
  const bins = Array.from(inside, (row) => Math.floor(((points[row] as number) - axis.start) / axis.step));
  const cells = groupRows([...keys, columnOf('bin', 'long', bins)], rows.rowCount, budget);
  const made = parts.series.map((series, index) => {
    const arrays = seriesArrays(series, shown, axis);
    const values = rows.rowCount > 0 ? series.aggregate.values(rows, cells) : [];
    values.forEach((value, cell) => {
      const row = cells.first[cell] as number;
      const array = arrays[groups.groups[row] as number];
      if (array) array[bins[row] as number] = packed(value, series.aggregate.type);
    });
    return columnOf(names[keys.length + index] ?? '', 'dynamic', arrays);
  });
  const keyColumns = keys.map((key) => selectColumn(key, groups.first, budget));
  return tableOf([...keyColumns, ...made, axisColumn(names.at(-1) ?? '', axis, shown, parts)], shown);
}

function pointOf(value: Value): number | null {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : null;
}

/** Without `from` the axis starts at the bin of the smallest value, without `to` it ends after the largest. */
function axisOf(points: readonly (number | null)[], parts: MakeSeries): Axis {
  const step = pointOf(evaluateOnce(parts.step));
  if (step === null || step <= 0) throw queryFailed('The step of make-series must be greater than 0.', parts.node);
  const present = points.filter((point) => point !== null);
  const least = present.reduce((low, point) => Math.min(low, point), Number.POSITIVE_INFINITY);
  const most = present.reduce((high, point) => Math.max(high, point), Number.NEGATIVE_INFINITY);
  const start = parts.from ? (pointOf(evaluateOnce(parts.from)) ?? 0) : Math.floor(least / step) * step;
  const end = parts.to ? (pointOf(evaluateOnce(parts.to)) ?? start) : most;
  if (!Number.isFinite(start) || !Number.isFinite(end)) return { start: 0, step, count: 0 };
  const isClosed = parts.closed || !parts.to;
  const count = isClosed ? Math.floor((end - start) / step) + 1 : Math.ceil((end - start) / step);
  return { start, step, count: Math.max(0, count) };
}

function insideRows(points: readonly (number | null)[], axis: Axis): Int32Array {
  const end = axis.start + axis.count * axis.step;
  const rows: number[] = [];
  points.forEach((point, row) => {
    if (point !== null && point >= axis.start && point < end) rows.push(row);
  });
  return Int32Array.from(rows);
}

function seriesArrays(series: Series, count: number, axis: Axis): Value[][] {
  const fallback = series.fallback
    ? packed(evaluateOnce(series.fallback), series.fallback.type)
    : packed(0, series.aggregate.type);
  return Array.from({ length: count }, () => new Array<Value>(axis.count).fill(fallback));
}

function axisColumn(name: string, axis: Axis, count: number, parts: MakeSeries): TableColumn {
  const steps = Array.from({ length: axis.count }, (_, index) =>
    packed(axis.start + index * axis.step, parts.axis.type),
  );
  return columnOf(name, 'dynamic', new Array<Value>(count).fill(steps));
}
