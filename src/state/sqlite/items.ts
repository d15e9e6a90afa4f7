import { type Expression, sql } from 'kysely';
import { type NamedValues, placesOf } from '../steps/bind.ts';
import type { Bulk, ColumnType, Items } from '../steps/steps.ts';
import { db } from '../steps/tables.ts';

/** A place for each value of so many items. */
export function placesForItems(columns: Bulk<unknown>['columns'], count: number): Items {
  const items = Array.from({ length: count }, (_, index) => placesOf<NamedValues>(index));
  return {
    among: <Value>(column: string): Expression<Value> => sql<Value>`(${sql.join(items.map((item) => item[column]))})`,
    into: (table, shared) => {
      const rows = items.map((item) => ({ ...rowOf(columns, item), ...shared }));
      return db.insertInto(table).values(rows as never);
    },
  };
}

function rowOf(columns: Bulk<unknown>['columns'], item: NamedValues): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(columns).map(([name, type]) => [name, placeFor(type, item[name])]));
}

function placeFor(type: ColumnType, place: unknown): unknown {
  return type === 'utf8' ? sql`cast(${place} as text)` : place;
}
