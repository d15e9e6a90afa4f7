import type { KqlNode } from '../../../kql/ast.ts';
import { argumentsOf } from '../../../kql/ast.ts';
import { scalarFunction } from '../../compile/calls/library.ts';
import { evaluateOnce } from '../../compile/expression.ts';
import type { Scope, TableStep } from '../../compile/scope.ts';
import { unsupported } from '../../problem.ts';
import { columnOf } from '../../runtime/column.ts';
import { tableOf } from '../../runtime/table.ts';
import type { Value } from '../../value.ts';
import { groupKey } from '../../values/group-key.ts';
import { comparer } from '../../values/order.ts';

interface Bins {
  readonly dimensions: readonly Value[];
  readonly bins: Map<Value, Value[]>;
}

/** `rolling_percentile(value, percentage, index, size, bins, dimension…)`: for each bin the percentile over it and the ones before. */
export function compileRollingPercentile(call: KqlNode, scope: Scope): TableStep {
  const given = argumentsOf(call).map((node) => scope.compilation.expression(node, scope));
  const [value, percentage, index, size, width, ...dimensions] = given;
  if (!value || !percentage || !index || !size || !width || dimensions.some(({ column }) => column === null))
    throw unsupported('this form of the plugin', call);
  const { evaluation, budget } = scope.compilation;
  const bin = scalarFunction('bin').found?.bind([index.type, size.type], index.type, [], evaluation);
  if (!bin) throw unsupported(`rolling_percentile over ${index.type}`, call);
  return (input) => {
    const [cellOf, placeOf] = [value.bind(input), index.bind(input)];
    const getters = dimensions.map((one) => one.bind(input));
    const slices = new Map<string, Bins>();
    for (let row = 0; row < input.rowCount; row += 1) {
      const at = bin(placeOf(row), evaluateOnce(size));
      const cell = cellOf(row);
      const keys = getters.map((get) => get(row));
      const key = JSON.stringify(keys.map((one, place) => String(groupKey(one, dimensions[place]?.type ?? ''))));
      const slice = slices.get(key) ?? { dimensions: keys, bins: new Map<Value, Value[]>() };
      slices.set(key, slice);
      if (at !== null) slice.bins.set(at, [...(slice.bins.get(at) ?? []), ...(cell === null ? [] : [cell])]);
    }
    budget.tick(input.rowCount);
    const [share, count] = [Number(evaluateOnce(percentage)), Number(evaluateOnce(width))];
    const lines = [...slices.values()].flatMap((slice) => rolled(slice, share, count, index.type, value.type));
    budget.spend(lines.length);
    const made = (call.columns ?? []).map(({ name, type }, column) =>
      columnOf(
        name,
        type,
        lines.map((line) => line[column] ?? null),
      ),
    );
    return tableOf(made, lines.length);
  };
}

/** Lines in the order of the bins: the bin, the dimensions, the percentile by nearest rank. */
function rolled(
  { dimensions, bins }: Bins,
  share: number,
  count: number,
  indexType: string,
  valueType: string,
): Value[][] {
  const [byIndex, byValue] = [comparer(indexType), comparer(valueType)];
  const order = [...bins.keys()].sort(byIndex);
  return order.map((at, place) => {
    const values = order.slice(Math.max(0, place - count + 1), place + 1).flatMap((one) => bins.get(one) ?? []);
    const sorted = values.sort(byValue);
    const rank = Math.max(1, Math.ceil((share / 100) * sorted.length));
    return [at, ...dimensions, sorted[rank - 1] ?? null];
  });
}
