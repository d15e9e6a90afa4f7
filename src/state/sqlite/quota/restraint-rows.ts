import type { StoredRestraint, ThrottleCause } from '../../../sources/source.ts';
import type { Connection } from '../connection.ts';
import { compiledOnce } from '../statement.ts';
import { db } from '../tables.ts';

const restraintAt = compiledOnce(({ tenant, api }: { readonly tenant: string; readonly api: string }) =>
  db
    .selectFrom('quota_restraint')
    .select(['cause', 'held_ms', 'pace', 'ceiling', 'written_at'])
    .where('tenant', '=', tenant)
    .where('api', '=', api)
    .compile(),
);

export function readRestraint(connection: Connection, tenant: string, api: string): StoredRestraint | null {
  const row = connection.all(restraintAt({ tenant, api }))[0];
  if (!row) return null;
  const { pace, ceiling } = row;
  return { cause: causeOf(row.cause), heldMs: row.held_ms, pace, ceiling, writtenAt: row.written_at };
}

function causeOf(text: string): ThrottleCause {
  return text === 'others' || text === 'processing' ? text : 'calls';
}

export function saveRestraint(connection: Connection, tenant: string, api: string, restraint: StoredRestraint): void {
  const { cause, heldMs, pace, ceiling, writtenAt } = restraint;
  const values = { cause, held_ms: Math.ceil(heldMs), pace, ceiling, written_at: Math.round(writtenAt) };
  const query = db
    .insertInto('quota_restraint')
    .values({ tenant, api, ...values })
    .onConflict((conflict) => conflict.columns(['tenant', 'api']).doUpdateSet(values))
    .compile();
  connection.run(query);
}
