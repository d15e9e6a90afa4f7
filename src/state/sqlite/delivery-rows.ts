import { sql } from 'kysely';
import type { Burial, OutboxStore, RetryLater } from '../outbox-store.ts';
import { createBulk } from './bulk.ts';
import type { Connection } from './connection.ts';
import type { OrderRows } from './order-rows.ts';
import { db } from './tables.ts';
import { plainText } from './text.ts';

/** What deliveries leave behind. Entries that are finished already are left alone, so that a late answer changes nothing. */
export function createDeliveryRows(
  connection: Connection,
  order: OrderRows,
): Pick<OutboxStore, 'delivered' | 'retryLater' | 'bury' | 'buryPending'> {
  const deliver = createBulk(connection, buildDelivered);
  const retry = connection.prepare(buildRetry().sql);
  const bury = connection.prepare(buildBurial().sql);
  return {
    // A lost acknowledgement is a repeat under the same message id, which receivers drop: it needs no disk flush of its own.
    delivered: async (ids, at) => {
      const items = ids.map((id) => [id]);
      connection.writeLazily(() => {
        deliver.run(items, [at, at]);
        order.finished(ids);
      });
    },
    retryLater: async (changes) =>
      connection.write(() => {
        for (const change of changes) retry.run(retryValues(change));
      }),
    bury: async (burials) =>
      connection.write(() => {
        for (const burial of burials) bury.run(burialValues(burial));
        order.finished(burials.map((burial) => burial.id));
      }),
    buryPending: async (target, burial) =>
      connection.write(() => {
        const all = db.updateTable('outbox').set({
          settled_at: burial.at,
          dead_at: burial.at,
          reason: plainText(burial.reason),
          answer: '',
        });
        const query = all.where('target', '=', target).where('settled_at', 'is', null);
        const bound = burial.createdBefore ?? Number.MAX_SAFE_INTEGER;
        const count = connection.run(query.where('created_at', '<', bound).compile());
        order.changed(target);
        return count;
      }),
  };
}

function retryValues(change: RetryLater) {
  return [change.at, Math.round(change.nextAttemptAt), plainText(change.reason), change.id];
}

function burialValues(burial: Burial) {
  const words = [plainText(burial.reason), burial.status, plainText(burial.answer)];
  return [burial.at, burial.at, burial.at, ...words, burial.id];
}

/** One more attempt, and when the first one was; every builder below takes its time as the first parameter. */
function attempted() {
  return {
    attempts: sql<number>`attempts + 1`,
    first_attempt_at: sql<number>`coalesce(first_attempt_at, ${0})`,
  };
}

function buildDelivered(count: number) {
  return db
    .updateTable('outbox')
    .set({ ...attempted(), settled_at: 0 })
    .where('id', 'in', Array<number>(count).fill(0))
    .where('settled_at', 'is', null)
    .compile();
}

function buildRetry() {
  return db
    .updateTable('outbox')
    .set({ ...attempted(), next_attempt_at: 0, reason: '' })
    .where('id', '=', 0)
    .where('settled_at', 'is', null)
    .compile();
}

function buildBurial() {
  return db
    .updateTable('outbox')
    .set({ ...attempted(), settled_at: 0, dead_at: 0, reason: '', status: 0, answer: '' })
    .where('id', '=', 0)
    .where('settled_at', 'is', null)
    .compile();
}
