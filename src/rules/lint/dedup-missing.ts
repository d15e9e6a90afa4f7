import { effectiveShape } from '../shape.ts';
import type { LintCheck } from './check.ts';

/** A count is part of a row and changes from run to run; what its group is stays. */
export const dedupMissing: LintCheck = {
  id: 'dedup-missing',
  description: 'An alert per row of an aggregate without `alert.dedup.columns`.',
  why: 'What makes a row the same again is then derived from the query, and changes with it: an edit of the by-columns tells old groups anew.',
  mend: 'Name the columns in `alert.dedup.columns`.',
  severity: 'info',
  analyzed: true,
  refuses: [],
  check: (rule, { prepared }) => {
    const { per, dedupColumns } = rule.alert;
    const { kind, columns } = prepared.identity;
    if (effectiveShape(rule, prepared) !== 'set' || per !== 'row' || dedupColumns !== null) return [];
    if (kind !== 'columns') return [];
    const message = `Rows of this aggregate are known by ${columns.join(', ')}, as its query groups them.`;
    const suggestion = `Say so: "dedup: {columns: [${columns.join(', ')}]}" in "alert".`;
    return [{ place: rule.map.placeOf(['alert']), message, suggestion }];
  },
};
