import type { Alert } from '../../alerts/alert.ts';
import { HuntwireError } from '../../lib/errors.ts';
import type { HealthChange, HealthRecord, Message } from '../outbox-store.ts';
import { createBulk } from './bulk.ts';
import type { Connection, SqlValue } from './connection.ts';
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

export function createAlertRows(connection: Connection): AlertRows {
  const insertAlerts = createBulk(connection, buildAlertInsert);
  const insertEntries = createBulk(connection, buildEntryInsert);
  return {
    saveAlerts: (alerts, messages, at) => {
      const rows = alerts.map((alert) => [alert.id, alert.revision, at, JSON.stringify(alert)]);
      const ids = new Map<string, number>();
      for (const [id, alertId, revision] of insertAlerts.rows(rows)) ids.set(`${alertId}-${revision}`, Number(id));
      insertEntries.run(messages.map((message) => entryValues(message, alertRow(connection, ids, message), at)));
    },
  };
}

function entryValues(message: Message, alert: number, at: number): SqlValue[] {
  return [alert, message.messageId, message.target, exactText(message.orderKey), at, 0, at];
}

function alertRow(connection: Connection, ids: ReadonlyMap<string, number>, message: Message): number {
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
    .values(Array(count).fill({ alert_id: '', revision: 0, created_at: 0, document: '' }))
    .onConflict((conflict) => conflict.columns(['alert_id', 'revision']).doNothing())
    .returning(['id', 'alert_id', 'revision'])
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
