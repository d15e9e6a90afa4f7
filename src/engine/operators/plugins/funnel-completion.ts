import type { KqlNode } from '../../../kql/ast.ts';
import type { Budget } from '../../budget.ts';
import { evaluateOnce } from '../../compile/expression.ts';
import type { Scope, TableStep } from '../../compile/scope.ts';
import { unsupported } from '../../problem.ts';
import type { Value } from '../../value.ts';
import { converter } from '../../values/convert.ts';
import { isArray } from '../../values/dynamic.ts';
import { compileFunnel, type FunnelBin, type Journey, sequenceOf } from './funnel.ts';
import { asNumber, linesTable, type SlidingLine } from './sliding.ts';

/**
 * `funnel_sequence_completion(id, time, start, end, window, state, sequence, periods)`: how many ids got as far as each state of the sequence,
 * within each period from its first step.
 */
export function compileFunnelCompletion(node: KqlNode, scope: Scope): TableStep {
  const { call, binsOf } = compileFunnel(node, { size: 0, state: 1 }, scope);
  const [name, type] = [call.own[1]?.column, node.columns?.find((one) => one.name === 'Period')?.type ?? 'timespan'];
  const convert = converter('dynamic', type);
  if (typeof name !== 'string' || !convert) throw unsupported('this form of funnel_sequence_completion()', node);
  const { budget } = scope.compilation;
  return (input) => {
    const given = call.own[3] ? evaluateOnce(call.own[3]) : null;
    const periods = isArray(given) ? given.map((one) => convert(one)) : [];
    const states = sequenceOf(call, 2);
    const lines = binsOf(input).flatMap((one) =>
      periods.flatMap((period) => linesOf(one, { states, period, name: name.toLowerCase() }, budget)),
    );
    return linesTable(lines, call, node);
  };
}

interface Wanted {
  readonly states: readonly string[];
  readonly period: Value;
  /** The state's column, in lower case. */
  readonly name: string;
}

function linesOf({ at, journeys }: FunnelBin, { states, period, name }: Wanted, budget: Budget): SlidingLine[] {
  const reached = journeys.map((journey) => stepsOf(journey, states, asNumber(period), budget));
  return states
    .map((state, step) => ({ state, count: reached.filter((steps) => steps > step).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => ({ at, dimensions: [], counts: { [name]: state, period, dcount: count } }));
}

/** How many steps of the sequence a journey takes within the period from the first, at best. */
function stepsOf({ visits }: Journey, states: readonly string[], period: number, budget: Budget): number {
  let best = 0;
  for (const [first, { state, time }] of visits.entries()) {
    if (state !== states[0] || best === states.length) continue;
    let step = 1;
    for (let at = first + 1; at < visits.length && step < states.length; at += 1) {
      const visit = visits[at];
      budget.tick(1);
      if (!visit || visit.time - time > period) break;
      if (visit.state === states[step]) step += 1;
    }
    best = Math.max(best, step);
  }
  return best;
}
