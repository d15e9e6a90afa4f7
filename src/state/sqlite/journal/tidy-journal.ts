import type { Connection } from '../connection.ts';
import { db } from '../tables.ts';
import { ROWS_AT_ONCE, repeat } from './batches.ts';

export interface JournalLimits {
  /** Rows that are kept at most, whatever their age. One has 1 KB in most cases, and 12 KB at most. */
  readonly runs: number;
  readonly entries: number;
}

const LIMITS: JournalLimits = { runs: 1_000_000, entries: 2_000_000 };

/** Removes what is past keeping: runs but the last of each rule, what happened, and queries that no run sent any more. */
export async function tidyJournal(connection: Connection, before: number, limits = LIMITS): Promise<void> {
  await repeat(connection, () => removeEntries(connection, before, limits.entries));
  await repeat(connection, () => removeRuns(connection, before, limits.runs));
  connection.write(() => {
    const sent = db.selectFrom('run').select('query').where('query', 'is not', null);
    connection.run(db.deleteFrom('sent_query').where('id', 'not in', sent).compile());
  });
}

/** Ids grow with time, so that the first that is young ends the search. */
function removeEntries(connection: Connection, before: number, most: number): number {
  const young = db.selectFrom('journal').select('id').where('at', '>=', before).orderBy('id').limit(1).compile();
  const first = connection.all(young)[0]?.id ?? Number.MAX_SAFE_INTEGER;
  const tooMany = newestId(connection, 'journal') - most;
  const old = db
    .selectFrom('journal')
    .select('id')
    .where('id', '<', Math.max(first, tooMany + 1))
    .orderBy('id')
    .limit(ROWS_AT_ONCE);
  return connection.run(db.deleteFrom('journal').where('id', 'in', old).compile());
}

function removeRuns(connection: Connection, before: number, most: number): number {
  const last = db.selectFrom('rule').select('last_run').where('last_run', 'is not', null);
  const tooMany = newestId(connection, 'run') - most;
  const old = db
    .selectFrom('run')
    .select('id')
    .where((where) => where.or([where('ended_at', '<', before), where('id', '<=', tooMany)]))
    .where('id', 'not in', last)
    .limit(ROWS_AT_ONCE);
  return connection.run(db.deleteFrom('run').where('id', 'in', old).compile());
}

function newestId(connection: Connection, table: 'journal' | 'run'): number {
  return connection.all(db.selectFrom(table).select('id').orderBy('id', 'desc').limit(1).compile())[0]?.id ?? 0;
}
