import type { KqlNode } from '../../../kql/ast.ts';
import type { Budget } from '../../budget.ts';
import { type Expression, evaluateOnce } from '../../compile/expression.ts';
import type { Scope, TableStep } from '../../compile/scope.ts';
import { unsupported } from '../../problem.ts';
import type { Table } from '../../runtime/table.ts';
import { converter } from '../../values/convert.ts';
import {
  type Attributes,
  attributesOf,
  countItems,
  type Item,
  type PatternLine,
  patternKey,
  patternTable,
  percentOf,
  rowsWith,
  type SharedValues,
  totalWeight,
} from './attributes.ts';
import { numberAmong, patternCall } from './pattern-call.ts';

const USUAL_THRESHOLD = 0.05;
const LEAST_THRESHOLD = 0.015;

/** The rows of the two sets, and how much they count. */
interface Halves {
  readonly a: Int32Array;
  readonly b: Int32Array;
}

interface Difference {
  readonly pattern: SharedValues;
  readonly halves: Halves;
  readonly countA: number;
  readonly countB: number;
  /** The share of set A less the share of set B. */
  readonly difference: number;
}

interface Search {
  readonly attributes: Attributes;
  readonly totals: readonly [number, number];
  readonly threshold: number;
  readonly dimensions: number;
  readonly budget: Budget;
}

/**
 * `diffpatterns(column, valueA, valueB, weight, threshold, dimensions, wildcard…)`: patterns whose shares in two sets differ the most. From each
 * value the one is added that makes the difference greatest, for as long as it grows; what several values lead to is told once.
 */
export function compileDiffpatterns(node: KqlNode, scope: Scope): TableStep {
  const call = patternCall(node, 6, 3, scope);
  const [split, first, second] = call.own;
  if (!split || split.column === null || !first?.invariant || !second?.invariant)
    throw unsupported('this form of diffpatterns()', node);
  const without = new Set([split.column]);
  const { budget } = scope.compilation;
  return (input) => {
    const attributes = attributesOf(input, call, without, budget);
    const halves = halvesOf(input, split, [first, second]);
    const totals = [totalWeight(attributes, halves.a), totalWeight(attributes, halves.b)] as const;
    const search: Search = {
      attributes,
      totals,
      threshold: numberAmong(call, 4, USUAL_THRESHOLD, [LEAST_THRESHOLD, 1]),
      dimensions: numberAmong(call, 5, Number.POSITIVE_INFINITY, [1, Number.POSITIVE_INFINITY]),
      budget,
    };
    const lines = differences(halves, search).map((one) => lineOf(one, totals));
    return patternTable(lines, attributes, call, node, without);
  };
}

function halvesOf(input: Table, split: Expression, values: readonly Expression[]): Halves {
  const [get, text] = [split.bind(input), converter(split.type, 'string')];
  const [a = [], b = []] = values.map((value) => {
    const wanted = String(evaluateOnce(value) ?? '');
    return Array.from({ length: input.rowCount }, (_, row) => row).filter((row) => text?.(get(row)) === wanted);
  });
  return { a: Int32Array.from(a), b: Int32Array.from(b) };
}

function lineOf({ pattern, countA, countB }: Difference, [totalA, totalB]: readonly [number, number]): PatternLine {
  const [percentA, percentB] = [percentOf(countA, totalA, 2), percentOf(countB, totalB, 2)];
  const difference = Math.abs((100 * countA) / (totalA || 1) - (100 * countB) / (totalB || 1));
  return { told: [countA, countB, percentA, percentB, Number(difference.toFixed(2))], pattern };
}

/** The greatest differences that values lead to, the greatest first. */
function differences(halves: Halves, search: Search): Difference[] {
  const { attributes, budget, threshold } = search;
  const whole = differenceOf(new Map(), halves, search);
  const counts = [countItems(attributes, halves.a, budget), countItems(attributes, halves.b, budget)];
  const found = new Map<string, Difference>();
  for (const item of itemsAbove(counts, search)) {
    const grown = grow(narrowed(whole, item, search), search);
    if (Math.abs(grown.difference) >= threshold) found.set(patternKey(grown.pattern), grown);
  }
  return [...found.values()].sort((x, y) => Math.abs(y.difference) - Math.abs(x.difference));
}

/** Values that are frequent enough in one of the sets to make a difference. */
function itemsAbove([a = [], b = []]: readonly Float64Array[][], { totals, threshold }: Search): Item[] {
  return a.flatMap((own, column) =>
    [...own.entries()].flatMap(([code, count]) => {
      const share = Math.max(count / (totals[0] || 1), (b[column]?.[code] ?? 0) / (totals[1] || 1));
      return share >= threshold ? [{ column, code }] : [];
    }),
  );
}

function grow(from: Difference, search: Search): Difference {
  const { attributes, budget, dimensions, totals } = search;
  let best = from;
  while (best.pattern.size < dimensions) {
    const counts = [countItems(attributes, best.halves.a, budget), countItems(attributes, best.halves.b, budget)];
    const { pattern, difference } = best;
    let greatest = Math.abs(difference);
    let wanted: Item | null = null;
    for (const item of itemsAbove(counts, search)) {
      if (pattern.has(item.column)) continue;
      const [a, b] = counts.map((own, half) => (own[item.column]?.[item.code] ?? 0) / (totals[half] || 1));
      const other = Math.abs((a ?? 0) - (b ?? 0));
      if (other > greatest + 1e-12) [greatest, wanted] = [other, item];
    }
    if (!wanted) return best;
    best = narrowed(best, wanted, search);
  }
  return best;
}

function narrowed({ pattern, halves }: Difference, item: Item, search: Search): Difference {
  const { attributes } = search;
  const [a, b] = [rowsWith(attributes, halves.a, item), rowsWith(attributes, halves.b, item)];
  return differenceOf(new Map([...pattern, [item.column, item.code]]), { a, b }, search);
}

function differenceOf(pattern: SharedValues, halves: Halves, { attributes, totals, budget }: Search): Difference {
  budget.spend(1);
  budget.spendBytes(halves.a.byteLength + halves.b.byteLength);
  const [countA, countB] = [totalWeight(attributes, halves.a), totalWeight(attributes, halves.b)];
  return { pattern, halves, countA, countB, difference: countA / (totals[0] || 1) - countB / (totals[1] || 1) };
}
