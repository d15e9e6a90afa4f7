import type { Value } from '../value.ts';

export type Values = readonly Value[];

/** Values as whole numbers: rows have one code exactly where they have the same value for grouping. */
export interface Codes {
  readonly codes: Int32Array;
  /** By code, the value; some may be no row's. */
  readonly distinct: Values;
}

/** One column of a table, made when it is first read. */
export interface TableColumn {
  readonly name: string;
  /** KQL type name; `dynamic` where the binder could not know better. */
  readonly type: string;
  values(): Values;
  /** The values as codes: with `make` where that pays, else only where they have been made already; null: not. */
  codes?(make: boolean): Codes | null;
}

/** A column whose values are computed at most once, on first use. */
export function lazyColumn(name: string, type: string, compute: () => Values): TableColumn {
  let made: Values | null = null;
  let pending: (() => Values) | null = compute;
  return {
    name,
    type,
    values() {
      if (made) return made;
      made = pending ? pending() : [];
      pending = null;
      return made;
    },
  };
}

export function columnOf(name: string, type: string, values: Values): TableColumn {
  return { name, type, values: () => values };
}

export function renamed(column: TableColumn, name: string): TableColumn {
  if (column.name === name) return column;
  return { ...column, name };
}

export function constantColumn(name: string, type: string, value: Value, count: number): TableColumn {
  return lazyColumn(name, type, () => new Array<Value>(count).fill(value));
}

/** The cell of a missing value: strings are never null. */
export function emptyValue(type: string): Value {
  return type === 'string' ? '' : null;
}

/** Row numbers; -1 stands for "no row" (outer joins). */
export type Selection = Int32Array;

/** `values` at the selected rows; -1 gives `missing`. */
export function gather(values: Values, selection: Selection, missing: Value): Value[] {
  const count = selection.length;
  const result = new Array<Value>(count);
  for (let index = 0; index < count; index += 1) {
    const row = selection[index] as number;
    result[index] = row < 0 ? missing : (values[row] as Value);
  }
  return result;
}
