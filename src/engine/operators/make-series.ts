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
import { ORIGIN_TICKS, type Value } from '../value.ts';
import { packed } from '../values/dynamic.ts';
import { canonical } from '../values/integer.ts';
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

/** The axis of one series as numbers: datetimes and timespans are ticks. */
interface Axis {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** What all series share, as numbers from the base on; a bound that is not given is found for each series by itself. */
interface Grid {
  /** 0 where numbers hold every point exactly. */
  readonly base: bigint;
  readonly step: number;
  readonly from: number | null;
  readonly to: number | null;
  readonly closed: boolean;
  /** From a multiple of the step, as bin() takes them, to our zero. */
  readonly shift: number;
}

function makeSeries(input: Table, parts: MakeSeries, scope: Scope): Table {
  const { budget } = scope.compilation;
  const get = parts.axis.bind(input);
  const given = Array.from({ length: input.rowCount }, (_, row) => get(row));
  const grid = gridOf(parts, given);
  const points = given.map((value) => pointOf(value, grid.base));
  const names = (parts.node.columns ?? []).map((column) => column.name);
  const inside = insideRows(points, grid);
  const rows = selectRows(input, inside, budget);
  const keys = parts.keys.map((key, index) => expressionColumn(names[index] ?? '', key, rows, budget));
  const groups = groupRows(keys, rows.rowCount, budget);
  const shown = keys.length > 0 || rows.rowCount > 0 || parts.nonEmpty ? groups.count : 0;
  const own = Array.from(inside, (row) => points[row] as number);
  const axes = axesOf(own, groups.groups, shown, grid);
  budget.spend(axes.reduce((sum, axis) => sum + axis.count, 0) * parts.series.length);
  const bins = own.map((point, row) => {
    const axis = axes[groups.groups[row] as number] as Axis;
    return Math.floor((point - axis.start) / axis.step);
  });
  const cells = groupRows([...keys, columnOf('bin', 'long', bins)], rows.rowCount, budget);
  const made = parts.series.map((series, index) => {
    const arrays = seriesArrays(series, axes);
    const values = rows.rowCount > 0 ? series.aggregate.values(rows, cells) : [];
    values.forEach((value, cell) => {
      const row = cells.first[cell] as number;
      const array = arrays[groups.groups[row] as number];
      if (array) array[bins[row] as number] = packed(value, series.aggregate.type);
    });
    return columnOf(names[keys.length + index] ?? '', 'dynamic', arrays);
  });
  const keyColumns = keys.map((key) => selectColumn(key, groups.first, budget));
  return tableOf([...keyColumns, ...made, axisColumn(names.at(-1) ?? '', axes, parts, grid.base)], shown);
}

function pointOf(value: Value, base: bigint): number | null {
  if (typeof value !== 'number' && typeof value !== 'bigint') return null;
  return base === 0n ? Number(value) : Number(BigInt(value) - base);
}

function gridOf(parts: MakeSeries, values: readonly Value[]): Grid {
  const step = pointOf(evaluateOnce(parts.step), 0n);
  if (step === null || step <= 0) throw queryFailed('The step of make-series must be greater than 0.', parts.node);
  const [first, last] = [parts.from, parts.to].map((given) => (given ? (evaluateOnce(given) ?? 0) : null));
  const base = Number.isSafeInteger(step) ? baseOf([first ?? null, last ?? null, ...values]) : 0n;
  const origin = parts.axis.type === 'datetime' ? ORIGIN_TICKS : 0n;
  const shift = Number.isSafeInteger(step)
    ? Number((((origin + base) % BigInt(step)) + BigInt(step)) % BigInt(step))
    : 0;
  const from = pointOf(first ?? null, base);
  // `in range()` has the bins of bin(), which its start may lie within.
  const isBinned = parts.closed && from !== null;
  return {
    base,
    step,
    shift,
    from: isBinned ? binOf(from, step, shift) : from,
    to: pointOf(last ?? null, base),
    closed: parts.closed,
  };
}

/** A point from which the others are counted where one of them is more than a number holds. */
function baseOf(values: readonly Value[]): bigint {
  if (!values.some((value) => typeof value === 'bigint')) return 0n;
  const some = values.find((value) => typeof value === 'bigint' || Number.isSafeInteger(value));
  return typeof some === 'bigint' || typeof some === 'number' ? BigInt(some) : 0n;
}

function binOf(point: number, step: number, shift: number): number {
  return Math.floor((point + shift) / step) * step - shift;
}

/** Without `from` the axis starts at the bin of the smallest value, without `to` it ends after the largest. */
function axisOf(least: number, most: number, { step, shift, from, to, closed }: Grid): Axis {
  const start = from ?? binOf(least, step, shift);
  const end = to ?? most;
  if (!Number.isFinite(start) || !Number.isFinite(end)) return { start: 0, step, count: 0 };
  const count = closed || to === null ? Math.floor((end - start) / step) + 1 : Math.ceil((end - start) / step);
  return { start, step, count: Math.max(0, count) };
}

/** The axis of each series: one for all where both ends are given. */
function axesOf(points: readonly number[], groups: ArrayLike<number>, count: number, grid: Grid): Axis[] {
  if (grid.from !== null && grid.to !== null) return new Array<Axis>(count).fill(axisOf(0, 0, grid));
  const least = new Array<number>(count).fill(Number.POSITIVE_INFINITY);
  const most = new Array<number>(count).fill(Number.NEGATIVE_INFINITY);
  points.forEach((point, row) => {
    const group = groups[row] as number;
    least[group] = Math.min(least[group] as number, point);
    most[group] = Math.max(most[group] as number, point);
  });
  return least.map((low, group) => axisOf(low, most[group] as number, grid));
}

function insideRows(points: readonly (number | null)[], grid: Grid): Int32Array {
  const { from, to, closed, step } = grid;
  const last = to !== null && closed ? binOf(to, step, grid.shift) + step : to;
  const rows: number[] = [];
  points.forEach((point, row) => {
    if (point !== null && (from === null || point >= from) && (last === null || point < last)) rows.push(row);
  });
  return Int32Array.from(rows);
}

function seriesArrays(series: Series, axes: readonly Axis[]): Value[][] {
  const fallback = series.fallback
    ? packed(evaluateOnce(series.fallback), series.fallback.type)
    : packed(0, series.aggregate.type);
  return axes.map(({ count }) => new Array<Value>(count).fill(fallback));
}

function axisColumn(name: string, axes: readonly Axis[], parts: MakeSeries, base: bigint): TableColumn {
  const valueAt = (point: number): Value => (base === 0n ? point : canonical(base + BigInt(point)));
  const stepsOf = ({ start, step, count }: Axis): Value[] =>
    Array.from({ length: count }, (_, index) => packed(valueAt(start + index * step), parts.axis.type));
  const made = new Map<Axis, Value[]>();
  const values = axes.map((axis) => {
    const known = made.get(axis) ?? stepsOf(axis);
    made.set(axis, known);
    return known;
  });
  return columnOf(name, 'dynamic', values);
}
