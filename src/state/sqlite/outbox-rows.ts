import { sql } from 'kysely';
import type { Alert } from '../../alerts/alert.ts';
import type { OutboxEntry, OutboxStore } from '../outbox-store.ts';
import { type BulkStatement, createBulk, SIZES_OF_LARGE_ROWS } from './bulk.ts';
import type { Connection, PreparedStatement } from './connection.ts';
import { db } from './tables.ts';
import { fromExactText } from './text.ts';

type PendingQuery = Parameters<OutboxStore['pending']>[1];

/** Alert text read into memory by one call; the rest comes with the next. An alert has at most 256 KB. */
const BATCH_CHARACTERS = 16 * 1024 * 1024;
const READ_AT_ONCE = 20;

export function createOutboxRows(connection: Connection): Pick<OutboxStore, 'pending' | 'nextDue' | 'pendingTargets'> {
  const read = createBulk(connection, buildEntryRead, SIZES_OF_LARGE_ROWS);
  const due = connection.prepare(buildDueSearch().sql);
  const next = connection.prepare(buildNextDue().sql);
  return {
    pending: async (target, query) => connection.read(() => readEntries(read, dueIds(due, target, query))),
    nextDue: async (target, after) => {
      const at = next.rows([target, after])[0]?.[0] ?? null;
      return at === null ? null : Number(at);
    },
    pendingTargets: async () => {
      const query = db.selectFrom('outbox').select('target').distinct().where('settled_at', 'is', null).compile();
      return connection.all(query).map((row) => row.target);
    },
  };
}

/** Skips the ids in `except` here, because a statement has room for few: it asks for more until enough are left or none come. */
function dueIds(search: PreparedStatement, target: string, query: PendingQuery): number[] {
  const { limit, except } = query;
  const due = query.ignoreBackoff ? Number.MAX_SAFE_INTEGER : query.now;
  for (let take = limit + Math.min(limit, except.size); ; take *= 4) {
    const ids = search.rows([target, due, take]).map(([id]) => Number(id));
    const free = ids.filter((id) => !except.has(id));
    if (free.length >= limit || ids.length < take) return free.slice(0, limit);
  }
}

/** Pending entries that are the first of their order keys. `waiting` is compared with a literal, or its index would not be used. */
function firstEntries() {
  return db
    .selectFrom('outbox')
    .where('target', '=', '')
    .where('settled_at', 'is', null)
    .where('waiting', '=', sql.lit(0));
}

/** Parameters: target, latest due time, limit. */
function buildDueSearch() {
  const due = firstEntries().select('id').where('next_attempt_at', '<=', 0);
  return due.orderBy('next_attempt_at').orderBy('id').limit(0).compile();
}

/** Parameters: target, the time after which to look. */
function buildNextDue() {
  return firstEntries()
    .select((select) => select.fn.min<number | null>('next_attempt_at').as('due'))
    .where('next_attempt_at', '>', 0)
    .compile();
}

function readEntries(read: BulkStatement, ids: readonly number[]): OutboxEntry[] {
  const entries = new Map<number, OutboxEntry>();
  let characters = 0;
  for (let next = 0; next < ids.length && characters < BATCH_CHARACTERS; next += READ_AT_ONCE) {
    for (const row of read.rows(ids.slice(next, next + READ_AT_ONCE).map((id) => [id]))) {
      const entry = toEntry(row);
      entries.set(entry.id, entry);
      characters += String(row.at(-1)).length;
    }
  }
  return ids.map((id) => entries.get(id)).filter((entry) => entry !== undefined);
}

function toEntry(row: readonly unknown[]): OutboxEntry {
  const [id, messageId, target, orderKey, attempts, createdAt, firstAttemptAt, document] = row;
  return {
    id: Number(id),
    messageId: String(messageId),
    target: String(target),
    orderKey: fromExactText(String(orderKey)),
    attempts: Number(attempts),
    createdAt: Number(createdAt),
    firstAttemptAt: firstAttemptAt === null ? null : Number(firstAttemptAt),
    alert: JSON.parse(String(document)) as Alert,
  };
}

function buildEntryRead(count: number) {
  return db
    .selectFrom('outbox')
    .innerJoin('alert', 'alert.id', 'outbox.alert')
    .select([
      'outbox.id',
      'outbox.message_id',
      'outbox.target',
      'outbox.order_key',
      'outbox.attempts',
      'outbox.created_at',
      'outbox.first_attempt_at',
      'alert.document',
    ])
    .where('outbox.id', 'in', Array<number>(count).fill(0))
    .compile();
}
