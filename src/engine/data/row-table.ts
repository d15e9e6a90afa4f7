import type { Column, ScalarType } from '../../kql/types.ts';
import { INGESTED, type TableData, type TableSource } from '../table-data.ts';
import type { Value } from '../value.ts';
import { ARRIVALS } from './arrival.ts';
import { coercionOf } from './coerce.ts';

/** A row as a file or a rule test holds it. */
export type RawRow = Readonly<Record<string, unknown>>;

/** A table over rows in memory; a column is coerced when a query first asks for it. */
export function rowTable(columns: readonly Column[], rows: readonly RawRow[]): TableSource {
  return { columns, load: async () => rowData(columns, rows) };
}

export function rowData(columns: readonly Column[], rows: readonly RawRow[]): TableData {
  const types = new Map<string, ScalarType>(columns.map((column) => [column.name, column.type]));
  const made = new Map<string, readonly Value[] | null>();
  const make = (name: string): readonly Value[] | null => {
    if (name === INGESTED) return rows.map(arrivalOf);
    const type = types.get(name);
    if (!type) return null;
    const coerce = coercionOf(type);
    return rows.map((row) => coerce(Object.hasOwn(row, name) ? row[name] : null));
  };
  return {
    rowCount: rows.length,
    column(name) {
      const known = made.get(name);
      if (known !== undefined) return known;
      const values = make(name);
      made.set(name, values);
      return values;
    },
  };
}

const toDatetime = coercionOf('datetime');

/** When a local row arrived: as it says itself, else as the export says, else when the event happened. */
function arrivalOf(row: RawRow): Value {
  for (const name of ARRIVALS) {
    const time = Object.hasOwn(row, name) ? toDatetime(row[name]) : null;
    if (time !== null) return time;
  }
  return null;
}
