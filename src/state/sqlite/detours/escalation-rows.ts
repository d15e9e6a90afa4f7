import { sql } from 'kysely';
import type { DetourStore, Escalation } from '../../detour-store.ts';
import type { Message } from '../../outbox-store.ts';
import type { Connection } from '../connection.ts';
import { highestId, type OrderRows } from '../order-rows.ts';
import type { OutboxTime } from '../outbox-time.ts';
import { compiledOnce } from '../statement.ts';
import { db } from '../tables.ts';
import { exactText } from '../text.ts';
import { messageIdOf, type NewestAlert, newestAlert } from './newest-alert.ts';
import { readAcknowledgement } from './read-acknowledgement.ts';

/** In the place of the next step: an acknowledgement came. */
const ANSWERED = -1;
/** Escalations of one transaction. */
const AT_ONCE = 200;

/** Alerts that nobody takes on. */
export function createEscalationRows(
  connection: Connection,
  order: OrderRows,
  time: OutboxTime,
): Pick<DetourStore, 'escalate'> {
  return {
    // It is asked often and seldom finds any: most looks write nothing.
    escalate: async (due) =>
      isDue(connection, due.now) ? connection.write(() => escalateDue({ connection, order, time }, due)) : [],
  };
}

/** Inside a transaction. */
export function endEscalations(connection: Connection, alertId: string): void {
  const query = db.updateTable('escalation').set({ due_at: null }).where('alert_id', '=', alertId);
  connection.run(query.where('due_at', 'is not', null).compile());
}

/**
 * Inside a transaction: somebody has answered whatever rises of the severity were escalated; false where none was, or all were answered
 * before.
 */
export function answerRises(connection: Connection, alertId: string): boolean {
  const query = db.updateTable('escalation').set({ step: ANSWERED }).where('alert_id', '=', alertId);
  return connection.run(query.where('step', '<>', ANSWERED).where('plan', 'like', '%"risen":%').compile()) > 0;
}

/** Inside a transaction: begins those that messages of firing alerts ask for, each with the first one. One that has ended does not begin again. */
export function beginEscalations(connection: Connection, messages: readonly Message[], now: number): void {
  for (const { alertId, escalation } of messages) {
    if (!escalation) continue;
    const { everyMs, targets, risen = undefined } = escalation;
    const plan = JSON.stringify({ everyMs, targets, ...(risen !== undefined && { risen }) } satisfies Escalation);
    const values = { alert_id: alertId, plan, step: 0, due_at: Math.round(now + everyMs) };
    const insert = db.insertInto('escalation').values(values);
    connection.run(insert.onConflict((conflict) => conflict.columns(['alert_id', 'plan']).doNothing()).compile());
  }
}

interface Parts {
  readonly connection: Connection;
  readonly order: OrderRows;
  readonly time: OutboxTime;
}

function escalateDue(
  { connection, order, time }: Parts,
  { now, at }: { readonly now: number; readonly at: number },
): readonly string[] {
  const due = db.selectFrom('escalation').selectAll().where('due_at', '<=', now).orderBy('due_at').orderBy('id');
  const rows = connection.all(due.limit(AT_ONCE).compile());
  if (rows.length === 0) return [];
  const first = highestId(connection, 'outbox') + 1;
  const targets = new Set<string>();
  for (const { id, alert_id, plan, step } of rows) {
    const { everyMs, targets: ladder, risen = undefined } = JSON.parse(plan) as Escalation;
    const target = ladder[step];
    const alert = newestAlert(connection, alert_id);
    const holds = alert?.status === 'firing' && (risen !== undefined || !readAcknowledgement(connection, alert_id));
    const isLast = !holds || step + 1 >= ladder.length;
    const next = { step: step + 1, due_at: isLast ? null : Math.round(now + everyMs) };
    connection.run(db.updateTable('escalation').set(next).where('id', '=', id).compile());
    if (!alert || !holds || target === undefined) continue;
    if (addEntry(connection, alert, target, { at, due: time.now(), after: (step + 1) * everyMs })) targets.add(target);
  }
  time.keep();
  order.added(first);
  return [...targets];
}

function addEntry(
  connection: Connection,
  alert: NewestAlert,
  target: string,
  { at, due, after }: { readonly at: number; readonly due: number; readonly after: number },
): boolean {
  const fresh = { created_at: at, attempts: 0, next_attempt_at: due, escalated_after: Math.round(after) };
  const entry = { alert: alert.row, message_id: messageIdOf(alert), target, order_key: exactText(alert.dedupKey) };
  const insert = db.insertInto('outbox').values({ ...entry, ...fresh });
  const query = insert.onConflict((conflict) => conflict.columns(['alert', 'target']).doNothing());
  return connection.run(query.compile()) > 0;
}

const nextQuery = compiledOnce(() => {
  const query = db.selectFrom('escalation').select(sql<number | null>`min(due_at)`.as('due'));
  return query.where('due_at', 'is not', null).compile();
});

function isDue(connection: Connection, now: number): boolean {
  const next = connection.all(nextQuery({}))[0]?.due ?? null;
  return next !== null && next <= now;
}
