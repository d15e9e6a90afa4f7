import type { ChangedBy } from '../../audit-store.ts';
import type { SilenceRecord, SilenceStore } from '../../silence-store.ts';
import type { Database } from '../../steps/database.ts';
import { compiledOnce } from '../../steps/statement.ts';
import { all, change, type RowSteps } from '../../steps/steps.ts';
import { db } from '../../steps/tables.ts';
import { noteChange } from '../audit/audit-rows.ts';

type Stored = Pick<SilenceStore, 'silences' | 'addSilence' | 'expireSilences'>;

export function createSilenceRows(database: Database): Stored {
  return {
    silences: () => database.ask(readSilences),
    addSilence: (silence, asked) =>
      database.write(function* () {
        const isNew = yield* insertSilence(silence);
        if (isNew && asked) yield* noteChange(addedEntry(silence, asked));
        return isNew;
      }),
    expireSilences: (ids, at, asked) =>
      database.write(function* () {
        const ended = yield* stillHolding(ids, at);
        for (const { id, ends } of ended) {
          yield* expire(id, Math.round(at));
          if (asked) yield* noteChange({ ...asked, ...endedWords(id, ends, at) });
        }
        return ended.map((silence) => ({ ...silence, ends: Math.round(at), expiredAt: Math.round(at) }));
      }),
  };
}

const allQuery = compiledOnce(() => db.selectFrom('silence').selectAll().orderBy('ends').orderBy('id'));

function* readSilences(): RowSteps<readonly SilenceRecord[]> {
  return (yield* all(allQuery({}))).map((row) => ({
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

function* insertSilence(silence: Omit<SilenceRecord, 'expiredAt'>): RowSteps<boolean> {
  const { id, match, owner, reason, starts, ends, addedAt } = silence;
  const query = db
    .insertInto('silence')
    .values({ id, match: JSON.stringify(match), owner, reason, starts, ends, added_at: addedAt, expired_at: null })
    .onConflict((conflict) => conflict.column('id').doNothing());
  return (yield* change(query)) > 0;
}

/** What has ended by itself is no longer there to be taken back. */
function* stillHolding(ids: readonly string[], at: number): RowSteps<readonly SilenceRecord[]> {
  const wanted = new Set(ids);
  return (yield* readSilences()).filter(
    ({ id, ends, expiredAt }) => wanted.has(id) && expiredAt === null && ends > Math.round(at),
  );
}

function* expire(id: string, at: number): RowSteps<void> {
  yield* change(db.updateTable('silence').set({ expired_at: at, ends: at }).where('id', '=', id));
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
