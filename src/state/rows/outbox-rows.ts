import { sql } from 'kysely';
import type { OutboxEntry, OutboxStore } from '../outbox-store.ts';
import type { Database } from '../steps/database.ts';
import { compiledOnce } from '../steps/statement.ts';
import { all, type RowSteps } from '../steps/steps.ts';
import { db } from '../steps/tables.ts';
import { gathered, jsonTextAt } from '../steps/words.ts';
import type { SuccessorQuery, Successors } from '../successors.ts';
import { readEntries } from './entries/read-entries.ts';
import { forPart, isInShard, type PartOf, targetOfPart } from './order/for-part.ts';
import { successorIds } from './order/successor-ids.ts';

type PendingQuery = Parameters<OutboxStore['pending']>[1];
type LastingQuery = Parameters<OutboxStore['lasting']>[1];
type DueValues = PartOf & { readonly due: number; readonly take: number };

export function createOutboxRows(
  database: Database,
): Pick<OutboxStore, 'pending' | 'successors' | 'lasting' | 'nextDue' | 'pendingTargets'> {
  return {
    pending: (target, query) => database.read(() => readPending(target, query)),
    successors: (target, query) => database.read(() => readSuccessors(target, query)),
    lasting: (target, query) => database.read(() => readLasting(target, query)),
    nextDue: (target, after) => database.ask(() => readNextDue(target, after)),
    pendingTargets: () => database.ask(readTargets),
  };
}

function* readPending(part: string, query: PendingQuery): RowSteps<OutboxEntry[]> {
  return yield* readEntries(targetOfPart(part), yield* dueIds(part, query));
}

function* readSuccessors(part: string, query: SuccessorQuery): RowSteps<Successors<OutboxEntry>> {
  const { ids, ...found } = yield* successorIds(part, query);
  const entries = yield* readEntries(targetOfPart(part), ids);
  const isCutShort = entries.length < ids.length;
  return isCutShort
    ? { ...found, entries, lookedTo: entries.at(-1)?.id ?? query.after, hasMore: true }
    : { ...found, entries };
}

function* readLasting(part: string, query: LastingQuery): RowSteps<OutboxEntry[]> {
  return yield* readEntries(targetOfPart(part), yield* lastingIds(part, query));
}

function* readNextDue(part: string, after: number): RowSteps<number | null> {
  return (yield* all(nextDueOf(part, { after })))[0]?.due ?? null;
}

/** From one name to the next in the index: what lies between them need not be read, however much it is. */
function* readTargets(): RowSteps<string[]> {
  const targets: string[] = [];
  for (let next = yield* targetBehind(''); next !== null; next = yield* targetBehind(next)) targets.push(next);
  return targets;
}

function* targetBehind(name: string): RowSteps<string | null> {
  return (yield* all(nextTarget({ name })))[0]?.target ?? null;
}

/** Skips the ids in `except` here, because a statement has room for few: it asks for so many more, and enough are left where there are enough. */
function* dueIds(part: string, query: PendingQuery): RowSteps<number[]> {
  const { limit, except } = query;
  const due = query.ignoreBackoff ? Number.MAX_SAFE_INTEGER : query.now;
  const ids = idsOf(yield* all(dueSearch(part, { due, take: limit + except.size })));
  return ids.filter((id) => !except.has(id)).slice(0, limit);
}

function idsOf([row]: readonly { readonly ids: string | null }[]): readonly number[] {
  return row?.ids ? (JSON.parse(row.ids) as readonly number[]) : [];
}

/** Looks at every entry of the target: it is asked once, when deliveries begin. */
function* lastingIds(part: string, { since, limit }: LastingQuery): RowSteps<number[]> {
  const target = targetOfPart(part);
  const found = db
    .selectFrom('outbox')
    .innerJoin('alert', 'alert.id', 'outbox.alert')
    .select('outbox.id')
    .where('outbox.target', '=', target)
    .where(isInShard(part, 'outbox.order_key'))
    .where('settled_at', 'is not', null)
    .where('answer', 'is', null)
    .where((where) =>
      where.or([
        where('outbox.created_at', '>=', since),
        where('alert.alert_id', 'in', db.selectFrom('health').select('alert_id')),
        where('alert.alert_id', 'in', db.selectFrom('firing').select('alert_id')),
      ]),
    )
    .where(jsonTextAt('document', 'status'), '=', 'firing')
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('outbox as next')
            .innerJoin('alert as newer', 'newer.id', 'next.alert')
            .select('next.id')
            .where('next.target', '=', target)
            .whereRef('newer.alert_id', '=', 'alert.alert_id')
            .whereRef('newer.revision', '>', 'alert.revision'),
        ),
      ),
    )
    .orderBy('outbox.id', 'desc')
    .limit(limit);
  return (yield* all(found)).map(({ id }) => id);
}

/** Pending entries that are the first of their order keys. `waiting` is compared with a literal, or its index would not be used. */
function firstEntries({ target, shard }: PartOf, isShard: boolean) {
  return db
    .selectFrom('outbox')
    .where('target', '=', target)
    .$if(isShard, (entries) => entries.where('shard', '=', shard))
    .where('settled_at', 'is', null)
    .where('waiting', '=', sql.lit(0));
}

/** All ids as one text: a row for each takes the driver four times as long. What a query with a limit finds is gathered in its order. */
const dueSearch = forPart(({ target, shard, due, take }: DueValues, isShard) => {
  const found = firstEntries({ target, shard }, isShard).select('id').where('next_attempt_at', '<=', due);
  const inOrder = found.orderBy('next_attempt_at').orderBy('id').limit(take).as('found');
  return db.selectFrom(inOrder).select(gathered(sql.ref('id')).as('ids'));
});

const nextTarget = compiledOnce(({ name }: { readonly name: string }) =>
  db
    .selectFrom('outbox')
    .select((select) => select.fn.min<string | null>('target').as('target'))
    .where('settled_at', 'is', null)
    .where('target', '>', name),
);

const nextDueOf = forPart(({ target, shard, after }: PartOf & { readonly after: number }, isShard) =>
  firstEntries({ target, shard }, isShard)
    .select((select) => select.fn.min<number | null>('next_attempt_at').as('due'))
    .where('next_attempt_at', '>', after),
);
