import { setImmediate } from 'node:timers/promises';
import type { ExpressionBuilder } from 'kysely';
import { DAY_MS } from '../../lib/duration.ts';
import type { Retention } from '../store.ts';
import type { Connection } from './connection.ts';
import { ROWS_AT_ONCE, repeat } from './journal/batches.ts';
import { tidyJournal } from './journal/tidy-journal.ts';
import { db, type Tables } from './tables.ts';

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
export async function tidy(connection: Connection, now: number, keep: Retention = DEFAULT_RETENTION): Promise<void> {
  const { alertsMs, runsMs, deadLettersMs, auditMs } = keep;
  await repeat(connection, () => removeEntries(connection, now - alertsMs));
  if (deadLettersMs !== null) await repeat(connection, () => removeDeadLetters(connection, now - deadLettersMs));
  await repeat(connection, () => removeAlerts(connection, now - alertsMs));
  connection.write(() => removeDone(connection));
  await repeat(connection, () => removeReceipts(connection, now - alertsMs));
  await tidyJournal(connection, now - runsMs);
  await repeat(connection, () => removeAudit(connection, now - auditMs));
  connection.write(() => {
    removeSilences(connection, now - KEEP_MS);
    connection.run(
      db
        .deleteFrom('quota_call')
        .where('at', '<', now - KEEP_CALLS_MS)
        .compile(),
    );
    connection.run(
      db
        .deleteFrom('quiet')
        .where('opened_at', '<', now - KEEP_QUIET_MS)
        .compile(),
    );
  });
  await giveBackRoom(connection);
}

function removeDeadLetters(connection: Connection, before: number): number {
  const old = db.selectFrom('outbox').select('id').where('dead_at', '<', before).orderBy('id').limit(ROWS_AT_ONCE);
  return connection.run(db.deleteFrom('outbox').where('id', 'in', old).compile());
}

/** Entries that are kept at most, whatever their age; one has 8 KB at most. */
const MOST_AUDIT = 200_000;

function removeAudit(connection: Connection, before: number): number {
  const newest = db.selectFrom('audit').select('id').orderBy('id', 'desc').limit(1).compile();
  const tooMany = (connection.all(newest)[0]?.id ?? 0) - MOST_AUDIT;
  const old = db
    .selectFrom('audit')
    .select('id')
    .where((where) => where.or([where('at', '<', before), where('id', '<=', tooMany)]))
    .orderBy('id')
    .limit(ROWS_AT_ONCE);
  return connection.run(db.deleteFrom('audit').where('id', 'in', old).compile());
}

/** Pages that are given back in one go: a few milliseconds. */
const PAGES_AT_ONCE = 500;

/** Of a file that was made without this nothing is given back; its free pages are used again. */
async function giveBackRoom(connection: Connection): Promise<void> {
  if (pragma(connection, 'auto_vacuum') !== INCREMENTAL) return;
  for (let free = pragma(connection, 'freelist_count'); free > 0; ) {
    connection.script(`PRAGMA incremental_vacuum(${PAGES_AT_ONCE})`);
    await setImmediate();
    const left = pragma(connection, 'freelist_count');
    if (left >= free) return;
    free = left;
  }
}

const INCREMENTAL = 2;

function pragma(connection: Connection, name: 'auto_vacuum' | 'freelist_count'): number {
  const [row] = connection.prepare(`PRAGMA ${name}`).rows([]);
  return Number(Object.values((row as Readonly<Record<string, unknown>> | undefined) ?? {})[0] ?? 0);
}

/** Late events of a silence may come for as long as the services keep rows. */
function removeSilences(connection: Connection, before: number): void {
  connection.run(db.deleteFrom('silence').where('ends', '<', before).compile());
  connection.run(db.deleteFrom('hidden').where('until', '<', before).compile());
  connection.run(
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
      )
      .compile(),
  );
}

/** Ids grow with time, so the first younger row ends the search: only old rows are looked at. */
function firstSince(connection: Connection, table: 'outbox' | 'alert', since: number): number {
  const query = db.selectFrom(table).select('id').where('created_at', '>=', since).orderBy('id').limit(1).compile();
  return connection.all(query)[0]?.id ?? Number.MAX_SAFE_INTEGER;
}

function removeEntries(connection: Connection, before: number): number {
  const old = db
    .selectFrom('outbox')
    .select('id')
    .where('id', '<', firstSince(connection, 'outbox', before))
    .where('settled_at', '<', before)
    .where('dead_at', 'is', null)
    .orderBy('id')
    .limit(ROWS_AT_ONCE);
  return connection.run(db.deleteFrom('outbox').where('id', 'in', old).compile());
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
function removeDone(connection: Connection): void {
  const known = db.selectFrom('alert').select('alert_id');
  const items = db.deleteFrom('digest_item').where('alert', 'not in', db.selectFrom('alert').select('id'));
  const filled = db.selectFrom('digest_item').select('digest');
  const empty = db.deleteFrom('digest').where('told_at', 'is not', null).where('id', 'not in', filled);
  connection.run(db.deleteFrom('escalation').where('alert_id', 'not in', known).compile());
  connection.run(db.deleteFrom('acknowledgement').where('alert_id', 'not in', known).compile());
  connection.run(items.compile());
  connection.run(empty.compile());
}

function removeAlerts(connection: Connection, before: number): number {
  const old = db
    .selectFrom('alert')
    .select('alert.id')
    .where('alert.id', '<', firstSince(connection, 'alert', before))
    .where((where) =>
      where.not(where.exists(where.selectFrom('outbox').select('outbox.id').whereRef('outbox.alert', '=', 'alert.id'))),
    )
    .where('alert_id', 'not in', db.selectFrom('firing').select('alert_id'))
    .where((where) => where.not(where.exists(itemsOfUntold(where))))
    .orderBy('alert.id')
    .limit(ROWS_AT_ONCE);
  return connection.run(db.deleteFrom('alert').where('id', 'in', old).compile());
}

/** Those of alerts that are gone. */
function removeReceipts(connection: Connection, before: number): number {
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
  return connection.run(db.deleteFrom('receipt').where('id', 'in', old).compile());
}
