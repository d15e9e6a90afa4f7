import type { KqlNode } from '../../../kql/ast.ts';
import type { Budget } from '../../budget.ts';
import { evaluateOnce } from '../../compile/expression.ts';
import type { Scope, TableStep } from '../../compile/scope.ts';
import type { Value } from '../../value.ts';
import { compileFunnel, type FunnelBin, type Journey, sequenceOf, type Visit } from './funnel.ts';
import { asNumber, linesTable, type SlidingLine } from './sliding.ts';

/** A line tells at most so many ids. */
const MOST_SAMPLES = 128;

/** What a sequence must keep to. */
interface Wanted {
  readonly states: readonly string[];
  /** The longest time between two of its steps. */
  readonly reach: number;
}

/**
 * `funnel_sequence(id, time, start, end, reach, window, state, sequence)`: how many ids went through the sequence, by the states that they were
 * in before and after. Of its three results the first is given: before and after together.
 */
export function compileFunnelSequence(node: KqlNode, scope: Scope): TableStep {
  const { call, binsOf } = compileFunnel(node, { size: 1, state: 2 }, scope);
  const { budget, warnings } = scope.compilation;
  warnings.push('The query has 3 results; the first one is given.');
  return (input) => {
    const [reach] = call.own;
    const wanted = {
      states: sequenceOf(call, 3),
      reach: asNumber(reach && evaluateOnce(reach)),
    };
    return linesTable(
      binsOf(input).flatMap((one) => linesOf(one, wanted, budget)),
      call,
      node,
    );
  };
}

/** The lines of a window, those of the most ids first. */
function linesOf({ at, journeys }: FunnelBin, wanted: Wanted, budget: Budget): SlidingLine[] {
  const ends = new Map<string, { prev: string; next: string; ids: Set<Value> }>();
  for (const journey of journeys) {
    for (const [prev, next] of passages(journey, wanted, budget)) {
      const key = JSON.stringify([prev, next]);
      const line = ends.get(key) ?? { prev, next, ids: new Set<Value>() };
      ends.set(key, line);
      line.ids.add(journey.id);
    }
  }
  return [...ends.values()]
    .sort((a, b) => b.ids.size - a.ids.size)
    .map(({ prev, next, ids }) => {
      const samples = [...ids].slice(0, MOST_SAMPLES);
      return { at, dimensions: [], counts: { prev, next, dcount: ids.size, samples } };
    });
}

/** The states before and after each time that a journey goes through the sequence; empty where there is none. */
function passages({ visits }: Journey, wanted: Wanted, budget: Budget): [string, string][] {
  const found: [string, string][] = [];
  for (let at = 0; at < visits.length; ) {
    const last = passedFrom(visits, at, wanted, budget);
    if (last !== null) found.push([otherState(visits, at, -1), otherState(visits, last, 1)]);
    at = last === null ? at + 1 : last + 1;
  }
  return found;
}

/** Where the sequence ends that begins at a visit; null where it does not begin there, or takes too long between two steps. */
function passedFrom(visits: readonly Visit[], first: number, { states, reach }: Wanted, budget: Budget): number | null {
  if (states.length === 0 || visits[first]?.state !== states[0]) return null;
  let last = first;
  let step = 1;
  for (let at = first + 1; at < visits.length && step < states.length; at += 1) {
    budget.tick(1);
    const visit = visits[at];
    if (!visit || visit.time - (visits[last]?.time ?? 0) > reach) return null;
    if (visit.state !== states[step]) continue;
    last = at;
    step += 1;
  }
  return step === states.length ? last : null;
}

/** The nearest other state in a direction. */
function otherState(visits: readonly Visit[], from: number, direction: 1 | -1): string {
  const own = visits[from]?.state;
  let at = from + direction;
  while (visits[at]?.state === own && at >= 0 && at < visits.length) at += direction;
  return visits[at]?.state ?? '';
}
