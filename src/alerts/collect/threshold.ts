import type { Operator } from '../../rules/rule.ts';
import { type Tally, type TallyPlan, tallyValue } from './tally.ts';

/** Orders compare a bigint with a number exactly, which `===` would always call different. */
const COMPARE: Readonly<Record<Operator, (value: number | bigint, limit: number) => boolean>> = {
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '==': (value, limit) => !(value < limit || value > limit),
  '!=': (value, limit) => value < limit || value > limit,
};

/**
 * Whether what was counted passes the threshold. An aggregate over nothing does not pass; no rows at all pass only
 * where the answer is `complete`, because only then zero is known.
 */
export function passesThreshold(plan: TallyPlan, tally: Tally, complete: boolean): boolean {
  if (tally.rows === 0 && !complete) return false;
  const value = tallyValue(plan, tally);
  return value !== null && COMPARE[plan.threshold.operator](value, plan.threshold.value);
}
