import { coercionOf } from '../engine/data/coerce.ts';
import type { RawRow } from '../engine/data/row-table.ts';
import { INGESTED, type TableData, type TableSource } from '../engine/table-data.ts';
import type { Value } from '../engine/value.ts';
import type { Column, ScalarType } from '../kql/types.ts';

/** A table that only ever grows. What a query reads was coerced when it came, or is when it is first asked for. */
export interface GrowingTable {
  readonly source: TableSource;
  append(row: RawRow): void;
}

interface Grown {
  readonly values: Value[];
  readonly coerce: (raw: unknown) => Value;
}

export function createGrowingTable(columns: readonly Column[]): GrowingTable {
  const rows: RawRow[] = [];
  const types = new Map<string, ScalarType>(columns.map((column) => [column.name, column.type]));
  types.set(INGESTED, 'datetime');
  const grown = new Map<string, Grown>();
  const load = async (): Promise<TableData> => {
    const rowCount = rows.length;
    return { rowCount, column: (name) => columnUpTo(name, rowCount, rows, types, grown) };
  };
  return { source: { columns, load }, append: (row) => rows.push(row) };
}

/** Rows that came since the column was last read are added to it; a reader gets its own piece, because the column grows on. */
function columnUpTo(
  name: string,
  rowCount: number,
  rows: readonly RawRow[],
  types: ReadonlyMap<string, ScalarType>,
  grown: Map<string, Grown>,
): readonly Value[] | null {
  const type = types.get(name);
  if (!type) return null;
  const column = grown.get(name) ?? { values: [], coerce: coercionOf(type) };
  grown.set(name, column);
  for (let index = column.values.length; index < rowCount; index += 1) {
    const row = rows[index];
    column.values.push(column.coerce(row && Object.hasOwn(row, name) ? row[name] : null));
  }
  return column.values.slice(0, rowCount);
}
