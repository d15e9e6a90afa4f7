import { sql } from 'kysely';
import type { Burial, FailedProbe, OutboxStore, Receipt, RetryLater } from '../outbox-store.ts';
import { createBulk } from '../steps/bulk.ts';
import type { Database } from '../steps/database.ts';
import { compiledOnce } from '../steps/statement.ts';
import { all, change, type Items, type RowSteps } from '../steps/steps.ts';
import { db } from '../steps/tables.ts';
import { greatest, least } from '../steps/words.ts';
import { noteDeliveries } from './journal/journal-rows.ts';
import { isInShard, targetOfPart } from './order/for-part.ts';
import { entriesChanged, entriesFinished } from './order-rows.ts';
import type { OutboxTime } from './outbox-time.ts';
import { exactText, fromExactText, plainText } from './text.ts';

/** What deliveries leave behind. Entries that are finished already are left alone, so that a late answer changes nothing. */
export function createDeliveryRows(
  database: Database,
  time: OutboxTime,
): Pick<
  OutboxStore,
  'delivered' | 'keepReceipts' | 'receiptOf' | 'retryLater' | 'bury' | 'buryPending' | 'ageWaiting'
> {
  return {
    // A lost acknowledgement is a repeat under the same message id, which receivers drop: it needs no disk flush of its own.
    delivered: (ids, at) => database.writeLazily(() => deliver(ids, at)),
    keepReceipts: (receipts) => database.write(() => keepReceipts(receipts)),
    receiptOf: (alertId, target) => database.ask(() => readReceipt(alertId, target)),
    retryLater: (changes) => database.write(() => retryEntries(changes, time)),
    bury: (burials) => database.write(() => buryEntries(burials)),
    buryPending: (target, burial) => database.write(() => buryAll(target, burial)),
    ageWaiting: (probe) => database.write(() => ageEntries(probe)),
  };
}

function* deliver(ids: readonly number[], at: number): RowSteps<void> {
  const entries = ids.map((id) => ({ id }));
  yield* change(setDelivered(entries, { at }));
  yield* entriesFinished(ids);
  yield* noteDeliveries({ outcome: 'delivered', ids, at });
}

function* keepReceipts(receipts: readonly Receipt[]): RowSteps<void> {
  for (const receipt of receipts) yield* change(buildReceipt(receipt));
}

function* readReceipt(alertId: string, target: string): RowSteps<string | null> {
  const [row] = yield* all(buildReceiptQuery(alertId, target));
  return row ? fromExactText(row.receipt) : null;
}

function* retryEntries(changes: readonly RetryLater[], time: OutboxTime): RowSteps<void> {
  for (const one of changes) yield* change(setRetry(retryValues(one)));
  yield* time.keep();
  yield* noteByReason('retry', changes);
}

function* buryEntries(burials: readonly Burial[]): RowSteps<void> {
  for (const burial of burials) yield* change(setBuried(burialValues(burial)));
  yield* entriesFinished(burials.map((burial) => burial.id));
  yield* noteByReason('bury', burials);
}

function* buryAll(target: string, burial: { readonly at: number; readonly reason: string }): RowSteps<number> {
  const ids = (yield* all(buriedOf(target, burial).returning('id'))).map(({ id }) => id);
  yield* entriesChanged(target);
  yield* noteDeliveries({ outcome: 'bury', ids, ...burial });
  return ids.length;
}

function buriedOf(part: string, { at, reason }: { readonly at: number; readonly reason: string }) {
  const dead = { settled_at: at, dead_at: at, reason: plainText(reason), answer: '' };
  return pendingOf(part).set(dead);
}

function pendingOf(part: string) {
  const entries = db.updateTable('outbox').where('target', '=', targetOfPart(part)).where('settled_at', 'is', null);
  return entries.where(isInShard(part, 'order_key'));
}

/** Writes only to entries that the probe is the first for, and to those that it buries: the others have their age in `probedMs`. */
function* ageEntries(probe: FailedProbe): RowSteps<number> {
  const { target, now, probedMs, longestStepMs, longestAgeMs } = probe;
  const since = sql<number>`${now} - coalesce(tried_at, ${now})`;
  const step = least(sql`${longestStepMs}`, greatest(sql`0`, since));
  const fresh = pendingOf(target)
    .set({ probed_from: probedMs, aged_ms: sql<number>`aged_ms + ${step}` })
    .where('probed_from', 'is', null);
  yield* change(fresh);
  const age = sql<number>`aged_ms + ${greatest(sql`0`, sql`${probedMs} - probed_from`)}`;
  const old = buriedOf(target, probe).where(age, '>=', longestAgeMs).returning('id');
  const ids = (yield* all(old)).map(({ id }) => id);
  if (ids.length > 0) yield* entriesChanged(targetOfPart(target));
  yield* noteDeliveries({ outcome: 'bury', ids, reason: probe.reason, at: probe.at });
  return ids.length;
}

type Ended = { readonly id: number; readonly reason: string; readonly at: number; readonly status?: number | null };

/** Entries of one batch mostly share their reason. */
function* noteByReason(outcome: 'retry' | 'bury', ended: readonly Ended[]): RowSteps<void> {
  const alike = new Map<string, Ended[]>();
  for (const one of ended) {
    const key = JSON.stringify([one.status, one.reason]);
    const known = alike.get(key);
    if (known) known.push(one);
    else alike.set(key, [one]);
  }
  for (const group of alike.values()) {
    const [first] = group;
    if (first) yield* noteDeliveries({ ...first, outcome, ids: group.map(({ id }) => id) });
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

const setDelivered = createBulk<Pick<Attempt, 'id'>, Pick<Attempt, 'at'>, unknown>(
  { id: 'number' },
  (entries: Items, { at }) =>
    db
      .updateTable('outbox')
      .set({ ...attempted(at), settled_at: at })
      .where('id', 'in', entries.among<number>('id'))
      .where('settled_at', 'is', null),
);

const setRetry = compiledOnce(({ id, at, next_attempt_at, tried_at, aged_ms, reason }: RetryValues) =>
  db
    .updateTable('outbox')
    .set({ ...attempted(at), next_attempt_at, tried_at, aged_ms, probed_from: null, reason })
    .where('id', '=', id)
    .where('settled_at', 'is', null),
);

const setBuried = compiledOnce(({ id, at, reason, status, answer }: BurialValues) =>
  db
    .updateTable('outbox')
    .set({ ...attempted(at), settled_at: at, dead_at: at, reason, status, answer })
    .where('id', '=', id)
    .where('settled_at', 'is', null),
);

function buildReceipt({ alertId, target, text, at }: Receipt) {
  const newest = { receipt: exactText(text), at };
  return db
    .insertInto('receipt')
    .values({ alert_id: alertId, target, ...newest })
    .onConflict((conflict) => conflict.columns(['alert_id', 'target']).doUpdateSet(newest));
}

function buildReceiptQuery(alertId: string, target: string) {
  const query = db.selectFrom('receipt').select('receipt').where('alert_id', '=', alertId);
  return query.where('target', '=', target);
}
