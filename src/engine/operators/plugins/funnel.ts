import type { KqlNode } from '../../../kql/ast.ts';
import { evaluateOnce } from '../../compile/expression.ts';
import type { Scope } from '../../compile/scope.ts';
import { unsupported } from '../../problem.ts';
import type { Table } from '../../runtime/table.ts';
import type { Value } from '../../value.ts';
import { isArray } from '../../values/dynamic.ts';
import type { GroupKey } from '../../values/group-key.ts';
import type { Integer } from '../../values/integer.ts';
import { binning, compileSliding, type SlidingCall, slicesOf, spanOf } from './sliding.ts';

/** One row of an id: when it was in which state. */
export interface Visit {
  readonly time: number;
  readonly state: string;
}

/** The visits of one id in one window, by their time. */
export interface Journey {
  readonly id: Value;
  readonly visits: readonly Visit[];
}

/** The journeys of one window of the analysis. */
export interface FunnelBin {
  readonly at: Integer;
  readonly journeys: readonly Journey[];
}

/** Reads a call of `id, time, start, end` and four more; `state` and `size` tell where among these the state and the window's length stand. */
export function compileFunnel(
  node: KqlNode,
  { state, size }: { readonly state: number; readonly size: number },
  scope: Scope,
): { readonly call: SlidingCall; readonly binsOf: (input: Table) => FunnelBin[] } {
  const call = compileSliding(node, 4, scope);
  const [stateOf, length] = [call.own[state], call.own[size]];
  if (!stateOf || !length || !call.span) throw unsupported('this form of the plugin', node);
  const bin = binning(call, length, node);
  const binsOf = (input: Table): FunnelBin[] => {
    const [start, end] = spanOf(call);
    const [idOf, textOf] = [call.id.bind(input), stateOf.bind(input)];
    const bins = new Map<Integer, Map<GroupKey, { id: Value; visits: Visit[] }>>();
    for (const { row, id, time } of slicesOf(input, { ...call, dimensions: [] }).flatMap((one) => one.appearances)) {
      if (time < start || time > end) continue;
      const at = bin(time);
      const journeys = bins.get(at) ?? new Map<GroupKey, { id: Value; visits: Visit[] }>();
      bins.set(at, journeys);
      const journey = journeys.get(id) ?? { id: idOf(row), visits: [] };
      journeys.set(id, journey);
      journey.visits.push({ time, state: String(textOf(row) ?? '') });
    }
    return [...bins].map(([at, journeys]) => ({ at, journeys: [...journeys.values()] }));
  };
  return { call, binsOf };
}

/** The states of a sequence. */
export function sequenceOf(call: SlidingCall, place: number): string[] {
  const given = call.own[place];
  const value = given ? evaluateOnce(given) : null;
  return isArray(value) ? value.map((one) => String(one ?? '')) : [];
}
