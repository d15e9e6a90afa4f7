import type { KqlNode } from '../../../kql/ast.ts';
import { argumentsOf } from '../../../kql/ast.ts';
import { scalarFunction } from '../../compile/calls/library.ts';
import { type Expression, evaluateOnce } from '../../compile/expression.ts';
import type { Scope } from '../../compile/scope.ts';
import { unsupported } from '../../problem.ts';
import type { Table } from '../../runtime/table.ts';
import type { ScalarCall, Value } from '../../value.ts';
import { groupKey } from '../../values/group-key.ts';
import type { Integer } from '../../values/integer.ts';
import { compareIntegers } from '../../values/integer.ts';

/** What is asked: who, when, the analysed span, the length of a period, and the dimensions that split it. */
export interface Activity {
  readonly id: Expression;
  readonly time: Expression;
  readonly start: Expression;
  readonly end: Expression;
  readonly step: Expression;
  readonly dimensions: readonly Expression[];
  readonly bin: ScalarCall;
}

/** The activities of one period: how many rows, and whose. */
export interface Period {
  readonly at: Integer;
  rows: number;
  readonly ids: Set<unknown>;
}

/** The periods of one combination of dimensions, in their order. */
export interface Split {
  readonly dimensions: readonly Value[];
  readonly periods: readonly Period[];
}

/** The arguments `id, time, start, end, step, dimension…`. */
export function compileActivity(call: KqlNode, scope: Scope): Activity {
  const given = argumentsOf(call).map((node) => scope.compilation.expression(node, scope));
  const [id, time, start, end, step, ...dimensions] = given;
  if (!id || !time || !start || !end || !step) throw unsupported('this form of the plugin', call);
  const types = [time.type, step.type, start.type];
  const bin = scalarFunction('bin_at').found?.bind(types, time.type, [], scope.compilation.evaluation);
  if (!bin || start.type !== time.type || dimensions.some((one) => one.column === null)) {
    throw unsupported(`this form of the plugin over ${time.type}`, call);
  }
  return { id, time, start, end, step, dimensions, bin };
}

/** Rows within the span, counted by period. Both ends of the span belong to it. */
export function splitActivity(input: Table, activity: Activity): Split[] {
  const [id, time] = [activity.id.bind(input), activity.time.bind(input)];
  const dimensions = activity.dimensions.map((one) => one.bind(input));
  const [start, end] = [evaluateOnce(activity.start), evaluateOnce(activity.end)];
  const step = evaluateOnce(activity.step);
  const splits = new Map<string, { dimensions: Value[]; periods: Map<string, Period> }>();
  for (let row = 0; row < input.rowCount; row += 1) {
    const moment = time(row);
    if (!isWhole(moment) || !isWhole(start) || !isWhole(end) || moment < start || moment > end) continue;
    const at = activity.bin(moment, step, start);
    const values = dimensions.map((get) => get(row));
    const key = JSON.stringify(
      values.map((value, index) => String(groupKey(value, activity.dimensions[index]?.type ?? ''))),
    );
    const split = splits.get(key) ?? { dimensions: values, periods: new Map<string, Period>() };
    splits.set(key, split);
    if (isWhole(at)) count(split.periods, at, groupKey(id(row), activity.id.type));
  }
  return [...splits.values()].map((split) => ({
    dimensions: split.dimensions,
    periods: [...split.periods.values()].sort((a, b) => compareIntegers(a.at, b.at)),
  }));
}

function isWhole(value: Value | undefined): value is Integer {
  return typeof value === 'number' || typeof value === 'bigint';
}

function count(periods: Map<string, Period>, at: Integer, id: unknown): void {
  const period = periods.get(String(at)) ?? { at, rows: 0, ids: new Set<unknown>() };
  periods.set(String(at), period);
  period.rows += 1;
  period.ids.add(id);
}
