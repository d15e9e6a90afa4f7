import type { SilenceRecord, SilenceStore } from '../../silence-store.ts';
import type { Connection } from '../connection.ts';
import { compiledOnce } from '../statement.ts';
import { db } from '../tables.ts';

type Stored = Pick<SilenceStore, 'silences' | 'addSilence' | 'expireSilences'>;

export function createSilenceRows(connection: Connection): Stored {
  return {
    silences: async () => readSilences(connection),
    addSilence: async (silence) => connection.write(() => insertSilence(connection, silence)),
    expireSilences: async (ids, at) => connection.write(() => expire(connection, ids, Math.round(at))),
  };
}

const allQuery = compiledOnce(() => db.selectFrom('silence').selectAll().orderBy('ends').orderBy('id').compile());

function readSilences(connection: Connection): readonly SilenceRecord[] {
  return connection.all(allQuery({})).map((row) => ({
    id: row.id,
    match: JSON.parse(row.match) as readonly string[],
    owner: row.owner,
    reason: row.reason,
    starts: row.starts,
    ends: row.ends,
    addedAt: row.added_at,
    expiredAt: row.expired_at,
  }));
}

function insertSilence(connection: Connection, silence: Omit<SilenceRecord, 'expiredAt'>): boolean {
  const { id, match, owner, reason, starts, ends, addedAt } = silence;
  const query = db
    .insertInto('silence')
    .values({ id, match: JSON.stringify(match), owner, reason, starts, ends, added_at: addedAt, expired_at: null })
    .onConflict((conflict) => conflict.column('id').doNothing());
  return connection.run(query.compile()) > 0;
}

/** What has ended by itself was no longer there to be taken back. */
function expire(connection: Connection, ids: readonly string[], at: number): readonly SilenceRecord[] {
  const wanted = new Set(ids);
  const found = readSilences(connection).filter(
    ({ id, ends, expiredAt }) => wanted.has(id) && expiredAt === null && ends > at,
  );
  for (const { id } of found) {
    const query = db.updateTable('silence').set({ expired_at: at, ends: at }).where('id', '=', id);
    connection.run(query.compile());
  }
  return found.map((silence) => ({ ...silence, ends: at, expiredAt: at }));
}
