import type { DetourStore, Diversion } from '../../detour-store.ts';
import type { Database } from '../../steps/database.ts';
import { all, change, type RowSteps } from '../../steps/steps.ts';
import { db } from '../../steps/tables.ts';
import { jsonTextAt } from '../../steps/words.ts';
import { isInShard, targetOfPart } from '../order/for-part.ts';
import { entriesAdded, highestId } from '../order-rows.ts';
import type { OutboxTime } from '../outbox-time.ts';
import { type DetourEntry, insertDetours } from './insert-detours.ts';

/** Entries for targets that their alerts were not sent to at first. */
export function createDetourRows(database: Database, time: OutboxTime): Pick<DetourStore, 'waitingIds' | 'divert'> {
  return {
    waitingIds: (target, after) => database.ask(() => readWaiting(target, after)),
    divert: (diversion) => database.write(() => divertEntries(diversion, time)),
  };
}

function* readWaiting(part: string, after: number): RowSteps<number[]> {
  const target = targetOfPart(part);
  const query = db.selectFrom('outbox').select('id').where('target', '=', target).where('settled_at', 'is', null);
  const own = query.where(isInShard(part, 'order_key'));
  const ids = (yield* all(own.where('id', '>', after))).map(({ id }) => id);
  return ids.sort((a, b) => a - b);
}

function* divertEntries({ of, to, ids, at }: Diversion, time: OutboxTime): RowSteps<number> {
  const first = (yield* highestId('outbox')) + 1;
  const fresh = { created_at: at, attempts: 0, next_attempt_at: time.now(), instead_of: of, escalated_after: null };
  const entries: DetourEntry[] = [];
  for (const entry of yield* waitingEntries(of, ids))
    if (!(yield* isResolveOfStranger(entry.alert, to))) entries.push({ ...entry, target: to });
  const added = yield* change(insertDetours(entries, fresh));
  yield* time.keep();
  yield* entriesAdded(first);
  return added;
}

type WaitingEntry = Omit<DetourEntry, 'target'>;

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
