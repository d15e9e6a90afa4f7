import { type NotNull, sql } from 'kysely';
import type { Alert } from '../../alerts/alert.ts';
import type { Clock } from '../../lib/clock.ts';
import type { ChangedBy } from '../audit-store.ts';
import type { DeadLetter, DeadLetterFilter, DeadLetterHead, OutboxStore } from '../outbox-store.ts';
import type { Database } from '../steps/database.ts';
import { all, type RowSteps } from '../steps/steps.ts';
import { db } from '../steps/tables.ts';
import { position } from '../steps/words.ts';
import { noteChange } from './audit/audit-rows.ts';
import { noteDeliveries } from './journal/journal-rows.ts';
import { entriesReopened } from './order-rows.ts';
import type { OutboxTime } from './outbox-time.ts';

/** Ids in one statement. */
const IDS_AT_ONCE = 500;

export function createDeadLetterRows(
  database: Database,
  time: OutboxTime,
  clock: Pick<Clock, 'now'>,
): Pick<OutboxStore, 'deadLetters' | 'deadLetterHeads' | 'replay' | 'drop'> {
  return {
    deadLetters: (filter) => database.read(() => readLetters(filter)),
    deadLetterHeads: (filter) => database.read(() => readHeads(filter)),
    replay: (ids, at, asked) =>
      database.write(function* () {
        const count = yield* replayLetters(ids, at, time);
        if (asked) yield* noteLetters({ ...asked, action: 'replay_dead_letter' }, ids, count);
        return count;
      }),
    drop: (ids, asked) =>
      database.write(function* () {
        const count = yield* inParts(ids, (part) => dropPart(part, Math.round(clock.now())));
        if (asked) yield* noteLetters({ ...asked, action: 'drop_dead_letter' }, ids, count);
        return count;
      }),
  };
}

/** Ids that an entry of the audit names; the journal has them all. */
const NAMED = 200;

function* noteLetters(
  made: ChangedBy & { readonly action: string },
  ids: readonly number[],
  count: number,
): RowSteps<void> {
  if (count === 0) return;
  const subject = ids.length === 1 ? String(ids[0]) : 'dead letters';
  yield* noteChange({ ...made, subject, before: null, after: { count, ids: ids.slice(0, NAMED) } });
}

function* readLetters(filter: DeadLetterFilter): RowSteps<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  for (const part of partsOf(filter)) letters.push(...(yield* all(wholeLetterQuery(part))).map(toLetter));
  return letters;
}

function* readHeads(filter: DeadLetterFilter): RowSteps<DeadLetterHead[]> {
  const heads: DeadLetterHead[] = [];
  for (const part of partsOf(filter)) heads.push(...(yield* all(letterQuery(part))).map(toHead));
  return heads;
}

function* inParts(ids: readonly number[], work: (part: readonly number[]) => RowSteps<number>): RowSteps<number> {
  let total = 0;
  for (let next = 0; next < ids.length; next += IDS_AT_ONCE) total += yield* work(ids.slice(next, next + IDS_AT_ONCE));
  return total;
}

interface Replay {
  readonly at: number;
  /** Outbox time; of the runner's, not ours, which may be ahead of it. */
  readonly due: number;
}

/** An entry comes back to its old place, before those of its order key that were added since. */
function* replayLetters(ids: readonly number[], at: number, time: OutboxTime): RowSteps<number> {
  const due = yield* time.kept();
  const count = yield* inParts(ids, (part) => replayPart(part, { at, due }));
  yield* entriesReopened(ids);
  return count;
}

function* replayPart(ids: readonly number[], { at, due }: Replay): RowSteps<number> {
  const fresh = { attempts: 0, first_attempt_at: null, created_at: at, next_attempt_at: due };
  const young = { aged_ms: 0, tried_at: null, probed_from: null };
  const open = { settled_at: null, dead_at: null, reason: null, status: null, answer: null, waiting: 0 };
  const query = db.updateTable('outbox').set({ ...fresh, ...young, ...open });
  const dead = query.where('id', 'in', ids).where('dead_at', 'is not', null).returning('id');
  const back = (yield* all(dead)).map(({ id }) => id);
  yield* noteDeliveries({ outcome: 'replay', ids: back, at });
  return back.length;
}

function* dropPart(ids: readonly number[], at: number): RowSteps<number> {
  const query = db.updateTable('outbox').set({ dead_at: null });
  const dead = query.where('id', 'in', ids).where('dead_at', 'is not', null).returning('id');
  const gone = (yield* all(dead)).map(({ id }) => id);
  yield* noteDeliveries({ outcome: 'drop', ids: gone, at });
  return gone.length;
}

/** What is asked for by many ids is read in parts. */
function partsOf(filter: DeadLetterFilter): readonly DeadLetterFilter[] {
  const { ids } = filter;
  if (ids === null) return [filter];
  const sorted = [...ids].sort((a, b) => a - b);
  const parts: DeadLetterFilter[] = [];
  for (let next = 0; next < sorted.length; next += IDS_AT_ONCE)
    parts.push({ ...filter, ids: sorted.slice(next, next + IDS_AT_ONCE) });
  return parts;
}

function letterQuery({ target, ids, reason, since, alertPrefix, page }: DeadLetterFilter) {
  let query = db
    .selectFrom('outbox')
    .innerJoin('alert', 'alert.id', 'outbox.alert')
    .select(['outbox.id', 'message_id', 'alert_id', 'target', 'reason', 'status', 'attempts'])
    .select(['outbox.created_at', 'first_attempt_at', 'dead_at'])
    .where('dead_at', 'is not', null)
    // Whoever buries an entry writes these and the answer.
    .$narrowType<{ dead_at: NotNull; reason: NotNull }>();
  if (target !== null) query = query.where('target', '=', target);
  if (ids !== null) query = query.where('outbox.id', 'in', ids);
  if (since !== undefined) query = query.where('dead_at', '>=', since);
  if (reason !== undefined) query = query.where(position(sql`lower(reason)`, reason.toLowerCase()), '>', 0);
  if (alertPrefix !== undefined) query = query.where(sql`substr(alert_id, 1, ${alertPrefix.length})`, '=', alertPrefix);
  if (!page) return query.orderBy('outbox.id');
  if (page.before !== null) query = query.where('outbox.id', '<', page.before);
  return query.orderBy('outbox.id', 'desc').limit(page.limit);
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
