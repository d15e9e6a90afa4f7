import type { DetourStore, Diversion } from '../../detour-store.ts';
import type { Database } from '../../steps/database.ts';
import { all, change, type RowSteps } from '../../steps/steps.ts';
import { db } from '../../steps/tables.ts';
import { jsonTextAt } from '../../steps/words.ts';
import { entriesAdded, highestId } from '../order-rows.ts';
import type { OutboxTime } from '../outbox-time.ts';

/** Entries for targets that their alerts were not sent to at first. */
export function createDetourRows(database: Database, time: OutboxTime): Pick<DetourStore, 'waitingIds' | 'divert'> {
  return {
    waitingIds: (target, after) => database.ask(() => readWaiting(target, after)),
    divert: (diversion) => database.write(() => divertEntries(diversion, time)),
  };
}

function* readWaiting(target: string, after: number): RowSteps<number[]> {
  const query = db.selectFrom('outbox').select('id').where('target', '=', target).where('settled_at', 'is', null);
  const ids = (yield* all(query.where('id', '>', after))).map(({ id }) => id);
  return ids.sort((a, b) => a - b);
}

function* divertEntries({ of, to, ids, at }: Diversion, time: OutboxTime): RowSteps<number> {
  const first = (yield* highestId('outbox')) + 1;
  const fresh = { created_at: at, attempts: 0, next_attempt_at: time.now(), target: to, instead_of: of };
  let added = 0;
  for (const { alert, message_id, order_key } of yield* waitingEntries(of, ids)) {
    if (yield* isResolveOfStranger(alert, to)) continue;
    const values = { alert, message_id, order_key, ...fresh };
    const insert = db.insertInto('outbox').values(values);
    added += yield* change(insert.onConflict((conflict) => conflict.columns(['alert', 'target']).doNothing()));
  }
  yield* time.keep();
  yield* entriesAdded(first);
  return added;
}

type WaitingEntry = { readonly alert: number; readonly message_id: string; readonly order_key: string };

function* waitingEntries(target: string, ids: readonly number[]): RowSteps<readonly WaitingEntry[]> {
  // Postgres knows no empty list.
  if (ids.length === 0) return [];
  const query = db
    .selectFrom('outbox')
    .select(['alert', 'message_id', 'order_key'])
    .where('id', 'in', ids)
    .where('target', '=', target)
    .where('settled_at', 'is', null)
    .orderBy('id');
  return yield* all(query);
}

/** Whether it tells the end of an alert of which the target has never been told. */
function* isResolveOfStranger(alert: number, target: string): RowSteps<boolean> {
  const query = db
    .selectFrom('alert')
    .select('alert.id')
    .where('alert.id', '=', alert)
    .where(jsonTextAt('document', 'status'), '=', 'resolved')
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('alert as before')
            .innerJoin('outbox', 'outbox.alert', 'before.id')
            .select('before.id')
            .whereRef('before.alert_id', '=', 'alert.alert_id')
            .where('outbox.target', '=', target),
        ),
      ),
    );
  return (yield* all(query)).length > 0;
}
