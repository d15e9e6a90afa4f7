import { type ExpressionBuilder, sql } from 'kysely';
import { createBulk } from '../steps/bulk.ts';
import { compiledOnce } from '../steps/statement.ts';
import { all, change, type Items, type RowSteps } from '../steps/steps.ts';
import { db, type Tables } from '../steps/tables.ts';

/*
 * Only the first pending entry of each order key may go out. Whoever changes what is pending brings `waiting` in line, in the same transaction.
 */

const newestId = {
  alert: compiledOnce(() => buildNewestId('alert')),
  outbox: compiledOnce(() => buildNewestId('outbox')),
};

function buildNewestId(table: 'alert' | 'outbox') {
  return db.selectFrom(table).select((select) => select.fn.max<number | null>('id').as('id'));
}

/** The newest row's id; 0 where there is none. */
export function* highestId(table: 'alert' | 'outbox'): RowSteps<number> {
  return (yield* all(newestId[table]({})))[0]?.id ?? 0;
}

const holdAdded = compiledOnce(({ first }: { readonly first: number }) => {
  const fresh = db.updateTable('outbox').set({ waiting: 1 }).where('id', '>=', first);
  return fresh.where('settled_at', 'is', null).where(hasEarlier);
});

/** Entries from this id on were added. */
export function* entriesAdded(first: number): RowSteps<void> {
  yield* change(holdAdded({ first }));
}

const oneThatWaits = compiledOnce(() => {
  const pending = db.selectFrom('outbox').select('id').where('settled_at', 'is', null);
  return pending.where('waiting', '=', sql.lit(1)).limit(1);
});

/** These entries are finished: those behind them are first now. Mostly none waits, which is seen for all of them at once. */
export function* entriesFinished(ids: readonly number[]): RowSteps<void> {
  if ((yield* all(oneThatWaits({}))).length === 0) return;
  yield* change(release(ids.map(toEntry), {}));
}

/** These finished entries are pending again: where they stand before others of their order key, those wait. */
export function* entriesReopened(ids: readonly number[]): RowSteps<void> {
  const entries = ids.map(toEntry);
  yield* change(place(entries, {}));
  yield* change(hold(entries, {}));
}

/** Any entries of a target may have been finished, or opened again. */
export function* entriesChanged(target: string): RowSteps<void> {
  const pending = db.updateTable('outbox').where('target', '=', target).where('settled_at', 'is', null);
  yield* change(pending.set((set) => ({ waiting: set.case().when(hasEarlier(set)).then(1).else(0).end() })));
}

function toEntry(id: number): EntryId {
  return { id };
}

/**
 * Whether an earlier entry of the same order key is pending. Asked for the first one, and not whether there is one: Postgres would read all
 * that is pending at once for that, however much it is, instead of looking for each.
 */
function hasEarlier(where: ExpressionBuilder<Tables, 'outbox'>) {
  const first = where
    .selectFrom('outbox as earlier')
    .select('earlier.id')
    .whereRef('earlier.target', '=', 'outbox.target')
    .whereRef('earlier.order_key', '=', 'outbox.order_key')
    .where('earlier.settled_at', 'is', null)
    .whereRef('earlier.id', '<', 'outbox.id')
    .orderBy('earlier.id')
    .limit(1);
  return where(first, 'is not', null);
}

type EntryId = { readonly id: number };
const ENTRY_ID = { id: 'number' } as const;

/** Those of the entries given that stand behind another pending one wait. */
const place = createBulk<EntryId, Record<never, never>, unknown>(ENTRY_ID, (entries: Items) =>
  db
    .updateTable('outbox')
    .set({ waiting: sql.lit(1) })
    .where('id', 'in', entries.among<number>('id'))
    .where('settled_at', 'is', null)
    .where(hasEarlier),
);

/** For every entry given, the pending one right behind it waits. */
const hold = createBulk<EntryId, Record<never, never>, unknown>(ENTRY_ID, (entries: Items) => {
  const behind = sql<number>`(select min(next.id) from outbox as next where next.target = reopened.target
    and next.order_key = reopened.order_key and next.settled_at is null and next.id > reopened.id)`;
  const next = db
    .selectFrom('outbox as reopened')
    .select(behind.as('id'))
    .where('reopened.id', 'in', entries.among<number>('id'))
    .where('reopened.settled_at', 'is', null);
  return db
    .updateTable('outbox')
    .set({ waiting: sql.lit(1) })
    .where('id', 'in', next)
    .where('waiting', '=', sql.lit(0));
});

/** For every entry given, the first one of its order key that is pending now. */
const release = createBulk<EntryId, Record<never, never>, unknown>(ENTRY_ID, (entries: Items) => {
  const first = sql<number>`(select min(next.id) from outbox as next
    where next.target = finished.target and next.order_key = finished.order_key and next.settled_at is null)`;
  const firsts = db
    .selectFrom('outbox as finished')
    .select(first.as('id'))
    .where('finished.id', 'in', entries.among<number>('id'));
  return db
    .updateTable('outbox')
    .set({ waiting: sql.lit(0) })
    .where('id', 'in', firsts)
    .where('waiting', '=', sql.lit(1));
});
