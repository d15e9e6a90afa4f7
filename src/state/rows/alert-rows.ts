import type { Alert } from '../../alerts/alert.ts';
import { HuntwireError } from '../../lib/errors.ts';
import { takenBytes } from '../../lib/json/foreseen-bytes.ts';
import type { HealthChange, HealthRecord, Message } from '../outbox-store.ts';
import { createBulk } from '../steps/bulk.ts';
import { all, change, type Items, type RowSteps } from '../steps/steps.ts';
import { db } from '../steps/tables.ts';
import { addToDigests } from './detours/digest-rows.ts';
import { beginEscalations, endEscalations } from './detours/escalation-rows.ts';
import { withFollowers } from './detours/followers.ts';
import type { Range } from './journal/journal-rows.ts';
import { entriesAdded, highestId } from './order-rows.ts';
import type { OutboxTime } from './outbox-time.ts';
import { exactText } from './text.ts';

/** An alert as it is kept: its text in UTF-8, and what is asked of it. */
export interface KeptAlert extends Pick<Alert, 'id' | 'revision' | 'status'> {
  readonly document: Buffer;
}

export function keptAlert(alert: Alert): KeptAlert {
  const { id, revision, status } = alert;
  return { id, revision, status, document: takenBytes(alert) };
}

type AlertRow = {
  readonly id: number;
  readonly alert_id: string;
  readonly revision: number;
  readonly document: Buffer;
};
type AlertShared = { readonly created_at: number };
type EntryRow = {
  readonly alert: number;
  readonly message_id: string;
  readonly target: string;
  readonly order_key: string;
};
type EntryShared = { readonly created_at: number; readonly attempts: number; readonly next_attempt_at: number };

type AlertIds = ReadonlyMap<string, number>;

/**
 * What runs and health alerts have in common: alerts, an outbox entry for each of their messages. Inside a transaction. An alert is stored
 * once per id and revision, an entry once per message and target: what is there already stays as it is, so a commit that is repeated tells
 * nothing twice. The rows of the alerts that were not there; null: none came.
 */
export function* saveAlerts(
  alerts: readonly KeptAlert[],
  messages: readonly Message[],
  at: number,
  time: OutboxTime,
): RowSteps<Range | null> {
  const { ids, range } = yield* insertNumbered(alerts, at);
  const ended = new Set(alerts.filter(({ status }) => status === 'resolved').map(({ id }) => id));
  for (const id of ended) yield* endEscalations(id);
  if (messages.length === 0) return range;
  const now = time.now();
  yield* time.keep();
  const going = messages.filter(({ alertId, escalation }) => escalation && !ended.has(alertId));
  yield* beginEscalations(going, now);
  const owed = yield* withFollowers(messages);
  yield* addToDigests(owed, (message) => alertRow(ids, message), { now, at });
  yield* addEntries(owed, ids, { now, at });
  return range;
}

function* addEntries(
  messages: readonly Message[],
  ids: AlertIds,
  { now, at }: { readonly now: number; readonly at: number },
): RowSteps<void> {
  const entries: EntryRow[] = [];
  for (const message of messages)
    if (message.digestMs === undefined)
      entries.push(entryOf(message, ids.get(nameOf(message.alertId, message.revision)) ?? (yield* storedRow(message))));
  const first = (yield* highestId('outbox')) + 1;
  yield* change(insertEntries(entries, { created_at: at, attempts: 0, next_attempt_at: now }));
  yield* entriesAdded(first);
}

/** Numbers the rows itself, which is half as dear as having them told. Where an alert was there already, none of the numbers is trusted. */
function* insertNumbered(
  alerts: readonly KeptAlert[],
  at: number,
): RowSteps<{ readonly ids: AlertIds; readonly range: Range | null }> {
  if (alerts.length === 0) return { ids: new Map(), range: null };
  const first = (yield* highestId('alert')) + 1;
  const rows = alerts.map(({ id, revision, document }, index) => ({
    id: first + index,
    alert_id: id,
    revision,
    document,
  }));
  const range = { first, last: first + rows.length - 1 };
  if ((yield* change(insertAlerts(rows, { created_at: at }))) < rows.length) return { ids: new Map(), range };
  const ids = new Map<string, number>();
  for (const [index, { id, revision }] of alerts.entries()) ids.set(nameOf(id, revision), first + index);
  return { ids, range };
}

/** An alert's id and revision as one text. */
function nameOf(id: string, revision: number): string {
  return revision === 0 ? id : `${id}-${revision}`;
}

function entryOf(message: Message, alert: number): EntryRow {
  return { alert, message_id: message.messageId, target: message.target, order_key: exactText(message.orderKey) };
}

function* alertRow(ids: AlertIds, message: Message): RowSteps<number> {
  return ids.get(nameOf(message.alertId, message.revision)) ?? (yield* storedRow(message));
}

function* storedRow(message: Message): RowSteps<number> {
  const query = db
    .selectFrom('alert')
    .select('id')
    .where('alert_id', '=', message.alertId)
    .where('revision', '=', message.revision);
  const stored = (yield* all(query))[0]?.id;
  if (stored !== undefined) return stored;
  throw new HuntwireError('INTERNAL', `Message ${message.messageId} for ${message.target} has no alert; report this.`);
}

const insertAlerts = createBulk<AlertRow, AlertShared, unknown>(
  { id: 'number', alert_id: 'text', revision: 'number', document: 'utf8' },
  (rows: Items, { created_at }) =>
    rows.into('alert', { created_at }).onConflict((conflict) => conflict.columns(['alert_id', 'revision']).doNothing()),
  { isLarge: true, isNew: true },
);

const insertEntries = createBulk<EntryRow, EntryShared, unknown>(
  { alert: 'number', message_id: 'text', target: 'text', order_key: 'text' },
  (rows: Items, { created_at, attempts, next_attempt_at }) => {
    const entries = rows.into('outbox', { created_at, attempts, next_attempt_at });
    return entries.onConflict((conflict) => conflict.columns(['alert', 'target']).doNothing());
  },
  { isNew: true },
);

/** Inside a transaction. */
export function* saveHealth(changes: readonly HealthChange[]): RowSteps<void> {
  for (const one of changes) {
    if (one.record) yield* saveCondition(one.record);
    else yield* removeCondition(one);
  }
}

function* saveCondition(record: HealthRecord): RowSteps<void> {
  const { tenant, code, subject, since, alertId, revision, isHidden } = record;
  const values = { since, alert_id: alertId, revision, hidden: isHidden ? 1 : 0 };
  const query = db
    .insertInto('health')
    .values({ tenant, code, subject: exactText(subject), ...values })
    .onConflict((conflict) => conflict.columns(['tenant', 'code', 'subject']).doUpdateSet(values));
  yield* change(query);
}

function* removeCondition(gone: HealthChange): RowSteps<void> {
  const query = db
    .deleteFrom('health')
    .where('tenant', '=', gone.tenant)
    .where('code', '=', gone.code)
    .where('subject', '=', exactText(gone.subject));
  yield* change(query);
}
