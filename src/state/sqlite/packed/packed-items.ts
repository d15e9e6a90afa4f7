import { type Expression, type RawBuilder, sql } from 'kysely';
import { type NamedValues, placesOf, type SqlValue } from '../../steps/bind.ts';
import type { Bulk, Items } from '../../steps/steps.ts';
import { db } from '../../steps/tables.ts';
import { type ColumnForm, packColumn } from './packed-column.ts';

type Forms = readonly (readonly [column: string, form: ColumnForm])[];

export interface PackedItems {
  readonly forms: Forms;
  /** To fill the places that `itemsOfForms` leaves in a statement. */
  readonly values: NamedValues;
}

/** Null where a column cannot be packed. */
export function packItems(columns: Bulk<unknown>['columns'], items: readonly NamedValues[]): PackedItems | null {
  const forms: [string, ColumnForm][] = [];
  const values: Record<string, SqlValue> = { count: items.length };
  for (const [name, type] of Object.entries(columns)) {
    const packed = packColumn(
      type,
      items.map((item) => item[name]),
    );
    if (packed === null) return null;
    forms.push([name, packed.form]);
    values[`packed ${name}`] = packed.value;
    values[`width of ${name}`] = packed.width;
  }
  return { forms, values };
}

/** The items of a statement that is handed its columns packed: SQLite counts through the places and cuts each value out. */
export function itemsOfForms(forms: Forms): Items {
  const places = placesOf<NamedValues>();
  const cells = forms.map(([name, form]) => [name, cellOf(places, name, form)] as const);
  const count = sql`with recursive place(n) as (select 0 union all select n + 1 from place where n + 1 < ${places.count})`;
  return {
    among: <Value>(column: string): Expression<Value> => {
      const wanted = cells.filter(([name]) => name === column).map(([, cell]) => cell);
      return sql<Value>`(${count} select ${sql.join(wanted)} from place)`;
    },
    into: (table, shared) => {
      const all = [...cells, ...sharedCells(shared)];
      const names = all.map(([name]) => name);
      const rows = sql`${count} select ${sql.join(all.map(([, cell]) => cell))} from place where true`;
      return db
        .insertInto(table)
        .columns(names as never)
        .expression(rows as never);
    },
  };
}

function sharedCells(shared: NamedValues): readonly (readonly [string, RawBuilder<unknown>])[] {
  return Object.keys(shared).map((name) => [name, sql`${shared[name]}`] as const);
}

function cellOf(places: NamedValues, name: string, form: ColumnForm): RawBuilder<unknown> {
  const value = sql`${places[`packed ${name}`]}`;
  if (form === 'same') return value;
  if (form === 'next') return sql`${value} + n`;
  const width = sql`${places[`width of ${name}`]}`;
  const bytes = sql`substr(${value}, n * ${width} + 1, ${width})`;
  if (form === 'bytes') return bytes;
  return form === 'text' ? sql`cast(${bytes} as text)` : sql`cast(${bytes} as integer)`;
}
