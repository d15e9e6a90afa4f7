import type { Column } from '../kql/types.ts';
import { createBudget } from './budget.ts';
import type { TableReads } from './compile/scope.ts';
import { matchingRows } from './operators/filter.ts';
import { openTable } from './read-tables.ts';
import type { Selection } from './runtime/column.ts';
import type { Narrowing, RangeOf, TableData } from './table-data.ts';

const UNLIMITED = {
  rows: Number.POSITIVE_INFINITY,
  bytes: Number.POSITIVE_INFINITY,
  ms: Number.POSITIVE_INFINITY,
};

/**
 * Which rows of a table a query can need: those that the condition right behind the table lets through, of any place that reads it. Null
 * where one of them has no such condition. The query itself asks its conditions again, so that it only sees fewer rows that it would drop.
 */
export function narrowingOf(
  name: string,
  reads: TableReads | undefined,
  columns: readonly Column[],
  signal: AbortSignal,
): Narrowing | null {
  if (!reads || reads.conditions.length === 0 || reads.conditions.length !== reads.uses) return null;
  const budget = createBudget(UNLIMITED, () => 0, signal);
  const { conditions } = reads;
  const loaded = new Set(columns.map((column) => column.name));
  const rowsOf = (data: TableData): Selection => {
    const table = openTable(name, { columns, data, loaded }, budget);
    return anyOf(
      conditions.map(({ expression }) => matchingRows(table, expression, budget)),
      data.rowCount,
    );
  };
  return Object.assign(rowsOf, {
    columns: new Set(conditions.flatMap((condition) => [...condition.columns])),
    mayKeep: (rangeOf: RangeOf) => conditions.some((condition) => condition.mayHold(rangeOf)),
  });
}

function anyOf(selections: readonly Selection[], rowCount: number): Selection {
  const [only] = selections;
  if (only && selections.length === 1) return only;
  const kept = new Uint8Array(rowCount);
  for (const selection of selections) for (const row of selection) kept[row] = 1;
  const rows: number[] = [];
  for (const [row, isKept] of kept.entries()) if (isKept === 1) rows.push(row);
  return Int32Array.from(rows);
}
