import type { PreparedQuery, Shape } from '../kql/prepared.ts';
import { DAY_MS } from '../lib/duration.ts';
import { scheduleSpacing } from './cron/spacing.ts';
import type { Rule } from './rule.ts';

/** The shape that windows and keys follow: what the rule says of itself, else the analysis. A snapshot stays one. */
export function effectiveShape(rule: Rule, prepared: PreparedQuery): Shape {
  return prepared.shape === 'snapshot' ? 'snapshot' : (rule.shape ?? prepared.shape);
}

/** How long the services keep rows. */
export const DEFAULT_RETENTION_MS = 30 * DAY_MS;

/**
 * Lookback in ms: as the rule says, else for streams the (shortest) time between runs, and for sets what their absorbed filters asked
 * for; 0 for snapshots, which have no window. null: a set rule that says it nowhere.
 */
export function lookbackOf(rule: Rule, prepared: PreparedQuery): number | null {
  const shape = effectiveShape(rule, prepared);
  if (shape === 'snapshot') return 0;
  if (rule.schedule.lookbackMs !== null) return rule.schedule.lookbackMs;
  if (shape === 'stream') return scheduleSpacing(rule.schedule)?.shortestMs ?? null;
  return prepared.absorbedMs === null ? null : Math.min(prepared.absorbedMs, longestLookback(rule));
}

/** What is left of the rows that are kept when a run comes as late as the next one, and a day; no bound where runs lie further apart. */
function longestLookback({ schedule }: Rule): number {
  const longest = DEFAULT_RETENTION_MS - (scheduleSpacing(schedule)?.longestMs ?? 0) - DAY_MS;
  return longest > 0 ? longest : Number.POSITIVE_INFINITY;
}
