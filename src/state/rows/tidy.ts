import type { ExpressionBuilder } from 'kysely';
import { DAY_MS } from '../../lib/duration.ts';
import type { Database } from '../steps/database.ts';
import { all, change, type RowSteps } from '../steps/steps.ts';
import { db, type Tables } from '../steps/tables.ts';
import type { Retention } from '../store.ts';
import { ROWS_AT_ONCE, repeat } from './journal/batches.ts';
import { tidyJournal } from './journal/tidy-journal.ts';

const DEFAULT_RETENTION: Retention = {
  alertsMs: 30 * DAY_MS,
  runsMs: 30 * DAY_MS,
  deadLettersMs: null,
  auditMs: 365 * DAY_MS,
};
/** As long as the services keep rows. */
const KEEP_MS = 30 * DAY_MS;
/** Longer than any hour or day that a quota counts. */
const KEEP_CALLS_MS = 2 * DAY_MS;
/** Longer than any quiet time a rule can sensibly have. */
const KEEP_QUIET_MS = 400 * DAY_MS;

/**
 * Removes what is past keeping, and gives the room of it back to the file system where the file can do that. What is pending stays however
 * old it is, and so does each rule's last run.
 */
export async function tidy(database: Database, now: number, keep: Retention = DEFAULT_RETENTION): Promise<void> {
  const { alertsMs, runsMs, deadLettersMs, auditMs } = keep;
  await repeat(database, () => removeEntries(now - alertsMs));
  if (deadLettersMs !== null) await repeat(database, () => removeDeadLetters(now - deadLettersMs));
  await repeat(database, () => removeAlerts(now - alertsMs));
  await database.write(removeDone);
  await repeat(database, () => removeReceipts(now - alertsMs));
  await tidyJournal(database, now - runsMs);
  await repeat(database, () => removeAudit(now - auditMs));
  await database.write(() => removeOutdated(now));
  await database.giveBackRoom();
}

function* removeOutdated(now: number): RowSteps<void> {
  yield* removeSilences(now - KEEP_MS);
  yield* change(db.deleteFrom('quota_call').where('at', '<', now - KEEP_CALLS_MS));
  yield* change(db.deleteFrom('quiet').where('opened_at', '<', now - KEEP_QUIET_MS));
}

function* removeDeadLetters(before: number): RowSteps<number> {
  const old = db.selectFrom('outbox').select('id').where('dead_at', '<', before).orderBy('id').limit(ROWS_AT_ONCE);
  return yield* change(db.deleteFrom('outbox').where('id', 'in', old));
}

/** Entries that are kept at most, whatever their age; one has 8 KB at most. */
const MOST_AUDIT = 200_000;

function* removeAudit(before: number): RowSteps<number> {
  const newest = yield* all(db.selectFrom('audit').select('id').orderBy('id', 'desc').limit(1));
  const tooMany = (newest[0]?.id ?? 0) - MOST_AUDIT;
  const old = db
    .selectFrom('audit')
    .select('id')
    .where((where) => where.or([where('at', '<', before), where('id', '<=', tooMany)]))
    .orderBy('id')
    .limit(ROWS_AT_ONCE);
  return yield* change(db.deleteFrom('audit').where('id', 'in', old));
}

/** Late events of a silence may come for as long as the services keep rows. */
function* removeSilences(before: number): RowSteps<void> {
  yield* change(db.deleteFrom('silence').where('ends', '<', before));
  yield* change(db.deleteFrom('hidden').where('until', '<', before));
  yield* change(
    db
      .deleteFrom('summary')
      .where((where) =>
        where.not(
          where.exists(
            where
              .selectFrom('hidden')
              .select('hidden.id')
              .whereRef('hidden.name', '=', 'summary.name')
              .whereRef('hidden.counts', '=', 'summary.counts')
              .whereRef('hidden.since', '=', 'summary.since')
              .whereRef('hidden.tenant', '=', 'summary.tenant'),
          ),
        ),
      ),
  );
}

/** Ids grow with time, so the first younger row ends the search: only old rows are looked at. */
function* firstSince(table: 'outbox' | 'alert', since: number): RowSteps<number> {
  const query = db.selectFrom(table).select('id').where('created_at', '>=', since).orderBy('id').limit(1);
  return (yield* all(query))[0]?.id ?? Number.MAX_SAFE_INTEGER;
}

function* removeEntries(before: number): RowSteps<number> {
  const old = db
    .selectFrom('outbox')
    .select('id')
    .where('id', '<', yield* firstSince('outbox', before))
    .where('settled_at', '<', before)
    .where('dead_at', 'is', null)
    .orderBy('id')
    .limit(ROWS_AT_ONCE);
  return yield* change(db.deleteFrom('outbox').where('id', 'in', old));
}

/** What waits for its digest. */
function itemsOfUntold(where: ExpressionBuilder<Tables, 'alert'>) {
  return where
    .selectFrom('digest_item')
    .innerJoin('digest', 'digest.id', 'digest_item.digest')
    .select('digest_item.id')
    .whereRef('digest_item.alert', '=', 'alert.id')
    .where('digest.told_at', 'is', null);
}

/** Escalations, acknowledgements and places in digests of alerts that are gone, and digests without any. */
function* removeDone(): RowSteps<void> {
  const known = db.selectFrom('alert').select('alert_id');
  const items = db.deleteFrom('digest_item').where('alert', 'not in', db.selectFrom('alert').select('id'));
  const filled = db.selectFrom('digest_item').select('digest');
  const empty = db.deleteFrom('digest').where('told_at', 'is not', null).where('id', 'not in', filled);
  yield* change(db.deleteFrom('escalation').where('alert_id', 'not in', known));
  yield* change(db.deleteFrom('acknowledgement').where('alert_id', 'not in', known));
  yield* change(items);
  yield* change(empty);
}

function* removeAlerts(before: number): RowSteps<number> {
  const old = db
    .selectFrom('alert')
    .select('alert.id')
    .where('alert.id', '<', yield* firstSince('alert', before))
    .where((where) =>
      where.not(where.exists(where.selectFrom('outbox').select('outbox.id').whereRef('outbox.alert', '=', 'alert.id'))),
    )
    .where('alert_id', 'not in', db.selectFrom('firing').select('alert_id'))
    .where((where) => where.not(where.exists(itemsOfUntold(where))))
    .orderBy('alert.id')
    .limit(ROWS_AT_ONCE);
  return yield* change(db.deleteFrom('alert').where('id', 'in', old));
}

/** Those of alerts that are gone. */
function* removeReceipts(before: number): RowSteps<number> {
  const old = db
    .selectFrom('receipt')
    .select('receipt.id')
    .where('at', '<', before)
    .where((where) =>
      where.not(
        where.exists(where.selectFrom('alert').select('alert.id').whereRef('alert.alert_id', '=', 'receipt.alert_id')),
      ),
    )
    .limit(ROWS_AT_ONCE);
  return yield* change(db.deleteFrom('receipt').where('id', 'in', old));
}
