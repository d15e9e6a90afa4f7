import { sql } from 'kysely';
import type { OutboxStore, TargetCounts, TargetState } from '../outbox-store.ts';
import type { Database } from '../steps/database.ts';
import { compiledOnce } from '../steps/statement.ts';
import { all, change, type RowSteps } from '../steps/steps.ts';
import { db } from '../steps/tables.ts';
import type { OutboxTime } from './outbox-time.ts';
import { countPending, oldestPending } from './targets/count-pending.ts';
import { createTargetNotes } from './targets/target-notes.ts';
import { plainText } from './text.ts';

export function createTargetRows(
  database: Database,
  time: OutboxTime,
): Pick<
  OutboxStore,
  'targetState' | 'setTargetState' | 'setDownSince' | 'targetCounts' | 'deadCounts' | 'targetNotes'
> {
  return {
    targetState: (target) => database.ask(() => readTarget(target)),
    setTargetState: (state) =>
      database.write(function* () {
        yield* saveTarget(state);
        yield* time.keep();
      }),
    setDownSince: (target, downSince) => database.write(() => saveDownSince(target, downSince)),
    targetCounts: () => database.read(countEntries),
    deadCounts: () => database.ask(countDead),
    ...createTargetNotes(database, time),
  };
}

function* readTarget(target: string): RowSteps<TargetState> {
  const row = (yield* all(db.selectFrom('target').selectAll().where('name', '=', target)))[0];
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

function* saveTarget(state: TargetState): RowSteps<void> {
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
    .onConflict((conflict) => conflict.column('name').doUpdateSet(values));
  yield* change(query);
}

function* saveDownSince(name: string, downSince: number | null): RowSteps<void> {
  const values = { down_since: whole(downSince) };
  const query = db
    .insertInto('target')
    .values({ name, probes: 0, ...values })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(values));
  yield* change(query);
}

function whole(time: number | null): number | null {
  return time === null ? null : Math.round(time);
}

const deadQuery = compiledOnce(() =>
  db
    .selectFrom('outbox')
    .select(['target', sql<number>`count(*)`.as('entries')])
    .where('dead_at', 'is not', null)
    .groupBy('target'),
);

function* countEntries(): RowSteps<TargetCounts[]> {
  const counts = new Map<string, TargetCounts>();
  for (const [target, { entries, first }] of yield* countPending())
    counts.set(target, { target, pending: entries, oldestAt: yield* oldestPending(target, first), dead: 0 });
  for (const [target, dead] of yield* countDead()) {
    const { pending: waiting = 0, oldestAt = null } = counts.get(target) ?? {};
    counts.set(target, { target, pending: waiting, oldestAt, dead });
  }
  return [...counts.values()].sort((a, b) => (a.target < b.target ? -1 : 1));
}

function* countDead(): RowSteps<ReadonlyMap<string, number>> {
  return new Map((yield* all(deadQuery({}))).map(({ target, entries }) => [target, entries]));
}
