import type { DayCost } from '../../sources/quota/day-cost.ts';

/** What a rule's reading costs a day. */
export interface RulePrice {
  readonly rule: string;
  /** For each GB that one of its runs reads. */
  readonly perDay: number;
  /** What a run read, by the source's own statistics; null: nobody has measured it. */
  readonly gbPerRun: number | null;
}

const GB = 1_000_000_000;

/** The dearest first, those that were measured before the others. Null: nobody said what a GB costs. `scannedOf` gives the bytes of a run, by rule. */
export function pricesOf(
  costs: readonly DayCost[],
  pricePerGb: number | null,
  scannedOf: ReadonlyMap<string, number> = new Map(),
): readonly RulePrice[] | null {
  if (pricePerGb === null) return null;
  const prices = costs.map(({ ruleId, calls }) => {
    const bytes = scannedOf.get(ruleId);
    return { rule: ruleId, perDay: calls * pricePerGb, gbPerRun: bytes === undefined ? null : bytes / GB };
  });
  return prices.sort((a, b) => (dayPrice(b) ?? -1) - (dayPrice(a) ?? -1) || b.perDay - a.perDay);
}

/** What a day costs; null where that was not measured. */
export function dayPrice({ perDay, gbPerRun }: RulePrice): number | null {
  return gbPerRun === null ? null : perDay * gbPerRun;
}

/** Four digits behind the point at most: half a cent for a GB is a usual price. */
export function priceText(price: number): string {
  return String(Math.round(price * 10_000) / 10_000);
}

/** `0.12 a day, at 1.5 GB that a run read`, as far as it was measured. */
export function dayPriceText(price: RulePrice): string {
  const day = dayPrice(price);
  return day === null
    ? `${priceText(price.perDay)} a day for each GB that one run reads`
    : `${priceText(day)} a day, at ${sizeText(price.gbPerRun ?? 0)} that a run read`;
}

/** From so little on in the smaller unit. */
const LEAST_GB = 0.01;

function sizeText(gb: number): string {
  return gb >= LEAST_GB ? `${threeDigits(gb)} GB` : `${threeDigits(gb * 1000)} MB`;
}

/** What counts of a figure that is measured. */
export function threeDigits(value: number): number {
  return Number(value.toPrecision(3));
}
