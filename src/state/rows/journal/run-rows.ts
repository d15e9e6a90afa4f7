import type { KeptQuery } from '../../journal-store.ts';
import type { RunRecord } from '../../run-record.ts';
import { compiledOnce } from '../../steps/statement.ts';
import { all, change, type RowSteps } from '../../steps/steps.ts';
import { db } from '../../steps/tables.ts';
import { noteRun, type Range } from './journal-rows.ts';
import { textOfRun } from './run-text.ts';

type Of = { readonly rule: number };
type RunRow = Of & {
  readonly runId: string;
  readonly endedAt: number;
  readonly record: string;
  readonly query: number | null;
  readonly firstAlert: number | null;
  readonly lastAlert: number | null;
};

/** What one run leaves behind beside its alerts. */
export interface SavedRun {
  readonly run: RunRecord;
  /** null: it asked for nothing. */
  readonly query: KeptQuery | null;
  /** Rows of its alerts; null: it has none. */
  readonly alerts: Range | null;
  /** Epoch ms. */
  readonly at: number;
}

/** Records a run as the rule's last one, and in the journal; a run that is recorded already stays as it is. Inside a transaction. */
export function* saveRun(rule: number, { run: record, query, alerts, at }: SavedRun): RowSteps<void> {
  const { runId, endedAt } = record;
  const range = { firstAlert: alerts?.first ?? null, lastAlert: alerts?.last ?? null };
  const row = { rule, runId, endedAt, record: textOfRun(record), query: query && (yield* queryRow(query)), ...range };
  const id = (yield* all(insertRun(row)))[0]?.id;
  if (id === undefined) return;
  yield* change(setLastRun({ rule, id }));
  yield* noteRun(id, at);
}

const insertRun = compiledOnce(({ rule, runId, endedAt, record, query, firstAlert, lastAlert }: RunRow) =>
  db
    .insertInto('run')
    .values({
      rule,
      run_id: runId,
      ended_at: endedAt,
      record,
      query,
      first_alert: firstAlert,
      last_alert: lastAlert,
    })
    .onConflict((conflict) => conflict.column('run_id').doNothing())
    .returning('id'),
);
const setLastRun = compiledOnce(({ rule, id }: Of & { readonly id: number }) =>
  db.updateTable('rule').set({ last_run: id }).where('id', '=', rule),
);

/** Queries of many runs are one row. */
function* queryRow(query: KeptQuery): RowSteps<number | null> {
  const known = (yield* all(findQuery(query)))[0]?.id;
  return known ?? (yield* all(insertQuery(query)))[0]?.id ?? null;
}

const findQuery = compiledOnce(({ hash }: Pick<KeptQuery, 'hash'>) =>
  db.selectFrom('sent_query').select('id').where('hash', '=', hash),
);
const insertQuery = compiledOnce(({ hash, template }: { readonly hash: string; readonly template: string }) =>
  db.insertInto('sent_query').values({ hash, template }).returning('id'),
);
