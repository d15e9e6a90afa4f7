import { sql } from 'kysely';
import type { OutboxStore, TargetCounts, TargetState } from '../outbox-store.ts';
import type { Database } from '../steps/database.ts';
import { compiledOnce } from '../steps/statement.ts';
import { all, change, type RowSteps } from '../steps/steps.ts';
import { db } from '../steps/tables.ts';
import { readShard, shardRange } from '../target-shard.ts';
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
        yield* forgetShards(state.target);
        yield* saveTarget(state);
        yield* time.keep();
      }),
    setDownSince: (target, downSince) => database.write(() => saveDownSince(target, downSince)),
    targetCounts: () => database.read(countEntries),
    deadCounts: () => database.ask(countDead),
    ...createTargetNotes(database, time),
  };
}

/** Of a target that is divided: blocked and down as soon as one of its parts is. */
function* readTarget(target: string): RowSteps<TargetState> {
  const { from, below } = shardRange(target);
  const rows = yield* all(
    db
      .selectFrom('target')
      .selectAll()
      .where((where) =>
        where.or([where('name', '=', target), where.and([where('name', '>=', from), where('name', '<', below)])]),
      ),
  );
  const blocked = rows.filter(({ blocked_since }) => blocked_since !== null);
  const [first] = blocked.sort((a, b) => (a.blocked_since ?? 0) - (b.blocked_since ?? 0));
  return {
    target,
    blockedSince: first?.blocked_since ?? null,
    reason: first?.reason ?? null,
    nextProbeAt: lowest(blocked.map((row) => row.next_probe_at)),
    probes: highest((blocked.length > 0 ? blocked : rows).map((row) => row.probes)) ?? 0,
    probedMs: highest(rows.map((row) => row.probed_ms)) ?? 0,
    probedAt: highest(rows.map((row) => row.probed_at)),
    pausedUntil: highest(rows.map((row) => row.paused_until)),
    downSince: lowest(rows.map((row) => row.down_since)),
  };
}

function lowest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length > 0 ? Math.min(...known) : null;
}

function highest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length > 0 ? Math.max(...known) : null;
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

/** What is said of a whole target holds for all of it. */
function* forgetShards(name: string): RowSteps<void> {
  if (readShard(name).of > 1) return;
  const { from, below } = shardRange(name);
  yield* change(db.deleteFrom('target').where('name', '>=', from).where('name', '<', below));
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
