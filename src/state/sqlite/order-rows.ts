import { type ExpressionBuilder, sql } from 'kysely';
import { createBulk } from './bulk.ts';
import type { Connection } from './connection.ts';
import { compiledOnce } from './statement.ts';
import { db, type Tables } from './tables.ts';

/** Only the first pending entry of each order key may go out. Whoever changes what is pending brings `waiting` in line, in the same transaction. */
export interface OrderRows {
  /** Entries from this id on were added. */
  added(firstId: number): void;
  /** These entries are finished: those behind them are first now. */
  finished(ids: readonly number[]): void;
  /** These finished entries are pending again: where they stand before others of their order key, those wait. */
  reopened(ids: readonly number[]): void;
  /** Any entries of a target may have been finished, or opened again. */
  changed(target: string): void;
}

const newestId = {
  alert: compiledOnce(() => buildNewestId('alert')),
  outbox: compiledOnce(() => buildNewestId('outbox')),
};

function buildNewestId(table: 'alert' | 'outbox') {
  return db
    .selectFrom(table)
    .select((select) => select.fn.max<number | null>('id').as('id'))
    .compile();
}

/** The newest row's id; 0 where there is none. */
export function highestId(connection: Connection, table: 'alert' | 'outbox'): number {
  return connection.all(newestId[table]({}))[0]?.id ?? 0;
}

const holdAdded = compiledOnce(({ first }: { readonly first: number }) => {
  const fresh = db.updateTable('outbox').set({ waiting: 1 }).where('id', '>=', first);
  return fresh.where('settled_at', 'is', null).where(hasEarlier).compile();
});

export function createOrderRows(connection: Connection): OrderRows {
  const release = createBulk(connection, buildRelease);
  const hold = createBulk(connection, buildHold);
  const place = createBulk(connection, buildPlace);
  return {
    added: (first) => void connection.run(holdAdded({ first })),
    finished: (ids) =>
      void release.run(
        ids.map((id) => ({ id })),
        {},
      ),
    reopened: (ids) => {
      const entries = ids.map((id) => ({ id }));
      place.run(entries, {});
      hold.run(entries, {});
    },
    changed: (target) => {
      const pending = db.updateTable('outbox').where('target', '=', target).where('settled_at', 'is', null);
      connection.run(
        pending.set((set) => ({ waiting: set.case().when(hasEarlier(set)).then(1).else(0).end() })).compile(),
      );
    },
  };
}

/** Whether an earlier entry of the same order key is pending. */
function hasEarlier(where: ExpressionBuilder<Tables, 'outbox'>) {
  return where.exists(
    where
      .selectFrom('outbox as earlier')
      .select('earlier.id')
      .whereRef('earlier.target', '=', 'outbox.target')
      .whereRef('earlier.order_key', '=', 'outbox.order_key')
      .where('earlier.settled_at', 'is', null)
      .whereRef('earlier.id', '<', 'outbox.id'),
  );
}

/** Those of the entries given that stand behind another pending one wait. */
function buildPlace(entries: readonly { readonly id: number }[]) {
  return db
    .updateTable('outbox')
    .set({ waiting: sql.lit(1) })
    .where(
      'id',
      'in',
      entries.map(({ id }) => id),
    )
    .where('settled_at', 'is', null)
    .where(hasEarlier)
    .compile();
}

/** For every entry given, the pending one right behind it waits. */
function buildHold(entries: readonly { readonly id: number }[]) {
  const behind = sql<number>`(select min(next.id) from outbox as next where next.target = reopened.target
    and next.order_key = reopened.order_key and next.settled_at is null and next.id > reopened.id)`;
  const next = db
    .selectFrom('outbox as reopened')
    .select(behind.as('id'))
    .where(
      'reopened.id',
      'in',
      entries.map(({ id }) => id),
    )
    .where('reopened.settled_at', 'is', null);
  return db
    .updateTable('outbox')
    .set({ waiting: sql.lit(1) })
    .where('id', 'in', next)
    .where('waiting', '=', sql.lit(0))
    .compile();
}

/** For every entry given, the first one of its order key that is pending now. */
function buildRelease(entries: readonly { readonly id: number }[]) {
  const first = sql<number>`(select min(next.id) from outbox as next
    where next.target = finished.target and next.order_key = finished.order_key and next.settled_at is null)`;
  const firsts = db
    .selectFrom('outbox as finished')
    .select(first.as('id'))
    .where(
      'finished.id',
      'in',
      entries.map(({ id }) => id),
    );
  return db
    .updateTable('outbox')
    .set({ waiting: sql.lit(0) })
    .where('id', 'in', firsts)
    .where('waiting', '=', sql.lit(1))
    .compile();
}
