import type { KqlNode } from '../../../kql/ast.ts';
import { argumentsOf } from '../../../kql/ast.ts';
import { scalarFunction } from '../../compile/calls/library.ts';
import { type Expression, evaluateOnce } from '../../compile/expression.ts';
import type { Scope } from '../../compile/scope.ts';
import { unsupported } from '../../problem.ts';
import { columnOf, type TableColumn } from '../../runtime/column.ts';
import { type Table, tableOf } from '../../runtime/table.ts';
import type { ScalarCall, Value } from '../../value.ts';
import { type GroupKey, groupKey } from '../../values/group-key.ts';
import type { Integer } from '../../values/integer.ts';

/** One row of the input of a plugin that looks at who was active when. */
export interface Appearance {
  readonly row: number;
  readonly id: GroupKey;
  readonly time: number;
}

/** The rows of one combination of dimensions, by their time. */
export interface Slice {
  readonly dimensions: readonly Value[];
  readonly appearances: readonly Appearance[];
}

/** The arguments of such a plugin: who, when, the analysed span where one is given, then its own, then dimensions. */
export interface SlidingCall {
  readonly id: Expression;
  readonly time: Expression;
  readonly span: readonly [Expression, Expression] | null;
  readonly own: readonly Expression[];
  readonly dimensions: readonly Expression[];
  readonly context: Scope;
}

/** Reads a call of `id, time, [start, end,] own…, dimension…`. */
export function compileSliding(
  call: KqlNode,
  own: number,
  scope: Scope,
  args: readonly KqlNode[] = argumentsOf(call),
): SlidingCall {
  const given = args.map((node) => scope.compilation.expression(node, scope));
  const [id, time, start, end] = given;
  if (!id || !time) throw unsupported('this form of the plugin', call);
  const hasSpan = start !== undefined && end !== undefined && start.type === time.type && end.type === time.type;
  const first = hasSpan ? 4 : 2;
  const dimensions = given.slice(first + own);
  const values = given.slice(first, first + own);
  if (values.length < own || dimensions.some(({ column }) => column === null))
    throw unsupported('this form of the plugin', call);
  return { id, time, span: hasSpan ? [start, end] : null, own: values, dimensions, context: scope };
}

export function asNumber(value: Value | undefined): number {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : Number.NaN;
}

/** The span's ends as numbers; without one everything lies within. */
export function spanOf({ span }: SlidingCall): readonly [number, number] {
  if (!span) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return [asNumber(evaluateOnce(span[0])), asNumber(evaluateOnce(span[1]))];
}

/** The rows by their dimensions, in the order of first rows, each slice sorted by time. Rows without a time are left out. */
export function slicesOf(input: Table, call: SlidingCall): Slice[] {
  const [idOf, timeOf] = [call.id.bind(input), call.time.bind(input)];
  const getters = call.dimensions.map((one) => one.bind(input));
  const slices = new Map<string, { dimensions: Value[]; appearances: Appearance[] }>();
  for (let row = 0; row < input.rowCount; row += 1) {
    const time = asNumber(timeOf(row));
    if (Number.isNaN(time)) continue;
    const dimensions = getters.map((get) => get(row));
    const key = JSON.stringify(dimensions.map((value, at) => String(groupKey(value, call.dimensions[at]?.type ?? ''))));
    const slice = slices.get(key) ?? { dimensions, appearances: [] };
    slices.set(key, slice);
    slice.appearances.push({ row, id: groupKey(idOf(row), call.id.type), time });
  }
  call.context.compilation.budget.tick(input.rowCount);
  for (const { appearances } of slices.values()) appearances.sort((a, b) => a.time - b.time);
  return [...slices.values()];
}

/** The start of the bin that a time lies in; bins are counted from the start of the span, or from the calendar's origin. */
export function binning(call: SlidingCall, size: Expression, node: KqlNode): (time: number) => Integer {
  const { evaluation } = call.context.compilation;
  const name = call.span ? 'bin_at' : 'bin';
  const types = [call.time.type, size.type, call.time.type].slice(0, call.span ? 3 : 2);
  const bin: ScalarCall | null = scalarFunction(name).found?.bind(types, call.time.type, [], evaluation) ?? null;
  if (!bin) throw unsupported(`this form of the plugin over ${call.time.type}`, node);
  return (time) => {
    const at = call.span ? bin(time, evaluateOnce(size), evaluateOnce(call.span[0])) : bin(time, evaluateOnce(size));
    return typeof at === 'number' || typeof at === 'bigint' ? at : 0;
  };
}

/** A line of a result: the bin, the dimensions and the counts by their names. */
export interface SlidingLine {
  readonly at: Integer;
  readonly dimensions: readonly Value[];
  readonly counts: Readonly<Record<string, Value>>;
}

/** Lines as a table with the columns that the binder names: the first is the time, then what the counts and dimensions are called. */
export function linesTable(lines: readonly SlidingLine[], call: SlidingCall, node: KqlNode): Table {
  call.context.compilation.budget.spend(lines.length);
  const time = call.time.column ?? '';
  const columns = (node.columns ?? []).map(({ name, type }): TableColumn => {
    const dimension = call.dimensions.findIndex(({ column }) => column === name);
    if (name === time)
      return columnOf(
        name,
        type,
        lines.map(({ at }) => at),
      );
    if (dimension >= 0)
      return columnOf(
        name,
        type,
        lines.map(({ dimensions }) => dimensions[dimension] ?? null),
      );
    return columnOf(
      name,
      type,
      lines.map(({ counts }) => counts[name.toLowerCase()] ?? null),
    );
  });
  return tableOf(columns, lines.length);
}
