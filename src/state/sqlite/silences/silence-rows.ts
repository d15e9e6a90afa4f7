import type { ChangedBy } from '../../audit-store.ts';
import type { SilenceRecord, SilenceStore } from '../../silence-store.ts';
import type { NoteAudit } from '../audit/audit-rows.ts';
import type { Connection } from '../connection.ts';
import { compiledOnce } from '../statement.ts';
import { db } from '../tables.ts';

type Stored = Pick<SilenceStore, 'silences' | 'addSilence' | 'expireSilences'>;

export function createSilenceRows(connection: Connection, note: NoteAudit): Stored {
  return {
    silences: async () => readSilences(connection),
    addSilence: async (silence, asked) =>
      connection.write(() => {
        const isNew = insertSilence(connection, silence);
        if (isNew && asked) note(addedEntry(silence, asked));
        return isNew;
      }),
    expireSilences: async (ids, at, asked) =>
      connection.write(() => {
        const ended = stillHolding(connection, ids, at);
        for (const { id, ends } of ended) {
          expire(connection, id, Math.round(at));
          if (asked) note({ ...asked, ...endedWords(id, ends, at) });
        }
        return ended.map((silence) => ({ ...silence, ends: Math.round(at), expiredAt: Math.round(at) }));
      }),
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

/** What has ended by itself is no longer there to be taken back. */
function stillHolding(connection: Connection, ids: readonly string[], at: number): readonly SilenceRecord[] {
  const wanted = new Set(ids);
  return readSilences(connection).filter(
    ({ id, ends, expiredAt }) => wanted.has(id) && expiredAt === null && ends > Math.round(at),
  );
}

function expire(connection: Connection, id: string, at: number): void {
  connection.run(db.updateTable('silence').set({ expired_at: at, ends: at }).where('id', '=', id).compile());
}

function addedEntry({ id, match, owner, reason, starts, ends }: Omit<SilenceRecord, 'expiredAt'>, asked: ChangedBy) {
  const after = { match, owner, reason, starts: starts === null ? null : iso(starts), ends: iso(ends) };
  return { ...asked, action: 'add_silence', subject: id, before: null, after };
}

function endedWords(subject: string, ends: number, at: number) {
  return { action: 'expire_silence', subject, before: { ends: iso(ends) }, after: { ends: iso(at) } };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
