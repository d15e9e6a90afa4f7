import { sql } from 'kysely';
import type { OutboxStore, TargetNotes } from '../../outbox-store.ts';
import type { Database } from '../../steps/database.ts';
import { compiledOnce } from '../../steps/statement.ts';
import { all, type RowSteps } from '../../steps/steps.ts';
import { db } from '../../steps/tables.ts';
import type { OutboxTime } from '../outbox-time.ts';
import { createFinishedBook, type FinishedOf } from './finished-book.ts';

/** What people want to know of targets beside counts. */
export function createTargetNotes(database: Database, time: OutboxTime): Pick<OutboxStore, 'targetNotes'> {
  const book = createFinishedBook(database, time);
  return {
    targetNotes: async (targets, looksBack = true) => {
      const finished = looksBack ? await book.of(targets) : book.remembered(targets);
      return database.read(() => notesOn(finished));
    },
  };
}

function* notesOn(finished: ReadonlyMap<string, FinishedOf>): RowSteps<ReadonlyMap<string, TargetNotes>> {
  const notes = new Map<string, TargetNotes>();
  for (const [target, { newest, hasDelivered }] of finished) {
    const tried = yield* triedOf(target);
    const [last] = newest === null ? [] : yield* all(finishedAs({ id: newest }));
    notes.set(target, {
      ...tried,
      hasDelivered: last?.answer === null || hasDelivered,
      lastFailure: last && last.answer !== null ? last.reason : null,
      inDigest: yield* countInDigests(target),
    });
  }
  return notes;
}

const finishedAs = compiledOnce(({ id }: { readonly id: number }) =>
  db.selectFrom('outbox').select(['reason', 'answer']).where('id', '=', id).where('settled_at', 'is not', null),
);

/** So many entries that are due first, and so many that are due last, are looked at. */
const AT_AN_END = 500;

/** A failed attempt makes an entry due later than what has come since; once that time is over, it is among those that are due first. */
const triedAtEnd = (['asc', 'desc'] as const).map((order) =>
  compiledOnce(({ target, take }: { readonly target: string; readonly take: number }) => {
    const end = db
      .selectFrom('outbox')
      .select(['id', 'attempts', 'reason'])
      .where('target', '=', target)
      .where('settled_at', 'is', null)
      .where('waiting', '=', sql.lit(0))
      .orderBy('next_attempt_at', order)
      .orderBy('id', order)
      .limit(take)
      .as('due');
    return db.selectFrom(end).selectAll().where('attempts', '>', 0).orderBy('id').limit(1);
  }),
);

function* triedOf(target: string): RowSteps<Pick<TargetNotes, 'attempts' | 'reason'>> {
  let oldest: { readonly id: number; readonly attempts: number; readonly reason: string | null } | null = null;
  for (const query of triedAtEnd) {
    const [found] = yield* all(query({ target, take: AT_AN_END }));
    if (found && (oldest === null || found.id < oldest.id)) oldest = found;
  }
  return { attempts: oldest?.attempts ?? 0, reason: oldest?.reason ?? null };
}

function* countInDigests(target: string): RowSteps<number> {
  const query = db
    .selectFrom('digest')
    .innerJoin('digest_item as item', 'item.digest', 'digest.id')
    .select(sql<number>`count(distinct item.alert_id)`.as('alerts'))
    .where('digest.target', '=', target)
    .where('digest.told_at', 'is', null);
  return (yield* all(query))[0]?.alerts ?? 0;
}
