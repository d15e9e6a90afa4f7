import { sql } from 'kysely';
import type { Burial, FailedProbe, OutboxStore, Receipt, RetryLater } from '../outbox-store.ts';
import { createBulk } from './bulk.ts';
import type { Connection } from './connection.ts';
import type { OrderRows } from './order-rows.ts';
import type { OutboxTime } from './outbox-time.ts';
import { createStatement } from './statement.ts';
import { db } from './tables.ts';
import { exactText, plainText } from './text.ts';

/** What deliveries leave behind. Entries that are finished already are left alone, so that a late answer changes nothing. */
export function createDeliveryRows(
  connection: Connection,
  order: OrderRows,
  time: OutboxTime,
): Pick<OutboxStore, 'delivered' | 'keepReceipts' | 'retryLater' | 'bury' | 'buryPending' | 'ageWaiting'> {
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
    keepReceipts: async (receipts) =>
      connection.write(() => {
        for (const receipt of receipts) connection.run(buildReceipt(receipt));
      }),
    retryLater: async (changes) =>
      connection.write(() => {
        for (const change of changes) retry.run(retryValues(change));
        time.keep();
      }),
    bury: async (burials) =>
      connection.write(() => {
        for (const burial of burials) bury.run(burialValues(burial));
        order.finished(burials.map((burial) => burial.id));
      }),
    buryPending: async (target, burial) =>
      connection.write(() => {
        const count = connection.run(buriedOf(target, burial).compile());
        order.changed(target);
        return count;
      }),
    ageWaiting: async (probe) => connection.write(() => ageEntries(connection, order, probe)),
  };
}

function buriedOf(target: string, { at, reason }: { readonly at: number; readonly reason: string }) {
  const dead = { settled_at: at, dead_at: at, reason: plainText(reason), answer: '' };
  return db.updateTable('outbox').set(dead).where('target', '=', target).where('settled_at', 'is', null);
}

/** Writes only to entries that the probe is the first for, and to those that it buries: the others have their age in `probedMs`. */
function ageEntries(connection: Connection, order: OrderRows, probe: FailedProbe): number {
  const { target, now, probedMs, longestStepMs, longestAgeMs } = probe;
  const step = sql<number>`min(${longestStepMs}, max(0, ${now} - coalesce(tried_at, ${now})))`;
  const fresh = db
    .updateTable('outbox')
    .set({ probed_from: probedMs, aged_ms: sql<number>`aged_ms + ${step}` })
    .where('target', '=', target)
    .where('settled_at', 'is', null)
    .where('probed_from', 'is', null);
  connection.run(fresh.compile());
  const age = sql<number>`aged_ms + max(0, ${probedMs} - probed_from)`;
  const count = connection.run(buriedOf(target, probe).where(age, '>=', longestAgeMs).compile());
  if (count > 0) order.changed(target);
  return count;
}

type Attempt = { readonly id: number; readonly at: number };
type RetryValues = Attempt & {
  readonly next_attempt_at: number;
  readonly tried_at: number;
  readonly aged_ms: number;
  readonly reason: string;
};
type BurialValues = Attempt & { readonly reason: string; readonly status: number | null; readonly answer: string };

function retryValues({ id, at, nextAttemptAt, triedAt, agedMs, reason }: RetryLater): RetryValues {
  const next_attempt_at = Math.round(nextAttemptAt);
  return { id, at, next_attempt_at, tried_at: triedAt, aged_ms: Math.round(agedMs), reason: plainText(reason) };
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

function buildRetry({ id, at, next_attempt_at, tried_at, aged_ms, reason }: RetryValues) {
  return db
    .updateTable('outbox')
    .set({ ...attempted(at), next_attempt_at, tried_at, aged_ms, probed_from: null, reason })
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

function buildReceipt({ alertId, target, text, at }: Receipt) {
  const newest = { receipt: exactText(text), at };
  return db
    .insertInto('receipt')
    .values({ alert_id: alertId, target, ...newest })
    .onConflict((conflict) => conflict.columns(['alert_id', 'target']).doUpdateSet(newest))
    .compile();
}
