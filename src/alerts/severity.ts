import type { Severity } from '../rules/rule.ts';
import type { Cell } from '../sources/source.ts';

const RANK: Readonly<Record<Severity, number>> = { informational: 0, low: 1, medium: 2, high: 3, critical: 4 };

/** Mildest first. */
export const SEVERITY_NAMES: readonly string[] = Object.keys(RANK);

const BY_NAME: ReadonlyMap<string, Severity> = new Map([
  ['informational', 'informational'],
  ['information', 'informational'],
  ['info', 'informational'],
  ['low', 'low'],
  ['medium', 'medium'],
  ['high', 'high'],
  ['critical', 'critical'],
]);

/** From 0 (informational) to 4 (critical). */
export function severityRank(severity: Severity): number {
  return RANK[severity];
}

/** The severity that a cell names, in any case; null where it names none. */
export function severityOf(cell: Cell): Severity | null {
  return typeof cell === 'string' ? (BY_NAME.get(cell.trim().toLowerCase()) ?? null) : null;
}

export function highestSeverity(one: Severity, other: Severity): Severity {
  return RANK[other] > RANK[one] ? other : one;
}
