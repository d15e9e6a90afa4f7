import type { Column } from '../kql/types.ts';
import { type Budget, createBudget } from './budget.ts';
import type { Expression } from './compile/expression.ts';
import type { TableReads } from './compile/scope.ts';
import { matchingRows } from './operators/filter.ts';
import { openTable } from './read-tables.ts';
import type { Selection } from './runtime/column.ts';
import { selectRows, sequence, type Table } from './runtime/table.ts';
import type { Narrowing, RangeOf, TableData } from './table-data.ts';

const UNLIMITED = {
  rows: Number.POSITIVE_INFINITY,
  bytes: Number.POSITIVE_INFINITY,
  ms: Number.POSITIVE_INFINITY,
};

/**
 * Which rows of a table a query can need: those that the conditions right behind the table let through, of any place that reads it. Null
 * where one of them has no such condition. The query itself asks its conditions again, so that it only sees fewer rows that it would drop.
 */
export function narrowingOf(
  name: string,
  reads: TableReads | undefined,
  columns: readonly Column[],
  signal: AbortSignal,
): Narrowing | null {
  const filters = reads?.filters ?? [];
  if (filters.length === 0 || filters.length !== reads?.uses) return null;
  const budget = createBudget(UNLIMITED, () => 0, signal);
  const asked = new Set(filters.flatMap((filter) => [...filter.columns]));
  const some = columns.filter((column) => asked.has(column.name));
  const rowsOf = (data: TableData): Selection => {
    const table = openTable(name, { columns: some, data, loaded: asked }, budget);
    return anyOf(
      filters.map(({ expressions }) => rowsOfAll(table, expressions, budget)),
      data.rowCount,
    );
  };
  return Object.assign(rowsOf, {
    columns: asked,
    mayKeep: (rangeOf: RangeOf) => filters.some((filter) => filter.mayHold(rangeOf)),
  });
}

/** The rows that pass one condition after another. */
function rowsOfAll(table: Table, [first, ...others]: readonly Expression[], budget: Budget): Selection {
  let rows = first ? matchingRows(table, first, budget) : sequence(table.rowCount);
  for (const expression of others) {
    if (rows.length === 0) break;
    const kept = rows;
    const passed = matchingRows(selectRows(table, kept, budget), expression, budget);
    rows = passed.map((row) => kept[row] as number);
  }
  return rows;
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
