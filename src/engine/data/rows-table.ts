import type { Column, ScalarType } from '../../kql/types.ts';
import type { TableSource } from '../table-data.ts';
import { HIDDEN } from './arrival.ts';
import { type RawRow, rowTable } from './row-table.ts';
import { typeOfValue, widened } from './widen.ts';

/** Rows as a table: with the known columns, and every other name that any row has, with a type that holds all its values. */
export function tableOfRows(rows: readonly RawRow[], known: readonly Column[] = []): TableSource {
  const names = new Set(known.map((column) => column.name));
  const types = new Map<string, ScalarType | null>();
  for (const row of rows) {
    for (const [name, value] of Object.entries(row))
      if (!HIDDEN.has(name) && !names.has(name)) types.set(name, widened(types.get(name) ?? null, typeOfValue(value)));
  }
  const others = [...types].map(([name, type]) => ({ name, type: type ?? ('string' as const) }));
  return rowTable(others.length > 0 ? [...known, ...others] : known, rows);
}
