import { sql } from 'kysely';
import type { OutboxStore, TargetCounts, TargetNotes, TargetState } from '../outbox-store.ts';
import type { Connection } from './connection.ts';
import type { OutboxTime } from './outbox-time.ts';
import { compiledOnce } from './statement.ts';
import { db } from './tables.ts';
import { plainText } from './text.ts';

export function createTargetRows(
  connection: Connection,
  time: OutboxTime,
): Pick<OutboxStore, 'targetState' | 'setTargetState' | 'setDownSince' | 'targetCounts' | 'targetNotes'> {
  return {
    targetState: async (target) => readTarget(connection, target),
    setTargetState: async (state) =>
      connection.write(() => {
        saveTarget(connection, state);
        time.keep();
      }),
    setDownSince: async (target, downSince) => connection.write(() => saveDownSince(connection, target, downSince)),
    targetCounts: async () => connection.read(() => countEntries(connection)),
    targetNotes: async (target) => connection.read(() => notesOn(connection, target)),
  };
}

function readTarget(connection: Connection, target: string): TargetState {
  const row = connection.all(db.selectFrom('target').selectAll().where('name', '=', target).compile())[0];
  return {
    target,
    blockedSince: row?.blocked_since ?? null,
    reason: row?.reason ?? null,
    nextProbeAt: row?.next_probe_at ?? null,
    probes: row?.probes ?? 0,
    probedMs: row?.probed_ms ?? 0,
    probedAt: row?.probed_at ?? null,
    pausedUntil: row?.paused_until ?? null,
    downSince: row?.down_since ?? null,
  };
}

function saveTarget(connection: Connection, state: TargetState): void {
  const values = {
    blocked_since: state.blockedSince,
    reason: state.reason === null ? null : plainText(state.reason),
    next_probe_at: whole(state.nextProbeAt),
    probes: state.probes,
    probed_ms: Math.round(state.probedMs),
    probed_at: whole(state.probedAt),
    paused_until: whole(state.pausedUntil),
    down_since: whole(state.downSince),
  };
  const query = db
    .insertInto('target')
    .values({ name: state.target, ...values })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
    .compile();
  connection.run(query);
}

function saveDownSince(connection: Connection, name: string, downSince: number | null): void {
  const values = { down_since: whole(downSince) };
  const query = db
    .insertInto('target')
    .values({ name, probes: 0, ...values })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
    .compile();
  connection.run(query);
}

function whole(time: number | null): number | null {
  return time === null ? null : Math.round(time);
}

const pendingQuery = compiledOnce(() =>
  db
    .selectFrom('outbox')
    .select(['target', sql<number>`count(*)`.as('entries'), sql<number>`min(created_at)`.as('oldest')])
    .where('settled_at', 'is', null)
    .groupBy('target')
    .compile(),
);

const deadQuery = compiledOnce(() =>
  db
    .selectFrom('outbox')
    .select(['target', sql<number>`count(*)`.as('entries')])
    .where('dead_at', 'is not', null)
    .groupBy('target')
    .compile(),
);

function countEntries(connection: Connection): TargetCounts[] {
  const counts = new Map<string, TargetCounts>();
  for (const row of connection.all(pendingQuery({}))) {
    counts.set(row.target, { target: row.target, pending: row.entries, oldestAt: row.oldest, dead: 0 });
  }
  for (const row of connection.all(deadQuery({}))) {
    const { pending: waiting = 0, oldestAt = null } = counts.get(row.target) ?? {};
    counts.set(row.target, { target: row.target, pending: waiting, oldestAt, dead: row.entries });
  }
  return [...counts.values()].sort((a, b) => (a.target < b.target ? -1 : 1));
}

function notesOn(connection: Connection, target: string): TargetNotes {
  const entries = db.selectFrom('outbox').where('target', '=', target);
  const tried = entries
    .select(['attempts', 'reason'])
    .where('settled_at', 'is', null)
    .where('attempts', '>', 0)
    .orderBy('id')
    .limit(1);
  const finished = entries.where('settled_at', 'is not', null);
  // Whoever buries an entry writes an answer, which stays when the dead letter is dropped.
  const delivered = finished.select('id').where('answer', 'is', null).limit(1);
  const newest = finished.select(['reason', 'answer']).where('attempts', '>', 0).orderBy('id', 'desc').limit(1);
  const [first] = connection.all(tried.compile());
  const hasDelivered = connection.all(delivered.compile()).length > 0;
  const [last] = connection.all(newest.compile());
  const lastFailure = last && last.answer !== null ? last.reason : null;
  const inDigest = countInDigests(connection, target);
  return { attempts: first?.attempts ?? 0, reason: first?.reason ?? null, hasDelivered, lastFailure, inDigest };
}

function countInDigests(connection: Connection, target: string): number {
  const query = db
    .selectFrom('digest')
    .innerJoin('digest_item as item', 'item.digest', 'digest.id')
    .select(sql<number>`count(distinct item.alert_id)`.as('alerts'))
    .where('digest.target', '=', target)
    .where('digest.told_at', 'is', null);
  return connection.all(query.compile())[0]?.alerts ?? 0;
}
