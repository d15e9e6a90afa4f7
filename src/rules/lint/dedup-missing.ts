import { effectiveShape } from '../shape.ts';
import type { LintCheck } from './check.ts';

/** Bins of time move with the window, so that they are no part of what a row is known by: of several bins one is told. */
export const dedupMissing: LintCheck = {
  id: 'dedup-missing',
  description: 'An alert per row of an aggregate whose groups are bins of time, without `alert.dedup.columns`.',
  why: 'Bins move with the window and are no part of what a row is known by: the bins of one window are one hit, and a later one is a duplicate while windows overlap. Who counts on an alert a bin waits for it in vain.',
  mend: 'Name the columns that make a hit the same in `alert.dedup.columns` where that is meant; else group by no time, or alert per run.',
  severity: 'info',
  analyzed: true,
  refuses: [],
  check: (rule, { prepared }) => {
    const { per, dedupColumns } = rule.alert;
    const { columns, bins = [] } = prepared.identity;
    if (effectiveShape(rule, prepared) !== 'set' || per !== 'row' || dedupColumns !== null) return [];
    if (bins.length === 0) return [];
    const message = `Rows of this aggregate are known by ${columns.join(', ')} without ${bins.join(', ')}: those of all bins in a window are one hit, and a later bin is told only once the windows no longer overlap.`;
    const suggestion = `Say that it is meant: "dedup: {columns: [${columns.join(', ')}]}" in "alert"; or group by no time, or alert per run.`;
    return [{ place: rule.map.placeOf(['alert', 'per']), message, suggestion }];
  },
};
