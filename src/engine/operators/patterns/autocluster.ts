import type { KqlNode } from '../../../kql/ast.ts';
import type { Budget } from '../../budget.ts';
import type { Scope, TableStep } from '../../compile/scope.ts';
import {
  type Attributes,
  attributesOf,
  countItems,
  patternKey,
  patternTable,
  percentOf,
  type SharedValues,
  totalWeight,
} from './attributes.ts';
import { numberAmong, patternCall } from './pattern-call.ts';

const USUAL_SIZE_WEIGHT = 0.5;
const USUAL_SEEDS = 25;
/** A pattern of less of the rows is none. */
const LEAST_SHARE = 0.05;

/** A row that stands for others. */
interface Kind {
  readonly row: number;
  readonly weight: number;
  /** The columns whose value is frequent enough to stand in a pattern. */
  readonly frequent: readonly number[];
}

interface Cluster {
  readonly pattern: SharedValues;
  readonly score: number;
}

/** What clusters are judged by. */
interface Judging {
  readonly attributes: Attributes;
  /** What each value tells, in bits, by column and code. */
  readonly bits: readonly Float64Array[];
  readonly sizeWeight: number;
  readonly budget: Budget;
}

/**
 * `autocluster(size weight, weight, seeds, wildcard…)`: a few patterns that many rows share. From each of the most frequent rows values are
 * dropped one by one, and the best pattern on the way is kept: the weighted geometric mean of the share of rows and of what its values tell.
 * The best of all is told, its rows are set aside, and the search begins anew.
 */
export function compileAutocluster(node: KqlNode, scope: Scope): TableStep {
  const call = patternCall(node, 3, 1, scope);
  const { budget } = scope.compilation;
  return (input) => {
    const attributes = attributesOf(input, call, new Set(), budget);
    const rows = Array.from({ length: input.rowCount }, (_, row) => row);
    const counts = countItems(attributes, rows, budget);
    const total = totalWeight(attributes, rows);
    const kinds = kindsOf(attributes, counts, total * LEAST_SHARE, budget);
    const sizeWeight = numberAmong(call, 0, USUAL_SIZE_WEIGHT, [0, 1]);
    const seeds = numberAmong(call, 2, USUAL_SEEDS, [1, Number.POSITIVE_INFINITY]);
    const bits = counts.map((own) => own.map((count) => (count > 0 ? -Math.log2(count / total) : 0)));
    const judging = { attributes, bits, sizeWeight, budget };
    const lines = clusters(kinds, total, seeds, judging)
      .map((pattern) => ({ pattern, count: weightOf(kinds, pattern, attributes) }))
      .sort((a, b) => b.count * b.pattern.size - a.count * a.pattern.size)
      .map(({ pattern, count }) => ({ told: [count, percentOf(count, total, 1)], pattern }));
    return patternTable(lines, attributes, call, node, new Set());
  };
}

/** Rows are one kind where they have the same values of those that are frequent enough to stand in a pattern. */
function kindsOf(
  { columns, weights }: Attributes,
  counts: readonly Float64Array[],
  least: number,
  budget: Budget,
): Kind[] {
  const kinds = new Map<string, { row: number; weight: number; frequent: number[] }>();
  for (const [row, weight] of weights.entries()) {
    budget.tick(columns.length);
    const frequent = [...columns.keys()].filter((at) => (counts[at]?.[columns[at]?.codes[row] ?? 0] ?? 0) >= least);
    const key = frequent.map((at) => `${at}:${columns[at]?.codes[row]}`).join();
    const kind = kinds.get(key);
    if (kind) kind.weight += weight;
    else kinds.set(key, { row, weight, frequent });
  }
  return [...kinds.values()].sort((a, b) => b.weight - a.weight);
}

function clusters(kinds: readonly Kind[], total: number, seeds: number, judging: Judging): SharedValues[] {
  const found = new Map<string, SharedValues>();
  let left = kinds.filter(({ weight }) => weight > 0);
  while (left.length > 0) {
    let best: Cluster | null = null;
    for (const seed of left.slice(0, seeds)) {
      const cluster = expand(seed, left, total, judging);
      if (cluster && cluster.score > (best?.score ?? 0)) best = cluster;
    }
    if (!best) break;
    const { pattern } = best;
    found.set(patternKey(pattern), pattern);
    left = left.filter(({ row }) => !hasPattern(row, pattern, judging.attributes));
  }
  return [...found.values()];
}

/** The best pattern that a row leads to; null where each is too small, or tells nothing. */
function expand(seed: Kind, kinds: readonly Kind[], total: number, judging: Judging): Cluster | null {
  const { attributes, bits, sizeWeight, budget } = judging;
  const pattern = new Map(seed.frequent.map((at) => [at, attributes.columns[at]?.codes[seed.row] as number]));
  let best: Cluster | null = null;
  while (pattern.size > 0) {
    budget.tick(kinds.length * pattern.size);
    const { size, without } = sizesOf(pattern, kinds, attributes);
    const told = [...pattern].reduce((sum, [column, code]) => sum + (bits[column]?.[code] ?? 0), 0);
    const score = (size / total) ** sizeWeight * told ** (1 - sizeWeight);
    if (size >= total * LEAST_SHARE && score > (best?.score ?? 0)) best = { pattern: new Map(pattern), score };
    const rarity = (column: number): number => bits[column]?.[pattern.get(column) ?? 0] ?? 0;
    const [drop] = [...without].sort(([a, gainA], [b, gainB]) => gainB - gainA || rarity(b) - rarity(a))[0] ?? [];
    if (drop === undefined) break;
    pattern.delete(drop);
  }
  return best;
}

/** How many rows have the pattern, and how many more would without each of its columns. */
function sizesOf(
  pattern: SharedValues,
  kinds: readonly Kind[],
  { columns }: Attributes,
): { readonly size: number; readonly without: ReadonlyMap<number, number> } {
  const without = new Map([...pattern.keys()].map((column) => [column, 0]));
  let size = 0;
  for (const { row, weight } of kinds) {
    const missing = [...pattern].filter(([column, code]) => columns[column]?.codes[row] !== code);
    const [only] = missing;
    if (!only) size += weight;
    else if (missing.length === 1) without.set(only[0], (without.get(only[0]) ?? 0) + weight);
  }
  return { size, without };
}

function hasPattern(row: number, pattern: SharedValues, { columns }: Attributes): boolean {
  for (const [column, code] of pattern) if (columns[column]?.codes[row] !== code) return false;
  return true;
}

function weightOf(kinds: readonly Kind[], pattern: SharedValues, attributes: Attributes): number {
  return kinds.reduce((sum, { row, weight }) => (hasPattern(row, pattern, attributes) ? sum + weight : sum), 0);
}
