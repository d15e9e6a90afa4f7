import type { NotNull } from 'kysely';
import type { Alert } from '../../alerts/alert.ts';
import type { DeadLetter, OutboxStore } from '../outbox-store.ts';
import type { Connection } from './connection.ts';
import type { OrderRows } from './order-rows.ts';
import type { OutboxTime } from './outbox-time.ts';
import { db } from './tables.ts';

type Filter = Parameters<OutboxStore['deadLetters']>[0];

/** Ids in one statement. */
const IDS_AT_ONCE = 500;

export function createDeadLetterRows(
  connection: Connection,
  order: OrderRows,
  time: OutboxTime,
): Pick<OutboxStore, 'deadLetters' | 'replay' | 'drop'> {
  return {
    deadLetters: async (filter) => connection.read(() => readLetters(connection, filter)),
    replay: async (ids, at) => connection.write(() => replayLetters(connection, order, ids, { at, due: time.kept() })),
    drop: async (ids) => connection.write(() => inParts(ids, (part) => dropPart(connection, part))),
  };
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
function replayLetters(connection: Connection, order: OrderRows, ids: readonly number[], again: Replay): number {
  const count = inParts(ids, (part) => replayPart(connection, part, again));
  const targets = db.selectFrom('outbox').select('target').distinct().where('settled_at', 'is', null);
  for (const { target } of connection.all(targets.compile())) order.changed(target);
  return count;
}

function replayPart(connection: Connection, ids: readonly number[], { at, due }: Replay): number {
  const fresh = { attempts: 0, first_attempt_at: null, created_at: at, next_attempt_at: due };
  const young = { aged_ms: 0, tried_at: null, probed_from: null };
  const open = { settled_at: null, dead_at: null, reason: null, status: null, answer: null };
  const query = db.updateTable('outbox').set({ ...fresh, ...young, ...open });
  return connection.run(query.where('id', 'in', ids).where('dead_at', 'is not', null).compile());
}

function dropPart(connection: Connection, ids: readonly number[]): number {
  const query = db.updateTable('outbox').set({ dead_at: null });
  return connection.run(query.where('id', 'in', ids).where('dead_at', 'is not', null).compile());
}

function letterQuery() {
  return (
    db
      .selectFrom('outbox')
      .innerJoin('alert', 'alert.id', 'outbox.alert')
      .select(['outbox.id', 'message_id', 'alert_id', 'target', 'reason', 'status', 'answer', 'attempts'])
      .select(['outbox.created_at', 'first_attempt_at', 'dead_at', 'document'])
      .where('dead_at', 'is not', null)
      // Whoever buries an entry writes all three.
      .$narrowType<{ dead_at: NotNull; reason: NotNull; answer: NotNull }>()
      .orderBy('outbox.id')
  );
}

function readLetters(connection: Connection, filter: Filter): DeadLetter[] {
  const query = filter.target === null ? letterQuery() : letterQuery().where('target', '=', filter.target);
  if (filter.ids === null) return connection.all(query.compile()).map(toLetter);
  const { ids } = filter;
  const letters: DeadLetter[] = [];
  inParts(ids, (part) => {
    letters.push(...connection.all(query.where('outbox.id', 'in', part).compile()).map(toLetter));
    return part.length;
  });
  return letters;
}

interface LetterRow {
  readonly id: number;
  readonly message_id: string;
  readonly alert_id: string;
  readonly target: string;
  readonly reason: string;
  readonly status: number | null;
  readonly answer: string;
  readonly attempts: number;
  readonly created_at: number;
  readonly first_attempt_at: number | null;
  readonly dead_at: number;
  readonly document: string;
}

function toLetter(row: LetterRow): DeadLetter {
  return {
    id: row.id,
    messageId: row.message_id,
    alertId: row.alert_id,
    target: row.target,
    reason: row.reason,
    status: row.status,
    answer: row.answer,
    attempts: row.attempts,
    firstAt: row.first_attempt_at ?? row.created_at,
    lastAt: row.dead_at,
    alert: JSON.parse(row.document) as Alert,
  };
}
