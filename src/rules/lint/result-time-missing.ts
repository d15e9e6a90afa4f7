import { effectiveShape } from '../shape.ts';
import type { LintCheck } from './check.ts';

/** The columns that tell when the newest event of a row happened, as alerts read them. */
const TIME_COLUMN = /^(Timestamp|TimeGenerated)[123]?$/;

/** Hits of a set that an exception or a quiet time holds back are told again only if they hold a newer event: the row has to say. */
export const resultTimeMissing: LintCheck = {
  id: 'result-time-missing',
  description:
    'A set whose result tells no event time: `Timestamp = max(Timestamp)` is missing. A warning where the rule has `exceptions` or `suppress`, which hold such hits back for a day at most.',
  why: 'Without the time of its newest event, nobody can tell whether a hit that was held back is a new one.',
  mend: 'Add `Timestamp = max(Timestamp)` to the last `summarize`.',
  severity: 'info',
  analyzed: true,
  refuses: [],
  check: (rule, { prepared }) => {
    const { columns, identity } = prepared;
    const others = identity.otherTimes ?? [];
    if (effectiveShape(rule, prepared) !== 'set' || columns === null) return [];
    const named = columns.map(({ name }) => name).filter((name) => TIME_COLUMN.test(name));
    if (named.some((name) => !others.includes(name))) return [];
    const holdsBack = rule.exceptions.length > 0 || (rule.alert.suppressMs ?? 0) > 0;
    const lack = named.length === 0 ? 'no Timestamp' : `the times of looked-up rows only (${named.join(', ')})`;
    const message = `The result has ${lack}, so nothing tells whether a hit that was held back, or told before an edit, holds a newer event.`;
    const suggestion = 'Add it to the last summarize: "Timestamp = max(Timestamp)".';
    return [{ place: rule.map.placeOf(['query']), message, suggestion, severity: holdsBack ? 'warning' : 'info' }];
  },
};
