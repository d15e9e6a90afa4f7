import type { PreparedQuery, Shape } from '../kql/prepared.ts';
import { scheduleGaps } from './cron/gaps.ts';
import type { Rule } from './rule.ts';

/** The shape that windows and keys follow: what the rule says of itself, else the analysis. A snapshot stays one. */
export function effectiveShape(rule: Rule, prepared: PreparedQuery): Shape {
  return prepared.shape === 'snapshot' ? 'snapshot' : (rule.shape ?? prepared.shape);
}

/**
 * Lookback in ms: as the rule says, else for streams the (shortest) time between runs; 0 for snapshots, which have no window.
 * null: a set rule that does not say it.
 */
export function lookbackOf(rule: Rule, prepared: PreparedQuery): number | null {
  const shape = effectiveShape(rule, prepared);
  if (shape === 'snapshot') return 0;
  if (rule.schedule.lookbackMs !== null) return rule.schedule.lookbackMs;
  return shape === 'stream' ? (scheduleGaps(rule.schedule)?.shortestMs ?? null) : null;
}
