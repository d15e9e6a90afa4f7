import type { TableReference } from '../../kql/prepared.ts';
import type { Window } from '../../kql/window.ts';
import type { ExplainedTable, ExplainedWindow } from './explanation.ts';

/** One reference of a table in the query of a run with that L and window. */
export function explainTable(
  { table, role, known, timeColumn, lookbackMs, filter }: TableReference,
  logicalTime: number,
  window: Window | null,
): ExplainedTable {
  const own = lookbackMs === null ? window : ownWindow(logicalTime, lookbackMs);
  const filtered = window === null || timeColumn === null ? null : own;
  return { name: table, role, window: isoWindow(filtered), filter, known };
}

/** A table that is looked up goes by the time of its rows. */
function ownWindow(logicalTime: number, lookbackMs: number): Window {
  return { from: logicalTime - lookbackMs, to: logicalTime, basis: 'event' };
}

export function isoWindow(window: Window | null): ExplainedWindow | null {
  if (window === null) return null;
  const { from, to, basis } = window;
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString(), basis };
}
