import { sql } from 'kysely';
import type { Burial, FailedProbe, OutboxStore, Receipt, RetryLater } from '../outbox-store.ts';
import { createBulk } from './bulk.ts';
import type { Connection } from './connection.ts';
import type { JournalRows } from './journal/journal-rows.ts';
import type { OrderRows } from './order-rows.ts';
import type { OutboxTime } from './outbox-time.ts';
import { createStatement } from './statement.ts';
import { db } from './tables.ts';
import { exactText, fromExactText, plainText } from './text.ts';

interface DeliveryParts {
  readonly order: OrderRows;
  readonly time: OutboxTime;
  readonly journal: JournalRows;
}

/** What deliveries leave behind. Entries that are finished already are left alone, so that a late answer changes nothing. */
export function createDeliveryRows(
  connection: Connection,
  parts: DeliveryParts,
): Pick<
  OutboxStore,
  'delivered' | 'keepReceipts' | 'receiptOf' | 'retryLater' | 'bury' | 'buryPending' | 'ageWaiting'
> {
  const { order, time, journal } = parts;
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
        journal.noteDeliveries({ outcome: 'delivered', ids, at });
      });
    },
    keepReceipts: async (receipts) =>
      connection.write(() => {
        for (const receipt of receipts) connection.run(buildReceipt(receipt));
      }),
    receiptOf: async (alertId, target) => {
      const [row] = connection.all(buildReceiptQuery(alertId, target));
      return row ? fromExactText(row.receipt) : null;
    },
    retryLater: async (changes) =>
      connection.write(() => {
        for (const change of changes) retry.run(retryValues(change));
        time.keep();
        noteByReason(journal, 'retry', changes);
      }),
    bury: async (burials) =>
      connection.write(() => {
        for (const burial of burials) bury.run(burialValues(burial));
        order.finished(burials.map((burial) => burial.id));
        noteByReason(journal, 'bury', burials);
      }),
    buryPending: async (target, burial) =>
      connection.write(() => {
        const ids = connection.all(buriedOf(target, burial).returning('id').compile()).map(({ id }) => id);
        order.changed(target);
        journal.noteDeliveries({ outcome: 'bury', ids, ...burial });
        return ids.length;
      }),
    ageWaiting: async (probe) => connection.write(() => ageEntries(connection, parts, probe)),
  };
}

function buriedOf(target: string, { at, reason }: { readonly at: number; readonly reason: string }) {
  const dead = { settled_at: at, dead_at: at, reason: plainText(reason), answer: '' };
  return db.updateTable('outbox').set(dead).where('target', '=', target).where('settled_at', 'is', null);
}

/** Writes only to entries that the probe is the first for, and to those that it buries: the others have their age in `probedMs`. */
function ageEntries(connection: Connection, { order, journal }: DeliveryParts, probe: FailedProbe): number {
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
  const old = buriedOf(target, probe).where(age, '>=', longestAgeMs).returning('id');
  const ids = connection.all(old.compile()).map(({ id }) => id);
  if (ids.length > 0) order.changed(target);
  journal.noteDeliveries({ outcome: 'bury', ids, reason: probe.reason, at: probe.at });
  return ids.length;
}

type Ended = { readonly id: number; readonly reason: string; readonly at: number; readonly status?: number | null };

/** Entries of one batch mostly share their reason. */
function noteByReason(journal: JournalRows, outcome: 'retry' | 'bury', ended: readonly Ended[]): void {
  const alike = new Map<string, Ended[]>();
  for (const one of ended) {
    const key = JSON.stringify([one.status, one.reason]);
    const known = alike.get(key);
    if (known) known.push(one);
    else alike.set(key, [one]);
  }
  for (const group of alike.values()) {
    const [first] = group;
    if (first) journal.noteDeliveries({ ...first, outcome, ids: group.map(({ id }) => id) });
  }
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

function buildReceiptQuery(alertId: string, target: string) {
  const query = db.selectFrom('receipt').select('receipt').where('alert_id', '=', alertId);
  return query.where('target', '=', target).compile();
}
