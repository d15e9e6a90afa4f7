import { sql } from 'kysely';
import type { DetourStore, Escalation } from '../../detour-store.ts';
import type { Message } from '../../outbox-store.ts';
import type { Database } from '../../steps/database.ts';
import { compiledOnce } from '../../steps/statement.ts';
import { all, change, type RowSteps } from '../../steps/steps.ts';
import { db } from '../../steps/tables.ts';
import { entriesAdded, highestId } from '../order-rows.ts';
import type { OutboxTime } from '../outbox-time.ts';
import { exactText } from '../text.ts';
import { insertDetours } from './insert-detours.ts';
import { messageIdOf, type NewestAlert, newestAlert } from './newest-alert.ts';
import { readAcknowledgement } from './read-acknowledgement.ts';

/** In the place of the next step: an acknowledgement came. */
const ANSWERED = -1;
/** Escalations of one transaction. */
const AT_ONCE = 200;

/** Alerts that nobody takes on. */
export function createEscalationRows(database: Database, time: OutboxTime): Pick<DetourStore, 'escalate'> {
  return {
    // It is asked often and seldom finds any: most looks write nothing.
    escalate: async (due) =>
      (await database.ask(() => isDue(due.now))) ? database.write(() => escalateDue(due, time)) : [],
  };
}

/** Inside a transaction. */
export function* endEscalations(alertId: string): RowSteps<void> {
  const query = db.updateTable('escalation').set({ due_at: null }).where('alert_id', '=', alertId);
  yield* change(query.where('due_at', 'is not', null));
}

/**
 * Inside a transaction: somebody has answered whatever rises of the severity were escalated; false where none was, or all were answered
 * before.
 */
export function* answerRises(alertId: string): RowSteps<boolean> {
  const query = db.updateTable('escalation').set({ step: ANSWERED }).where('alert_id', '=', alertId);
  return (yield* change(query.where('step', '<>', ANSWERED).where('plan', 'like', '%"risen":%'))) > 0;
}

/** Inside a transaction: begins those that messages of firing alerts ask for, each with the first one. One that has ended does not begin again. */
export function* beginEscalations(messages: readonly Message[], now: number): RowSteps<void> {
  for (const { alertId, escalation } of messages) {
    if (!escalation) continue;
    const { everyMs, targets, risen = undefined } = escalation;
    const plan = JSON.stringify({ everyMs, targets, ...(risen !== undefined && { risen }) } satisfies Escalation);
    const values = { alert_id: alertId, plan, step: 0, due_at: Math.round(now + everyMs) };
    const insert = db.insertInto('escalation').values(values);
    yield* change(insert.onConflict((conflict) => conflict.columns(['alert_id', 'plan']).doNothing()));
  }
}

function* escalateDue(
  { now, at }: { readonly now: number; readonly at: number },
  time: OutboxTime,
): RowSteps<readonly string[]> {
  const due = db.selectFrom('escalation').selectAll().where('due_at', '<=', now).orderBy('due_at').orderBy('id');
  const rows = yield* all(due.limit(AT_ONCE));
  if (rows.length === 0) return [];
  const first = (yield* highestId('outbox')) + 1;
  const targets = new Set<string>();
  for (const { id, alert_id, plan, step } of rows) {
    const { everyMs, targets: ladder, risen = undefined } = JSON.parse(plan) as Escalation;
    const target = ladder[step];
    const alert = yield* newestAlert(alert_id);
    const holds = alert?.status === 'firing' && (risen !== undefined || !(yield* readAcknowledgement(alert_id)));
    const isLast = !holds || step + 1 >= ladder.length;
    const next = { step: step + 1, due_at: isLast ? null : Math.round(now + everyMs) };
    yield* change(db.updateTable('escalation').set(next).where('id', '=', id));
    if (!alert || !holds || target === undefined) continue;
    if (yield* addEntry(alert, target, { at, due: time.now(), after: (step + 1) * everyMs })) targets.add(target);
  }
  yield* time.keep();
  yield* entriesAdded(first);
  return [...targets];
}

function* addEntry(
  alert: NewestAlert,
  target: string,
  { at, due, after }: { readonly at: number; readonly due: number; readonly after: number },
): RowSteps<boolean> {
  const fresh = { created_at: at, attempts: 0, next_attempt_at: due, instead_of: null };
  const entry = { alert: alert.row, message_id: messageIdOf(alert), target, order_key: exactText(alert.dedupKey) };
  return (yield* change(insertDetours([entry], { ...fresh, escalated_after: Math.round(after) }))) > 0;
}

const nextQuery = compiledOnce(() => {
  const query = db.selectFrom('escalation').select(sql<number | null>`min(due_at)`.as('due'));
  return query.where('due_at', 'is not', null);
});

function* isDue(now: number): RowSteps<boolean> {
  const next = (yield* all(nextQuery({})))[0]?.due ?? null;
  return next !== null && next <= now;
}
