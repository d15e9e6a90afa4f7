import type { StoredRestraint, ThrottleCause } from '../../../sources/source.ts';
import { compiledOnce } from '../../steps/statement.ts';
import { all, change, type RowSteps } from '../../steps/steps.ts';
import { db } from '../../steps/tables.ts';

const restraintAt = compiledOnce(({ tenant, api }: { readonly tenant: string; readonly api: string }) =>
  db
    .selectFrom('quota_restraint')
    .select(['cause', 'held_ms', 'pace', 'ceiling', 'written_at'])
    .where('tenant', '=', tenant)
    .where('api', '=', api),
);

export function* readRestraint(tenant: string, api: string): RowSteps<StoredRestraint | null> {
  const row = (yield* all(restraintAt({ tenant, api })))[0];
  if (!row) return null;
  const { pace, ceiling } = row;
  return { cause: causeOf(row.cause), heldMs: row.held_ms, pace, ceiling, writtenAt: row.written_at };
}

function causeOf(text: string): ThrottleCause {
  return text === 'others' || text === 'processing' ? text : 'calls';
}

export function* saveRestraint(tenant: string, api: string, restraint: StoredRestraint): RowSteps<void> {
  const { cause, heldMs, pace, ceiling, writtenAt } = restraint;
  const values = { cause, held_ms: Math.ceil(heldMs), pace, ceiling, written_at: Math.round(writtenAt) };
  const query = db
    .insertInto('quota_restraint')
    .values({ tenant, api, ...values })
    .onConflict((conflict) => conflict.columns(['tenant', 'api']).doUpdateSet(values));
  yield* change(query);
}
