import type { Database } from '../../steps/database.ts';
import { all, change, type RowSteps } from '../../steps/steps.ts';
import { db } from '../../steps/tables.ts';
import { ROWS_AT_ONCE, repeat } from './batches.ts';

export interface JournalLimits {
  /** Rows that are kept at most, whatever their age. One has 1 KB in most cases, and 12 KB at most. */
  readonly runs: number;
  readonly entries: number;
}

const LIMITS: JournalLimits = { runs: 1_000_000, entries: 2_000_000 };

/** Removes what is past keeping: runs but the last of each rule, what happened, and queries that no run sent any more. */
export async function tidyJournal(database: Database, before: number, limits = LIMITS): Promise<void> {
  await repeat(database, () => removeEntries(before, limits.entries));
  await repeat(database, () => removeRuns(before, limits.runs));
  await database.write(removeQueries);
}

function* removeQueries(): RowSteps<void> {
  const sent = db.selectFrom('run').select('query').where('query', 'is not', null);
  yield* change(db.deleteFrom('sent_query').where('id', 'not in', sent));
}

/** Ids grow with time, so that the first that is young ends the search. */
function* removeEntries(before: number, most: number): RowSteps<number> {
  const young = db.selectFrom('journal').select('id').where('at', '>=', before).orderBy('id').limit(1);
  const first = (yield* all(young))[0]?.id ?? Number.MAX_SAFE_INTEGER;
  const tooMany = (yield* newestId('journal')) - most;
  const old = db
    .selectFrom('journal')
    .select('id')
    .where('id', '<', Math.max(first, tooMany + 1))
    .orderBy('id')
    .limit(ROWS_AT_ONCE);
  return yield* change(db.deleteFrom('journal').where('id', 'in', old));
}

function* removeRuns(before: number, most: number): RowSteps<number> {
  const last = db.selectFrom('rule').select('last_run').where('last_run', 'is not', null);
  const tooMany = (yield* newestId('run')) - most;
  const old = db
    .selectFrom('run')
    .select('id')
    .where((where) => where.or([where('ended_at', '<', before), where('id', '<=', tooMany)]))
    .where('id', 'not in', last)
    .limit(ROWS_AT_ONCE);
  return yield* change(db.deleteFrom('run').where('id', 'in', old));
}

function* newestId(table: 'journal' | 'run'): RowSteps<number> {
  return (yield* all(db.selectFrom(table).select('id').orderBy('id', 'desc').limit(1)))[0]?.id ?? 0;
}
