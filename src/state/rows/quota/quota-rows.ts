import type { ApiName, QuotaStore, StoredPause } from '../../../sources/source.ts';
import type { Database } from '../../steps/database.ts';
import { compiledOnce } from '../../steps/statement.ts';
import { all, change, type RowSteps } from '../../steps/steps.ts';
import { db } from '../../steps/tables.ts';
import { unindexed } from '../../steps/words.ts';
import { readRestraint, saveRestraint } from './restraint-rows.ts';

/**
 * The meter's record of calls and pauses. Calls are written lazily: they outlive a kill of the process, and what a power failure takes
 * with it is older than the periods that matter by the time the machine is up again.
 */
export function createQuotaRows(database: Database): QuotaStore {
  return {
    calls: (tenant, api, since) => database.ask(() => readCalls(tenant, api, since)),
    callsAfter: (tenant, api, number) => database.ask(() => readLater(tenant, api, number)),
    beginCall: (tenant, api, { at, runMs }) =>
      database.writeLazily(function* () {
        return (yield* all(insertCall({ tenant, api, at: Math.round(at), runMs })))[0]?.id ?? 0;
      }, 'own'),
    endCall: async (number, runMs) => {
      await database.writeLazily(() => change(setRunMs({ number, runMs })), 'own');
    },
    cancelCall: async (number) => {
      await database.writeLazily(() => change(db.deleteFrom('quota_call').where('id', '=', number)), 'own');
    },
    pauseOf: (tenant, api) => database.ask(() => readPause(tenant, api)),
    pause: (tenant, api, pause) => database.write(() => savePause(tenant, api, pause)),
    restraintOf: (tenant, api) => database.ask(() => readRestraint(tenant, api)),
    restrain: (tenant, api, restraint) => database.write(() => saveRestraint(tenant, api, restraint)),
  };
}

function* readCalls(tenant: string, api: ApiName, since: number): RowSteps<{ at: number; runMs: number }[]> {
  const query = callsOf(tenant, api).where('at', '>=', since).orderBy('at').orderBy('id');
  return (yield* all(query)).map((row) => ({ at: row.at, runMs: row.run_ms }));
}

function* readLater(
  tenant: string,
  api: ApiName,
  number: number,
): RowSteps<{ number: number; at: number; runMs: number }[]> {
  const rows = yield* all(later({ tenant, api, number }));
  return rows.map(({ id, at, run_ms: runMs }) => ({ number: id, at, runMs }));
}

type CallRow = { readonly tenant: string; readonly api: string; readonly at: number; readonly runMs: number };
const insertCall = compiledOnce(({ tenant, api, at, runMs }: CallRow) =>
  db.insertInto('quota_call').values({ tenant, api, at, run_ms: runMs }).returning('id'),
);
const setRunMs = compiledOnce(({ number, runMs }: { readonly number: number; readonly runMs: number }) =>
  db.updateTable('quota_call').set({ run_ms: runMs }).where('id', '=', number),
);
type Place = { readonly tenant: string; readonly api: string };
/** By number, which the planner would not choose by itself: it would look at all calls of the tenant. */
const later = compiledOnce(({ tenant, api, number }: Place & { readonly number: number }) =>
  db
    .selectFrom('quota_call')
    .select(['id', 'at', 'run_ms'])
    .where('id', '>', number)
    .where(unindexed('tenant'), '=', tenant)
    .where(unindexed('api'), '=', api)
    .orderBy('id'),
);
const pauseAt = compiledOnce(({ tenant, api }: Place) =>
  db
    .selectFrom('quota_pause')
    .select(['remained_ms', 'written_at'])
    .where('tenant', '=', tenant)
    .where('api', '=', api),
);

function callsOf(tenant: string, api: ApiName) {
  return db.selectFrom('quota_call').select(['at', 'run_ms']).where('tenant', '=', tenant).where('api', '=', api);
}

function* readPause(tenant: string, api: ApiName): RowSteps<StoredPause | null> {
  const row = (yield* all(pauseAt({ tenant, api })))[0];
  return row ? { remainedMs: row.remained_ms, writtenAt: row.written_at } : null;
}

function* savePause(tenant: string, api: ApiName, pause: StoredPause): RowSteps<void> {
  const values = { remained_ms: Math.ceil(pause.remainedMs), written_at: Math.round(pause.writtenAt) };
  const query = db
    .insertInto('quota_pause')
    .values({ tenant, api, ...values })
    .onConflict((conflict) => conflict.columns(['tenant', 'api']).doUpdateSet(values));
  yield* change(query);
}
