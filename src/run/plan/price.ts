import type { DayCost } from '../../sources/quota/day-cost.ts';

/** What a rule's reading costs a day, for each GB that one of its runs reads: how much that is, no service tells. */
export interface RulePrice {
  readonly rule: string;
  readonly perDay: number;
}

/** The dearest first. Null: nobody said what a GB costs. */
export function pricesOf(costs: readonly DayCost[], pricePerGb: number | null): readonly RulePrice[] | null {
  if (pricePerGb === null) return null;
  const prices = costs.map(({ ruleId, calls }) => ({ rule: ruleId, perDay: calls * pricePerGb }));
  return prices.sort((a, b) => b.perDay - a.perDay);
}

/** Four digits behind the point at most: half a cent for a GB is a usual price. */
export function priceText(price: number): string {
  return String(Math.round(price * 10_000) / 10_000);
}
