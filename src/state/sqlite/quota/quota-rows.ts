import { sql } from 'kysely';
import type { ApiName, QuotaStore, StoredPause } from '../../../sources/source.ts';
import type { Connection } from '../connection.ts';
import { compiledOnce } from '../statement.ts';
import { db } from '../tables.ts';
import { readRestraint, saveRestraint } from './restraint-rows.ts';

/**
 * The meter's record of calls and pauses. Calls are written lazily: they outlive a kill of the process, and what a power failure takes
 * with it is older than the periods that matter by the time the machine is up again.
 */
export function createQuotaRows(connection: Connection): QuotaStore {
  return {
    calls: async (tenant, api, since) => {
      const query = callsOf(tenant, api).where('at', '>=', since).orderBy('at').orderBy('id').compile();
      return connection.all(query).map((row) => ({ at: row.at, runMs: row.run_ms }));
    },
    callsAfter: async (tenant, api, number) =>
      connection.all(later({ tenant, api, number })).map(({ id, at, run_ms: runMs }) => ({ number: id, at, runMs })),
    beginCall: async (tenant, api, call) => {
      const query = insertCall({ tenant, api, at: Math.round(call.at), runMs: call.runMs });
      return connection.writeLazily(() => connection.all(query)[0]?.id ?? 0);
    },
    endCall: async (number, runMs) => {
      connection.writeLazily(() => connection.run(setRunMs({ number, runMs })));
    },
    cancelCall: async (number) => {
      const query = db.deleteFrom('quota_call').where('id', '=', number).compile();
      connection.writeLazily(() => connection.run(query));
    },
    pauseOf: async (tenant, api) => readPause(connection, tenant, api),
    pause: async (tenant, api, pause) => connection.write(() => savePause(connection, tenant, api, pause)),
    restraintOf: async (tenant, api) => readRestraint(connection, tenant, api),
    restrain: async (tenant, api, restraint) =>
      connection.write(() => saveRestraint(connection, tenant, api, restraint)),
  };
}

type CallRow = { readonly tenant: string; readonly api: string; readonly at: number; readonly runMs: number };
const insertCall = compiledOnce(({ tenant, api, at, runMs }: CallRow) =>
  db.insertInto('quota_call').values({ tenant, api, at, run_ms: runMs }).returning('id').compile(),
);
const setRunMs = compiledOnce(({ number, runMs }: { readonly number: number; readonly runMs: number }) =>
  db.updateTable('quota_call').set({ run_ms: runMs }).where('id', '=', number).compile(),
);
type Place = { readonly tenant: string; readonly api: string };
/** By number, which the planner would not choose by itself: it would look at all calls of the tenant. */
const later = compiledOnce(({ tenant, api, number }: Place & { readonly number: number }) =>
  db
    .selectFrom('quota_call')
    .select(['id', 'at', 'run_ms'])
    .where('id', '>', number)
    .where(sql<string>`+tenant`, '=', tenant)
    .where(sql<string>`+api`, '=', api)
    .orderBy('id')
    .compile(),
);
const pauseAt = compiledOnce(({ tenant, api }: Place) =>
  db
    .selectFrom('quota_pause')
    .select(['remained_ms', 'written_at'])
    .where('tenant', '=', tenant)
    .where('api', '=', api)
    .compile(),
);

function callsOf(tenant: string, api: ApiName) {
  return db.selectFrom('quota_call').select(['at', 'run_ms']).where('tenant', '=', tenant).where('api', '=', api);
}

function readPause(connection: Connection, tenant: string, api: ApiName): StoredPause | null {
  const row = connection.all(pauseAt({ tenant, api }))[0];
  return row ? { remainedMs: row.remained_ms, writtenAt: row.written_at } : null;
}

function savePause(connection: Connection, tenant: string, api: ApiName, pause: StoredPause): void {
  const values = { remained_ms: Math.ceil(pause.remainedMs), written_at: Math.round(pause.writtenAt) };
  const query = db
    .insertInto('quota_pause')
    .values({ tenant, api, ...values })
    .onConflict((conflict) => conflict.columns(['tenant', 'api']).doUpdateSet(values))
    .compile();
  connection.run(query);
}
