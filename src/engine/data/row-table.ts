import type { Column, ScalarType } from '../../kql/types.ts';
import { INGESTED, type TableData, type TableSource } from '../table-data.ts';
import type { Value } from '../value.ts';
import { ARRIVALS } from './arrival.ts';
import { type Coercion, coercionOf } from './coerce.ts';

/** A row as a file or a rule test holds it. */
export type RawRow = Readonly<Record<string, unknown>>;

/**
 * A table over rows in memory; a column is coerced when a query first asks for it.
 * @param given names of all cells that any row has, where they are known: no row is asked for others
 */
export function rowTable(
  columns: readonly Column[],
  rows: readonly RawRow[],
  given?: ReadonlySet<string>,
): TableSource {
  return { columns, load: async () => rowData(columns, rows, given) };
}

function rowData(columns: readonly Column[], rows: readonly RawRow[], given?: ReadonlySet<string>): TableData {
  const types = new Map<string, ScalarType>(columns.map((column) => [column.name, column.type]));
  const made = new Map<string, readonly Value[] | null>();
  const make = (name: string): readonly Value[] | null => {
    if (name === INGESTED) return rows.map(arrivalOf);
    const type = types.get(name);
    if (!type || given?.has(name) === false) return null;
    return coercedCells(rows, name, coercionOf(type));
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

/** Reading a name is quicker than asking whether it is there, and the same where nothing but the row itself could have it. */
function coercedCells(rows: readonly RawRow[], name: string, coerce: Coercion): readonly Value[] {
  const isPlain = !(name in Object.prototype);
  const cells: Value[] = [];
  for (const row of rows) {
    const isOwn = (isPlain && Object.getPrototypeOf(row) === Object.prototype) || Object.hasOwn(row, name);
    cells.push(coerce(isOwn ? row[name] : null));
  }
  return cells;
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
