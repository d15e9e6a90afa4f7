import type { ApiName, QuotaStore } from '../../sources/source.ts';
import type { Connection } from './connection.ts';
import { db } from './tables.ts';

/** The meter's record of calls and pauses. */
export function createQuotaRows(connection: Connection): QuotaStore {
  return {
    calls: async (tenant, api, since) => {
      const query = callsOf(tenant, api).where('at', '>=', since).orderBy('at').orderBy('id').compile();
      return connection.all(query).map((row) => ({ at: row.at, runMs: row.run_ms }));
    },
    addCall: async (tenant, api, call) =>
      connection.write(() => {
        const row = { tenant, api, at: Math.round(call.at), run_ms: call.runMs };
        connection.run(db.insertInto('quota_call').values(row).compile());
      }),
    pausedUntil: async (tenant, api) => {
      const query = db.selectFrom('quota_pause').select('until').where('tenant', '=', tenant).where('api', '=', api);
      return connection.all(query.compile())[0]?.until ?? null;
    },
    pause: async (tenant, api, until) => connection.write(() => savePause(connection, tenant, api, until)),
  };
}

function callsOf(tenant: string, api: ApiName) {
  return db.selectFrom('quota_call').select(['at', 'run_ms']).where('tenant', '=', tenant).where('api', '=', api);
}

function savePause(connection: Connection, tenant: string, api: ApiName, until: number | null): void {
  if (until === null) {
    connection.run(db.deleteFrom('quota_pause').where('tenant', '=', tenant).where('api', '=', api).compile());
    return;
  }
  const values = { until: Math.ceil(until) };
  const query = db
    .insertInto('quota_pause')
    .values({ tenant, api, ...values })
    .onConflict((conflict) => conflict.columns(['tenant', 'api']).doUpdateSet(values))
    .compile();
  connection.run(query);
}
