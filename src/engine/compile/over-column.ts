import { paysToCode } from '../runtime/codes.ts';
import type { Codes } from '../runtime/column.ts';
import { findColumn, type Table } from '../runtime/table.ts';
import type { Value } from '../value.ts';
import type { Expression, Getter } from './expression.ts';

/** The only column on which a pure function of these arguments depends; undefined where there is none, more than one, or it is not known. */
export function columnOver(args: readonly Expression[]): string | undefined {
  let over: string | undefined;
  for (const arg of args) {
    if (arg.invariant) continue;
    const column = arg.column ?? arg.over;
    if (column === undefined || (over !== undefined && over !== column)) return undefined;
    over = column;
  }
  return over;
}

/** The codes of a column of texts, where these repeat so that it pays to look at each once. */
export function repeatedTexts(table: Table, name: string | undefined): Codes | null {
  const column = name === undefined ? null : findColumn(table, name);
  if (column?.type !== 'string' || !column.codes) return null;
  const known = column.codes(false) ?? (paysToCode(column.values(), table.rowCount, table) ? column.codes(true) : null);
  return known && known.distinct.length * 2 <= table.rowCount ? known : null;
}

/** The same values, each computed once for a text of the column where its texts repeat; when a row first needs it, so that failures stay the same. */
export function onceAText(get: Getter, table: Table, over: string | undefined): Getter {
  const known = repeatedTexts(table, over);
  if (!known) return get;
  const { codes } = known;
  const made = new Array<Value | undefined>(known.distinct.length).fill(undefined);
  return (row) => {
    const code = codes[row] as number;
    const before = made[code];
    if (before !== undefined) return before;
    const value = get(row);
    made[code] = value;
    return value;
  };
}
