import { effectiveShape, lookbackOf } from '../shape.ts';
import type { LintCheck } from './check.ts';

/** A set rule answers over exactly one window: how long that is decides what it finds, so nobody guesses it. */
export const lookbackMissing: LintCheck = {
  id: 'lookback-missing',
  description: 'A set without lookback.',
  why: 'The windows of a set are asked exactly as long as `lookback` says; without it nothing says what belongs together.',
  mend: 'Add `schedule.lookback`, at least twice the time between runs.',
  severity: 'error',
  analyzed: true,
  refuses: ['set'],
  check: (rule, { prepared }) => {
    if (effectiveShape(rule, prepared) !== 'set' || lookbackOf(rule, prepared) !== null) return [];
    const because = prepared.shapeReason === '' ? '' : ` (${prepared.shapeReason})`;
    const message = `The query joins or aggregates events${because}, so "schedule.lookback" is mandatory.`;
    const suggestion = 'Add "lookback", at least twice the time between runs.';
    return [{ place: rule.map.placeOf(['schedule']), message, suggestion }];
  },
};
