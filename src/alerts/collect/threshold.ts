import type { ThresholdOperator } from '../../rules/rule.ts';
import { type Measurement, type MeasurementPlan, measuredValue } from './measurement.ts';

/** Orders compare a bigint with a number exactly, which `===` would always call different. */
const COMPARE: Readonly<Record<ThresholdOperator, (value: number | bigint, limit: number) => boolean>> = {
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
export function passesThreshold(plan: MeasurementPlan, measurement: Measurement, complete: boolean): boolean {
  if (measurement.rows === 0 && !complete) return false;
  const value = measuredValue(plan, measurement);
  return value !== null && COMPARE[plan.threshold.operator](value, plan.threshold.value);
}
