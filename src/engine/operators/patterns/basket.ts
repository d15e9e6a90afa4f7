import type { KqlNode } from '../../../kql/ast.ts';
import type { Budget } from '../../budget.ts';
import type { Scope, TableStep } from '../../compile/scope.ts';
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
const USUAL_DIMENSIONS = 5;

/** A pattern with the rows that have it; what these rows share besides is part of it. */
interface Basket {
  readonly pattern: SharedValues;
  readonly rows: Int32Array;
  readonly count: number;
  /** How much of these rows has each value, by column and code. */
  readonly counts: readonly Float64Array[];
}

/**
 * `basket(threshold, weight, dimensions, wildcard…)`: what so many rows share. A pattern holds all that its rows share, so that none is told
 * twice; values that follow from others do not count as dimensions. Those come first that fix the most cells.
 */
export function compileBasket(node: KqlNode, scope: Scope): TableStep {
  const call = patternCall(node, 3, 1, scope);
  const { budget } = scope.compilation;
  return (input) => {
    const attributes = attributesOf(input, call, new Set(), budget);
    const rows = Int32Array.from({ length: input.rowCount }, (_, row) => row);
    const total = totalWeight(attributes, rows);
    const least = total * numberAmong(call, 0, USUAL_THRESHOLD, [LEAST_THRESHOLD, 1]);
    const dimensions = numberAmong(call, 2, USUAL_DIMENSIONS, [1, Number.POSITIVE_INFINITY]);
    const found = total > 0 ? baskets(attributes, rows, { least, dimensions }, budget) : [];
    const lines = found
      .sort((a, b) => b.count * b.pattern.size - a.count * a.pattern.size)
      .map(({ count, pattern }): PatternLine => ({ told: [count, percentOf(count, total, 1)], pattern }));
    return patternTable(lines, attributes, call, node, new Set());
  };
}

/** Level by level: each basket is narrowed by each frequent value that its rows do not share. */
function baskets(
  attributes: Attributes,
  rows: Int32Array,
  { least, dimensions }: { readonly least: number; readonly dimensions: number },
  budget: Budget,
): { readonly pattern: SharedValues; readonly count: number }[] {
  const root = basketOf(attributes, rows, budget);
  const found = new Map([[patternKey(root.pattern), { pattern: root.pattern, count: root.count }]]);
  let level = [root];
  for (let size = 1; size <= dimensions && level.length > 0; size += 1) {
    level = level.flatMap((basket) =>
      frequentItems(basket, least).flatMap((item) => {
        const narrowed = basketOf(attributes, rowsWith(attributes, basket.rows, item), budget);
        const key = patternKey(narrowed.pattern);
        if (found.has(key)) return [];
        found.set(key, { pattern: narrowed.pattern, count: narrowed.count });
        return [narrowed];
      }),
    );
  }
  return [...found.values()].filter(({ pattern }) => pattern.size > 0);
}

function basketOf(attributes: Attributes, rows: Int32Array, budget: Budget): Basket {
  const counts = countItems(attributes, rows, budget);
  budget.spend(1);
  budget.spendBytes(rows.byteLength + counts.reduce((sum, one) => sum + one.byteLength, 0));
  const [row = -1] = rows;
  const shared = attributes.columns.flatMap(({ codes }, column): [number, number][] => {
    const code = codes[row];
    return code !== undefined && rows.every((other) => codes[other] === code) ? [[column, code]] : [];
  });
  return { pattern: new Map(shared), rows, count: totalWeight(attributes, rows), counts };
}

function frequentItems({ pattern, counts }: Basket, least: number): Item[] {
  return counts.flatMap((own, column) => {
    if (pattern.has(column)) return [];
    return [...own.entries()].flatMap(([code, count]) => (count >= least && count > 0 ? [{ column, code }] : []));
  });
}
