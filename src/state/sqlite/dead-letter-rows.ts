import { type NotNull, sql } from 'kysely';
import type { Alert } from '../../alerts/alert.ts';
import type { Clock } from '../../lib/clock.ts';
import type { ChangedBy } from '../audit-store.ts';
import type { DeadLetter, DeadLetterFilter, DeadLetterHead, OutboxStore } from '../outbox-store.ts';
import type { NoteAudit } from './audit/audit-rows.ts';
import type { Connection } from './connection.ts';
import type { JournalRows } from './journal/journal-rows.ts';
import type { OrderRows } from './order-rows.ts';
import type { OutboxTime } from './outbox-time.ts';
import { db } from './tables.ts';

/** Ids in one statement. */
const IDS_AT_ONCE = 500;

interface LetterParts {
  readonly order: OrderRows;
  readonly time: OutboxTime;
  readonly journal: JournalRows;
  readonly clock: Pick<Clock, 'now'>;
  readonly note: NoteAudit;
}

export function createDeadLetterRows(
  connection: Connection,
  parts: LetterParts,
): Pick<OutboxStore, 'deadLetters' | 'deadLetterHeads' | 'replay' | 'drop'> {
  return {
    deadLetters: async (filter) =>
      connection.read(() =>
        inPartsOf(filter, (part) => connection.all(wholeLetterQuery(part).compile()).map(toLetter)),
      ),
    deadLetterHeads: async (filter) =>
      connection.read(() => inPartsOf(filter, (part) => connection.all(letterQuery(part).compile()).map(toHead))),
    replay: async (ids, at, asked) =>
      connection.write(() => {
        const count = replayLetters(connection, parts, ids, { at, due: parts.time.kept() });
        if (asked) noteLetters(parts, { ...asked, action: 'replay_dead_letter' }, ids, count);
        return count;
      }),
    drop: async (ids, asked) =>
      connection.write(() => {
        const count = inParts(ids, (part) => dropPart(connection, parts, part));
        if (asked) noteLetters(parts, { ...asked, action: 'drop_dead_letter' }, ids, count);
        return count;
      }),
  };
}

/** Ids that an entry of the audit names; the journal has them all. */
const NAMED = 200;

function noteLetters(
  { note }: LetterParts,
  made: ChangedBy & { readonly action: string },
  ids: readonly number[],
  count: number,
): void {
  if (count === 0) return;
  const subject = ids.length === 1 ? String(ids[0]) : 'dead letters';
  note({ ...made, subject, before: null, after: { count, ids: ids.slice(0, NAMED) } });
}

function inParts(ids: readonly number[], work: (part: readonly number[]) => number): number {
  let total = 0;
  for (let next = 0; next < ids.length; next += IDS_AT_ONCE) total += work(ids.slice(next, next + IDS_AT_ONCE));
  return total;
}

interface Replay {
  readonly at: number;
  /** Outbox time; of the runner's, not ours, which may be ahead of it. */
  readonly due: number;
}

/** An entry comes back to its old place, before those of its order key that were added since. */
function replayLetters(connection: Connection, parts: LetterParts, ids: readonly number[], again: Replay): number {
  const count = inParts(ids, (part) => replayPart(connection, parts, part, again));
  parts.order.reopened(ids);
  return count;
}

function replayPart(
  connection: Connection,
  { journal }: LetterParts,
  ids: readonly number[],
  { at, due }: Replay,
): number {
  const fresh = { attempts: 0, first_attempt_at: null, created_at: at, next_attempt_at: due };
  const young = { aged_ms: 0, tried_at: null, probed_from: null };
  const open = { settled_at: null, dead_at: null, reason: null, status: null, answer: null, waiting: 0 };
  const query = db.updateTable('outbox').set({ ...fresh, ...young, ...open });
  const dead = query.where('id', 'in', ids).where('dead_at', 'is not', null).returning('id');
  const back = connection.all(dead.compile()).map(({ id }) => id);
  journal.noteDeliveries({ outcome: 'replay', ids: back, at });
  return back.length;
}

function dropPart(connection: Connection, { journal, clock }: LetterParts, ids: readonly number[]): number {
  const query = db.updateTable('outbox').set({ dead_at: null });
  const dead = query.where('id', 'in', ids).where('dead_at', 'is not', null).returning('id');
  const gone = connection.all(dead.compile()).map(({ id }) => id);
  journal.noteDeliveries({ outcome: 'drop', ids: gone, at: Math.round(clock.now()) });
  return gone.length;
}

/** Reads in parts what is asked for by many ids. */
function inPartsOf<Letter>(
  filter: DeadLetterFilter,
  read: (filter: DeadLetterFilter) => readonly Letter[],
): readonly Letter[] {
  const { ids } = filter;
  if (ids === null) return read(filter);
  const sorted = [...ids].sort((a, b) => a - b);
  const letters: Letter[] = [];
  for (let next = 0; next < sorted.length; next += IDS_AT_ONCE)
    letters.push(...read({ ...filter, ids: sorted.slice(next, next + IDS_AT_ONCE) }));
  return letters;
}

function letterQuery({ target, ids, reason, since, alertPrefix }: DeadLetterFilter) {
  let query = db
    .selectFrom('outbox')
    .innerJoin('alert', 'alert.id', 'outbox.alert')
    .select(['outbox.id', 'message_id', 'alert_id', 'target', 'reason', 'status', 'attempts'])
    .select(['outbox.created_at', 'first_attempt_at', 'dead_at'])
    .where('dead_at', 'is not', null)
    // Whoever buries an entry writes these and the answer.
    .$narrowType<{ dead_at: NotNull; reason: NotNull }>()
    .orderBy('outbox.id');
  if (target !== null) query = query.where('target', '=', target);
  if (ids !== null) query = query.where('outbox.id', 'in', ids);
  if (since !== undefined) query = query.where('dead_at', '>=', since);
  if (reason !== undefined) query = query.where(sql`instr(lower(reason), ${reason.toLowerCase()})`, '>', 0);
  if (alertPrefix !== undefined) query = query.where(sql`substr(alert_id, 1, ${alertPrefix.length})`, '=', alertPrefix);
  return query;
}

function wholeLetterQuery(filter: DeadLetterFilter) {
  return letterQuery(filter)
    .select('document')
    .select((outbox) => outbox.ref('answer').$notNull().as('answer'));
}

interface HeadRow {
  readonly id: number;
  readonly message_id: string;
  readonly alert_id: string;
  readonly target: string;
  readonly reason: string;
  readonly status: number | null;
  readonly attempts: number;
  readonly created_at: number;
  readonly first_attempt_at: number | null;
  readonly dead_at: number;
}

function toHead(row: HeadRow): DeadLetterHead {
  return {
    id: row.id,
    messageId: row.message_id,
    alertId: row.alert_id,
    target: row.target,
    reason: row.reason,
    status: row.status,
    attempts: row.attempts,
    firstAt: row.first_attempt_at ?? row.created_at,
    lastAt: row.dead_at,
  };
}

function toLetter(row: HeadRow & { readonly answer: string; readonly document: string }): DeadLetter {
  return { ...toHead(row), answer: row.answer, alert: JSON.parse(row.document) as Alert };
}
