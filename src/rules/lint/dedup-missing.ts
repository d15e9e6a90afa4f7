import { effectiveShape } from '../shape.ts';
import type { LintCheck } from './check.ts';

/** A group of the newest hour is there before its hour is over: what is told of it first is told of a part. */
export const dedupMissing: LintCheck = {
  id: 'dedup-missing',
  description: 'An alert per row of an aggregate whose groups are bins of time, without `alert.dedup.columns`.',
  why: 'Windows overlap, so a group of the newest bin is told with a part of its count and never again, and each bin makes an alert of its own for one and the same matter.',
  mend: 'Name the columns that make a hit the same in `alert.dedup.columns`, mostly those without the time.',
  severity: 'info',
  analyzed: true,
  refuses: [],
  check: (rule, { prepared }) => {
    const { per, dedupColumns } = rule.alert;
    const { kind, columns } = prepared.identity;
    if (effectiveShape(rule, prepared) !== 'set' || per !== 'row' || dedupColumns !== null) return [];
    const isTime = (name: string) => prepared.columns?.some((one) => one.name === name && one.type === 'datetime');
    const time = kind === 'columns' ? columns.find(isTime) : undefined;
    if (time === undefined) return [];
    const others = columns.filter((name) => !isTime(name)).join(', ');
    const message = `Rows of this aggregate are known by ${columns.join(', ')}: each ${time} makes an alert of its own, told when its count may still grow.`;
    const suggestion = `Say what makes a hit the same: "dedup: {columns: [${others}]}" in "alert".`;
    return [{ place: rule.map.placeOf(['alert']), message, suggestion }];
  },
};
