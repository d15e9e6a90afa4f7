import { effectiveShape } from '../shape.ts';
import type { LintCheck } from './check.ts';

/** A query without a window returns the same rows in every run. */
export const snapshotDedup: LintCheck = {
  id: 'snapshot-dedup',
  description: '`window: none` without `alert.dedup.columns`.',
  why: 'A snapshot sees the same rows in every run.',
  mend: 'Name the columns that make a row new in `alert.dedup.columns`.',
  severity: 'error',
  analyzed: true,
  refuses: ['snapshot'],
  check: (rule, { prepared }) => {
    if (effectiveShape(rule, prepared) !== 'snapshot' || rule.alert.dedupColumns !== null) return [];
    const message =
      'A rule with "window: none" sees the same rows in every run, so "alert.dedup.columns" is mandatory.';
    return [{ place: rule.map.placeOf(['window']), message, suggestion: 'Name the columns that make a row new.' }];
  },
};
