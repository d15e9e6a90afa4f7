import type { Alert } from '../../alerts/alert.ts';
import { HuntwireError } from '../../lib/errors.ts';
import type { HealthChange, HealthRecord, Message } from '../outbox-store.ts';
import { type BulkStatement, createBulk, SIZES_OF_LARGE_ROWS } from './bulk.ts';
import type { Connection, SqlValue } from './connection.ts';
import type { OrderRows } from './order-rows.ts';
import { db } from './tables.ts';
import { exactText } from './text.ts';

/** What runs and health alerts have in common: alerts, an outbox entry for each of their messages, health conditions. */
export interface AlertRows {
  /**
   * Inside a transaction. An alert is stored once per id and revision, an entry once per message and target: what is there already
   * stays as it is, so a commit that is repeated tells nothing twice.
   */
  saveAlerts(alerts: readonly Alert[], messages: readonly Message[], at: number): void;
}

type AlertIds = ReadonlyMap<string, number>;

export function createAlertRows(connection: Connection, order: OrderRows): AlertRows {
  const insertAlerts = createBulk(connection, buildAlertInsert, SIZES_OF_LARGE_ROWS);
  const insertEntries = createBulk(connection, buildEntryInsert);
  return {
    saveAlerts: (alerts, messages, at) => {
      const ids = insertNumbered(connection, insertAlerts, alerts, at);
      const firstEntry = highest(connection, 'outbox') + 1;
      insertEntries.run(messages.map((message) => entryValues(message, alertRow(connection, ids, message), at)));
      order.added(firstEntry);
    },
  };
}

/** Numbers the rows itself, which is half as dear as having them told. Where an alert was there already, none of the numbers is trusted. */
function insertNumbered(connection: Connection, insert: BulkStatement, alerts: readonly Alert[], at: number): AlertIds {
  if (alerts.length === 0) return new Map();
  const first = highest(connection, 'alert') + 1;
  const rows = alerts.map((alert, index) => [first + index, alert.id, alert.revision, at, JSON.stringify(alert)]);
  if (insert.run(rows) < rows.length) return new Map();
  return new Map(alerts.map((alert, index) => [`${alert.id}-${alert.revision}`, first + index]));
}

function highest(connection: Connection, table: 'alert' | 'outbox'): number {
  const query = db
    .selectFrom(table)
    .select((select) => select.fn.max<number | null>('id').as('id'))
    .compile();
  return connection.all(query)[0]?.id ?? 0;
}

function entryValues(message: Message, alert: number, at: number): SqlValue[] {
  return [alert, message.messageId, message.target, exactText(message.orderKey), at, 0, at];
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

function buildAlertInsert(count: number) {
  return db
    .insertInto('alert')
    .values(Array(count).fill({ id: 0, alert_id: '', revision: 0, created_at: 0, document: '' }))
    .onConflict((conflict) => conflict.columns(['alert_id', 'revision']).doNothing())
    .compile();
}

function buildEntryInsert(count: number) {
  const row = {
    alert: 0,
    message_id: '',
    target: '',
    order_key: '',
    created_at: 0,
    attempts: 0,
    next_attempt_at: 0,
  };
  return db
    .insertInto('outbox')
    .values(Array(count).fill(row))
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
  const { tenant, code, subject, since, alertId, revision } = record;
  const values = { since, alert_id: alertId, revision };
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
