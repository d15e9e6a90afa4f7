import { formatDuration } from '../../lib/duration.ts';
import type { LintCheck } from './check.ts';

/** `window.tables` wins over the query, so what the query asks beyond it is never there. */
export const tableWindowShort: LintCheck = {
  id: 'table-window-short',
  description: 'A table in `window.tables` whose own filter in the query asks further back.',
  why: "The rows that the query's own filter asks for are not in the window that the rule gives the table.",
  mend: 'Give the table the longer time, or leave it out of `window.tables`.',
  severity: 'error',
  analyzed: true,
  refuses: [],
  check: (rule, { prepared }) =>
    prepared.tables.flatMap(({ table, ownMs }) => {
      const stated = Object.hasOwn(rule.window.tables, table) ? rule.window.tables[table] : undefined;
      if (typeof stated !== 'number' || ownMs === null || ownMs <= stated) return [];
      const message = `The query asks for ${formatDuration(ownMs)} of ${table}, "window.tables" gives it ${formatDuration(stated)}.`;
      const suggestion = `Give it ${formatDuration(ownMs)}, or leave it out: then the query's own filter counts.`;
      return [{ place: rule.map.placeOf(['window', 'tables', table]), message, suggestion }];
    }),
};
