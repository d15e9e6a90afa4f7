import type { RawRow } from '../engine/data/row-table.ts';
import type { TableReference } from '../kql/prepared.ts';
import type { Window } from '../kql/window.ts';
import { formatDuration } from '../lib/duration.ts';
import type { RuleTest, RunnableRule } from '../rules/rule.ts';
import { arrivalOf, completeTables } from './fixture-source.ts';
import type { Difference } from './match-alerts.ts';
import { iso } from './ticks.ts';

/** Events of a test that its query cannot see, because they lie outside the window: each with how far. */
export function outsideWindow(rule: RunnableRule, test: RuleTest, window: Window | null): readonly Difference[] {
  if (!window || !test.tables) return [];
  const tables = completeTables(rule, test);
  return rule.prepared.tables.flatMap((reference) => {
    const rows = Object.hasOwn(tables, reference.table) ? (tables[reference.table]?.rows ?? []) : [];
    if (reference.timeColumn === null) return [];
    const view = viewOf(reference, reference.timeColumn, window, test.now);
    return rows.flatMap((row, index) => unseen(view, row, `tables.${reference.table}[${index}]`));
  });
}

/** What a table reference sees: which time of a row counts, and between when. */
interface View {
  readonly what: string;
  readonly timeOf: (row: RawRow) => number;
  readonly from: number;
  readonly to: number;
}

function viewOf(reference: TableReference, timeColumn: string, window: Window, now: number): View {
  const byEvent = { what: timeColumn, timeOf: (row: RawRow) => Date.parse(iso(row[timeColumn])) };
  if (reference.lookbackMs !== null) return { ...byEvent, from: now - reference.lookbackMs, to: now };
  if (window.basis === 'event') return { ...byEvent, from: window.from, to: window.to };
  return { what: 'arrival', timeOf: arrivalOf, from: window.from, to: window.to };
}

function unseen({ what, timeOf, from, to }: View, row: RawRow, path: string): readonly Difference[] {
  const time = timeOf(row);
  if (Number.isNaN(time) || (time >= from && time < to)) return [];
  const far = time < from ? `${formatDuration(from - time)} before` : `${formatDuration(time - to)} behind`;
  return [
    { path, expected: `${what} within ${text(from)} and ${text(to)}`, actual: `${text(time)}, ${far} the window` },
  ];
}

function text(time: number): string {
  return new Date(time).toISOString();
}
