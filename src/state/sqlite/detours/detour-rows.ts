import { sql } from 'kysely';
import type { DetourStore, Diversion } from '../../detour-store.ts';
import type { Connection } from '../connection.ts';
import { highestId, type OrderRows } from '../order-rows.ts';
import type { OutboxTime } from '../outbox-time.ts';
import { db } from '../tables.ts';

/** Entries for targets that their alerts were not sent to at first. */
export function createDetourRows(
  connection: Connection,
  order: OrderRows,
  time: OutboxTime,
): Pick<DetourStore, 'waitingIds' | 'divert'> {
  return {
    waitingIds: async (target, after) => {
      const query = db.selectFrom('outbox').select('id').where('target', '=', target).where('settled_at', 'is', null);
      const ids = connection.all(query.where('id', '>', after).compile()).map(({ id }) => id);
      return ids.sort((a, b) => a - b);
    },
    divert: async (diversion) => connection.write(() => divertEntries(connection, order, time, diversion)),
  };
}

function divertEntries(
  connection: Connection,
  order: OrderRows,
  time: OutboxTime,
  { of, to, ids, at }: Diversion,
): number {
  const first = highestId(connection, 'outbox') + 1;
  const fresh = { created_at: at, attempts: 0, next_attempt_at: time.now(), target: to, instead_of: of };
  let added = 0;
  for (const { alert, message_id, order_key } of waitingEntries(connection, of, ids)) {
    if (isResolveOfStranger(connection, alert, to)) continue;
    const values = { alert, message_id, order_key, ...fresh };
    const insert = db.insertInto('outbox').values(values);
    added += connection.run(
      insert.onConflict((conflict) => conflict.columns(['alert', 'target']).doNothing()).compile(),
    );
  }
  time.keep();
  order.added(first);
  return added;
}

function waitingEntries(connection: Connection, target: string, ids: readonly number[]) {
  const query = db
    .selectFrom('outbox')
    .select(['alert', 'message_id', 'order_key'])
    .where('id', 'in', ids)
    .where('target', '=', target)
    .where('settled_at', 'is', null)
    .orderBy('id');
  return connection.all(query.compile());
}

/** Whether it tells the end of an alert of which the target has never been told. */
function isResolveOfStranger(connection: Connection, alert: number, target: string): boolean {
  const query = db
    .selectFrom('alert')
    .select('alert.id')
    .where('alert.id', '=', alert)
    .where(sql<string>`json_extract(document, '$.status')`, '=', 'resolved')
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
  return connection.all(query.compile()).length > 0;
}
