import type { KqlNode } from '../../../kql/ast.ts';
import { argumentsOf } from '../../../kql/ast.ts';
import type { Budget } from '../../budget.ts';
import { type Expression, evaluateOnce } from '../../compile/expression.ts';
import type { Scope, TableStep } from '../../compile/scope.ts';
import { unsupported } from '../../problem.ts';
import { columnOf } from '../../runtime/column.ts';
import { type Table, tableOf } from '../../runtime/table.ts';
import type { Value } from '../../value.ts';
import { groupKey } from '../../values/group-key.ts';
import { asNumber } from './sliding.ts';

/** The times at which each step was seen, of one combination of dimensions. */
interface Track {
  readonly dimensions: readonly Value[];
  readonly times: readonly Set<number>[];
}

interface Reach {
  readonly step: number;
  readonly span: number;
}

/** One occurrence of the sequence. */
interface Occurrence {
  readonly dimensions: readonly Value[];
  readonly times: readonly number[];
}

/**
 * `sequence_detect(time, longest step, longest span, condition…, dimension…)`: a row for each chain of times at which the conditions held one
 * after another, the earliest first. A condition is what is bool.
 */
export function compileSequenceDetect(node: KqlNode, scope: Scope): TableStep {
  const given = argumentsOf(node).map((one) => scope.compilation.expression(one, scope));
  const [time, step, span, ...others] = given;
  const conditions = others.filter(({ type }) => type === 'bool');
  const dimensions = others.filter(({ type }) => type !== 'bool');
  const columns = node.columns ?? [];
  const isKnown = time && step?.invariant && span?.invariant && columns.length === others.length + 1;
  if (!isKnown || conditions.length === 0) throw unsupported('this form of sequence_detect()', node);
  const { budget } = scope.compilation;
  return (input) => {
    const reach = { step: asNumber(evaluateOnce(step)), span: asNumber(evaluateOnce(span)) };
    const tracks = tracksOf(input, time, conditions, dimensions, budget);
    const found = tracks.flatMap((track) => occurrences(track, reach, budget)).sort(byTimes);
    const cells = found.map(({ dimensions: own, times }) => [...own, ...times, (times.at(-1) ?? 0) - (times[0] ?? 0)]);
    const made = columns.map(({ name, type }, column) => {
      const values = cells.map((line) => line[column] ?? null);
      return columnOf(name, type, values);
    });
    return tableOf(made, found.length);
  };
}

function tracksOf(
  input: Table,
  time: Expression,
  conditions: readonly Expression[],
  dimensions: readonly Expression[],
  budget: Budget,
): Track[] {
  const [timeOf, holds, getters] = [time.bind(input), bound(conditions, input), bound(dimensions, input)];
  const tracks = new Map<string, Track>();
  for (let row = 0; row < input.rowCount; row += 1) {
    const at = asNumber(timeOf(row));
    budget.tick(conditions.length);
    if (Number.isNaN(at)) continue;
    const cells = getters.map((get) => get(row));
    const key = JSON.stringify(cells.map((cell, index) => String(groupKey(cell, dimensions[index]?.type ?? ''))));
    const track = tracks.get(key) ?? { dimensions: cells, times: conditions.map(() => new Set<number>()) };
    tracks.set(key, track);
    for (const [index, hold] of holds.entries()) if (hold(row) === true) track.times[index]?.add(at);
  }
  return [...tracks.values()];
}

function bound(expressions: readonly Expression[], input: Table): ((row: number) => Value)[] {
  return expressions.map((one) => one.bind(input));
}

/** Every chain of times, each later than the one before by at most the longest step, all within the longest span. */
function occurrences({ dimensions, times }: Track, reach: Reach, budget: Budget): Occurrence[] {
  const [first = [], ...later] = times.map((one) => [...one].sort((a, b) => a - b));
  let chains = first.map((time) => [time]);
  for (const next of later) {
    chains = chains.flatMap((chain) => {
      const last = chain.at(-1) ?? 0;
      const until = Math.min(last + reach.step, (chain[0] ?? 0) + reach.span);
      const grown: number[][] = [];
      for (let at = firstBeyond(next, last); at < next.length && (next[at] ?? 0) <= until; at += 1) {
        grown.push([...chain, next[at] ?? 0]);
      }
      budget.spend(grown.length);
      budget.spendBytes(grown.length * (times.length + 4) * 8);
      return grown;
    });
  }
  return chains.map((chain) => ({ dimensions, times: chain }));
}

/** The place of the first number of a sorted list that is greater. */
function firstBeyond(sorted: readonly number[], than: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) > than) high = middle;
    else low = middle + 1;
  }
  return low;
}

function byTimes(left: Occurrence, right: Occurrence): number {
  for (const [index, time] of left.times.entries()) {
    const other = right.times[index] ?? 0;
    if (time !== other) return time - other;
  }
  return 0;
}
