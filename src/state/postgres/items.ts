import { type Expression, sql } from 'kysely';
import { type NamedValues, placesOf } from '../steps/bind.ts';
import type { Bulk, ColumnType, Items } from '../steps/steps.ts';
import { db } from '../steps/tables.ts';

const TYPES: Readonly<Record<ColumnType, string>> = {
  number: 'bigint[]',
  real: 'double precision[]',
  text: 'text[]',
  bytes: 'bytea[]',
  utf8: 'text[]',
};

/** What only Postgres has of a row, by its table: where a target is divided, its entries have their part from the beginning. */
const OWN_COLUMNS: Readonly<Record<string, Readonly<Record<string, Expression<unknown>>>>> = {
  outbox: {
    shard: sql`(select shard_of(item.order_key, division.shards) from division where division.target = item.target)`,
  },
};

/** One list of values for each column, however many items there are: the statement stays the same. */
export function listsForItems(columns: Bulk<unknown>['columns']): Items {
  const place = placesOf<NamedValues>('each');
  const listOf = (name: string) => sql`${place[name]}::${sql.raw(TYPES[columns[name] ?? 'text'])}`;
  return {
    among: <Value>(column: string): Expression<Value> => sql<Value>`(select unnest(${listOf(column)}))`,
    into: (table, shared) => {
      const own = Object.keys(columns);
      const extra = OWN_COLUMNS[table] ?? {};
      const names = [...own, ...Object.keys(shared), ...Object.keys(extra)];
      const values = [
        ...own.map((name) => sql.ref(`item.${name}`)),
        ...Object.values(shared).map((one) => sql`${one}`),
        ...Object.values(extra),
      ];
      // Lists of one length go side by side, in their order. As tables they would be copied, joined and sorted first.
      const cells = own.map((name) => sql`unnest(${listOf(name)}) as ${sql.ref(name)}`);
      const rows = sql`select ${sql.join(values)} from (select ${sql.join(cells)}) as item`;
      return db
        .insertInto(table)
        .columns(names as never)
        .expression(rows as never);
    },
  };
}
