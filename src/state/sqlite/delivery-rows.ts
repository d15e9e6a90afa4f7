import { sql } from 'kysely';
import type { Burial, OutboxStore, RetryLater } from '../outbox-store.ts';
import { createBulk } from './bulk.ts';
import type { Connection } from './connection.ts';
import type { OrderRows } from './order-rows.ts';
import { createStatement } from './statement.ts';
import { db } from './tables.ts';
import { plainText } from './text.ts';

/** What deliveries leave behind. Entries that are finished already are left alone, so that a late answer changes nothing. */
export function createDeliveryRows(
  connection: Connection,
  order: OrderRows,
): Pick<OutboxStore, 'delivered' | 'retryLater' | 'bury' | 'buryPending'> {
  const deliver = createBulk(connection, buildDelivered);
  const retry = createStatement(connection, buildRetry);
  const bury = createStatement(connection, buildBurial);
  return {
    // A lost acknowledgement is a repeat under the same message id, which receivers drop: it needs no disk flush of its own.
    delivered: async (ids, at) => {
      const entries = ids.map((id) => ({ id }));
      connection.writeLazily(() => {
        deliver.run(entries, { at });
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

type Attempt = { readonly id: number; readonly at: number };
type RetryValues = Attempt & { readonly next_attempt_at: number; readonly reason: string };
type BurialValues = Attempt & { readonly reason: string; readonly status: number | null; readonly answer: string };

function retryValues({ id, at, nextAttemptAt, reason }: RetryLater): RetryValues {
  return { id, at, next_attempt_at: Math.round(nextAttemptAt), reason: plainText(reason) };
}

function burialValues({ id, at, reason, status, answer }: Burial): BurialValues {
  return { id, at, reason: plainText(reason), status, answer: plainText(answer) };
}

/** One more attempt, and when the first one was. */
function attempted(at: number) {
  return {
    attempts: sql<number>`attempts + 1`,
    first_attempt_at: sql<number>`coalesce(first_attempt_at, ${at})`,
  };
}

function buildDelivered(entries: readonly Pick<Attempt, 'id'>[], { at }: Pick<Attempt, 'at'>) {
  const ids = entries.map(({ id }) => id);
  return db
    .updateTable('outbox')
    .set({ ...attempted(at), settled_at: at })
    .where('id', 'in', ids)
    .where('settled_at', 'is', null)
    .compile();
}

function buildRetry({ id, at, next_attempt_at, reason }: RetryValues) {
  return db
    .updateTable('outbox')
    .set({ ...attempted(at), next_attempt_at, reason })
    .where('id', '=', id)
    .where('settled_at', 'is', null)
    .compile();
}

function buildBurial({ id, at, reason, status, answer }: BurialValues) {
  return db
    .updateTable('outbox')
    .set({ ...attempted(at), settled_at: at, dead_at: at, reason, status, answer })
    .where('id', '=', id)
    .where('settled_at', 'is', null)
    .compile();
}
