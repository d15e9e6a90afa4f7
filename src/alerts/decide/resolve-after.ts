import type { RunnableRule } from '../../rules/rule.ts';
import { hitKind } from '../collect/hits.ts';
import { quietMs } from './quiet-time.ts';

type RuleWithEnd = Pick<RunnableRule, 'threshold' | 'alert' | 'origin' | 'effectiveShape' | 'lookbackMs'>;

/**
 * How long the condition of an alert must be gone before its end is told, in ms; null: its end is never told. Where the rule does not say,
 * groups and runs end after their quiet time, at least the lookback, so that nothing comes back unheard behind a closed ticket. A row
 * of a stream is something that happened: it has no end.
 */
export function resolveAfterOf(rule: RuleWithEnd): number | null {
  const own = rule.alert.resolveAfterMs;
  const per = hitKind(rule);
  if (own === 'never' || (per === 'row' && rule.effectiveShape === 'stream')) return null;
  if (own !== undefined) return own;
  const hasEnd = (per !== 'row' && !rule.origin) || rule.alert.updates !== undefined;
  return hasEnd ? Math.max(quietMs(rule, per), rule.lookbackMs) : null;
}
