import { sql } from 'kysely';
import type { Alert } from '../../alerts/alert.ts';
import { HuntwireError } from '../../lib/errors.ts';
import { takenBytes } from '../../lib/json/foreseen-bytes.ts';
import type { HealthChange, HealthRecord, Message } from '../outbox-store.ts';
import { type BulkStatement, createBulk, SIZES_OF_LARGE_ROWS } from './bulk.ts';
import type { Connection } from './connection.ts';
import { addToDigests } from './detours/digest-rows.ts';
import { beginEscalations, endEscalations } from './detours/escalation-rows.ts';
import { withFollowers } from './detours/followers.ts';
import type { Range } from './journal/journal-rows.ts';
import { highestId, type OrderRows } from './order-rows.ts';
import type { OutboxTime } from './outbox-time.ts';
import { db } from './tables.ts';
import { exactText } from './text.ts';

/** An alert as it is kept: its text in UTF-8, and what is asked of it. */
export interface KeptAlert extends Pick<Alert, 'id' | 'revision' | 'status'> {
  readonly document: Buffer;
}

export function keptAlert(alert: Alert): KeptAlert {
  const { id, revision, status } = alert;
  return { id, revision, status, document: takenBytes(alert) };
}

/** What runs and health alerts have in common: alerts, an outbox entry for each of their messages, health conditions. */
export interface AlertRows {
  /**
   * Inside a transaction. An alert is stored once per id and revision, an entry once per message and target: what is there already
   * stays as it is, so a commit that is repeated tells nothing twice. The rows of the alerts that were not there; null: none came.
   */
  saveAlerts(alerts: readonly KeptAlert[], messages: readonly Message[], at: number): Range | null;
}

type AlertRow = {
  readonly id: number;
  readonly alert_id: string;
  readonly revision: number;
  readonly document: Buffer;
};
type AlertShared = { readonly created_at: number };
type AlertInsert = BulkStatement<AlertRow, AlertShared, unknown>;
type EntryRow = {
  readonly alert: number;
  readonly message_id: string;
  readonly target: string;
  readonly order_key: string;
};
type EntryShared = { readonly created_at: number; readonly attempts: number; readonly next_attempt_at: number };

type AlertIds = ReadonlyMap<string, number>;

export function createAlertRows(connection: Connection, order: OrderRows, time: OutboxTime): AlertRows {
  const insertAlerts = createBulk(connection, buildAlertInsert, SIZES_OF_LARGE_ROWS);
  const insertEntries = createBulk(connection, buildEntryInsert);
  return {
    saveAlerts: (alerts, messages, at) => {
      const { ids, range } = insertNumbered(connection, insertAlerts, alerts, at);
      const ended = new Set(alerts.filter(({ status }) => status === 'resolved').map(({ id }) => id));
      for (const id of ended) endEscalations(connection, id);
      if (messages.length === 0) return range;
      const now = time.now();
      time.keep();
      const rowOf = (message: Message): number => alertRow(connection, ids, message);
      const going = messages.filter(({ alertId, escalation }) => escalation && !ended.has(alertId));
      beginEscalations(connection, going, now);
      const all = withFollowers(connection, messages);
      addToDigests(connection, all, rowOf, { now, at });
      const entries = all.filter(({ digestMs }) => digestMs === undefined);
      const firstEntry = highestId(connection, 'outbox') + 1;
      insertEntries.run(
        entries.map((message) => entryOf(message, rowOf(message))),
        { created_at: at, attempts: 0, next_attempt_at: now },
      );
      order.added(firstEntry);
      return range;
    },
  };
}

/** Numbers the rows itself, which is half as dear as having them told. Where an alert was there already, none of the numbers is trusted. */
function insertNumbered(
  connection: Connection,
  insert: AlertInsert,
  alerts: readonly KeptAlert[],
  at: number,
): { readonly ids: AlertIds; readonly range: Range | null } {
  if (alerts.length === 0) return { ids: new Map(), range: null };
  const first = highestId(connection, 'alert') + 1;
  const rows = alerts.map(({ id, revision, document }, index) => ({
    id: first + index,
    alert_id: id,
    revision,
    document,
  }));
  const range = { first, last: first + rows.length - 1 };
  if (insert.run(rows, { created_at: at }) < rows.length) return { ids: new Map(), range };
  return { ids: new Map(alerts.map((alert, index) => [`${alert.id}-${alert.revision}`, first + index])), range };
}

function entryOf(message: Message, alert: number): EntryRow {
  return { alert, message_id: message.messageId, target: message.target, order_key: exactText(message.orderKey) };
}

function alertRow(connection: Connection, ids: AlertIds, message: Message): number {
  const fresh = ids.get(`${message.alertId}-${message.revision}`);
  if (fresh !== undefined) return fresh;
  const query = db
    .selectFrom('alert')
    .select('id')
    .where('alert_id', '=', message.alertId)
    .where('revision', '=', message.revision)
    .compile();
  const stored = connection.all(query)[0]?.id;
  if (stored !== undefined) return stored;
  throw new HuntwireError('INTERNAL', `Message ${message.messageId} for ${message.target} has no alert; report this.`);
}

function buildAlertInsert(rows: readonly AlertRow[], { created_at }: AlertShared) {
  return db
    .insertInto('alert')
    .values(
      rows.map(({ id, alert_id, revision, document }) => ({
        id,
        alert_id,
        revision,
        created_at,
        document: sql<string>`cast(${document} as text)`,
      })),
    )
    .onConflict((conflict) => conflict.columns(['alert_id', 'revision']).doNothing())
    .compile();
}

function buildEntryInsert(rows: readonly EntryRow[], { created_at, attempts, next_attempt_at }: EntryShared) {
  const shared = { created_at, attempts, next_attempt_at };
  return db
    .insertInto('outbox')
    .values(
      rows.map(({ alert, message_id, target, order_key }) => ({ alert, message_id, target, order_key, ...shared })),
    )
    .onConflict((conflict) => conflict.columns(['alert', 'target']).doNothing())
    .compile();
}

/** Inside a transaction. */
export function saveHealth(connection: Connection, changes: readonly HealthChange[]): void {
  for (const change of changes) {
    if (change.record) saveCondition(connection, change.record);
    else removeCondition(connection, change);
  }
}

function saveCondition(connection: Connection, record: HealthRecord): void {
  const { tenant, code, subject, since, alertId, revision, isHidden } = record;
  const values = { since, alert_id: alertId, revision, hidden: isHidden ? 1 : 0 };
  const query = db
    .insertInto('health')
    .values({ tenant, code, subject: exactText(subject), ...values })
    .onConflict((conflict) => conflict.columns(['tenant', 'code', 'subject']).doUpdateSet(values))
    .compile();
  connection.run(query);
}

function removeCondition(connection: Connection, change: HealthChange): void {
  const query = db
    .deleteFrom('health')
    .where('tenant', '=', change.tenant)
    .where('code', '=', change.code)
    .where('subject', '=', exactText(change.subject))
    .compile();
  connection.run(query);
}
