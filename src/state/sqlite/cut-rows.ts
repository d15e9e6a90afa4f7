import { sql } from 'kysely';
import type { Store } from '../store.ts';
import type { Connection } from './connection.ts';
import { ruleRowId } from './rule-rows.ts';
import { db } from './tables.ts';

/** Takes back what a wrong clock wrote into the memory of a rule. */
export function createCutRows(connection: Connection): Pick<Store, 'cutMemory'> {
  return {
    cutMemory: async (tenant, ruleId, cut) =>
      connection.write(() => {
        const rule = ruleRowId(connection, tenant, ruleId);
        cutKeys(connection, rule, cut.after);
        cutQuiet(connection, rule, cut.after, cut.quietOpenedAt);
        cutFiring(connection, rule, cut.after);
      }),
  };
}

function cutKeys(connection: Connection, rule: number, after: number): void {
  const ahead = db
    .updateTable('row_key')
    .set({ told_to: sql<number>`min(told_to, ${after})`, held_to: sql<number>`min(held_to, ${after})` })
    .where('rule', '=', rule)
    .where((where) => where.or([where('told_to', '>', after), where('held_to', '>', after)]));
  connection.run(ahead.compile());
  const before = db
    .updateTable('row_key')
    .set({ told_before: timesUpTo('told_before', after) })
    .where('rule', '=', rule)
    .where('told_before', 'is not', null);
  connection.run(before.compile());
}

function cutQuiet(connection: Connection, rule: number, after: number, openedAt: number): void {
  const ahead = db.updateTable('quiet').set({ opened_at: openedAt }).where('rule', '=', rule);
  connection.run(ahead.where('opened_at', '>', after).compile());
  const before = db
    .updateTable('quiet')
    .set({ opened_before: timesUpTo('opened_before', after) })
    .where('rule', '=', rule)
    .where('opened_before', 'is not', null);
  connection.run(before.compile());
}

/** What was found as of an instant ahead says nothing of it. */
function cutFiring(connection: Connection, rule: number, after: number): void {
  const gone = db.updateTable('firing').set({ gone_from: null }).where('rule', '=', rule);
  connection.run(gone.where('gone_from', '>', after).compile());
  const times = { held_at: sql<number>`min(held_at, ${after})`, told_at: sql<number>`min(told_at, ${after})` };
  const ahead = db.updateTable('firing').set(times).where('rule', '=', rule);
  connection.run(
    ahead.where((where) => where.or([where('held_at', '>', after), where('told_at', '>', after)])).compile(),
  );
}

/** A list of times (text.ts) without those later than `after`; null where none is left. */
function timesUpTo(column: string, after: number) {
  const list = sql.ref(column);
  return sql<
    string | null
  >`nullif((select json_group_array(value) from json_each(${list}) where value <= ${after}), '[]')`;
}
