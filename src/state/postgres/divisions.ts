import { readShard, shardName, shardNames, type TargetShard } from '../target-shard.ts';
import type { DatabaseClient } from './connection.ts';
import { heldLock, WRITE_LOCK } from './locks.ts';

/**
 * Into how many parts a target is divided is one number at a time: two processes that went by different numbers would send alerts of one
 * order key at once. Inside a transaction that writes alone. False: somebody still has a part by the number before.
 */
export async function divideBy(client: DatabaseClient, name: string): Promise<boolean> {
  const { target, of } = readShard(name);
  const before = await divisionOf(client, target);
  if (before === of) return true;
  if (await isHeld(client, target)) return false;
  await divide(client, { target, before, of });
  return true;
}

/** For who runs alone: no target is divided any more. */
export async function undivide(client: DatabaseClient): Promise<void> {
  const { rows } = await client.query({ text: 'SELECT target, shards FROM division' });
  if (rows.length === 0) return;
  await client.query({ text: `BEGIN; ${WRITE_LOCK}` });
  for (const { target, shards } of rows as readonly { readonly target: string; readonly shards: number }[])
    await divide(client, { target, before: shards, of: 1 });
  await client.query({ text: 'COMMIT' });
}

async function divisionOf(client: DatabaseClient, target: string): Promise<number> {
  const { rows } = await client.query({ text: 'SELECT shards FROM division WHERE target = $1', values: [target] });
  return (rows[0] as { readonly shards: number } | undefined)?.shards ?? 1;
}

/** Leases of a target and of its parts, by whatever number. */
const ITS_LEASES = "kind = 'target' AND (name = $1 OR starts_with(name, $1 || '#'))";

async function isHeld(client: DatabaseClient, target: string): Promise<boolean> {
  const { rows } = await client.query({
    text: `SELECT 1 FROM lease JOIN machine ON machine.id = lease.owner WHERE ${ITS_LEASES.replaceAll('name', 'lease.name')}
      AND machine.runs AND machine.session IN (SELECT pid FROM pg_locks WHERE ${heldLock('runner')}) LIMIT 1`,
    values: [target],
  });
  return rows.length > 0;
}

interface Division {
  readonly target: string;
  readonly before: number;
  readonly of: number;
}

/** What anybody still writes by the number before is refused from now on. */
async function divide(client: DatabaseClient, { target, before, of }: Division): Promise<void> {
  await client.query({
    text: `UPDATE lease SET fence = fence + 1, owner = NULL WHERE ${ITS_LEASES}`,
    values: [target],
  });
  for (const part of shardNames(target, before)) await keepAges(client, readShard(part));
  await moveStates(client, { target, before, of });
  for (const which of ['settled_at IS NULL', 'dead_at IS NOT NULL'])
    await client.query({
      text: `UPDATE outbox SET shard = CASE WHEN $2::bigint > 1 THEN shard_of(order_key, $2::bigint) END WHERE target = $1 AND ${which}`,
      values: [target, of],
    });
  await client.query(
    of === 1
      ? { text: 'DELETE FROM division WHERE target = $1', values: [target] }
      : {
          text: 'INSERT INTO division VALUES ($1, $2) ON CONFLICT (target) DO UPDATE SET shards = $2',
          values: [target, of],
        },
  );
}

/** How old entries are goes by the probes of their part, which is no more. */
async function keepAges(client: DatabaseClient, part: TargetShard): Promise<void> {
  await client.query({
    text: `UPDATE outbox SET aged_ms = aged_ms + greatest(0, part.probed_ms - probed_from), probed_from = NULL,
        tried_at = greatest(tried_at, part.probed_at)
      FROM target AS part WHERE part.name = $2 AND outbox.target = $1 AND settled_at IS NULL AND probed_from IS NOT NULL
        AND ($3 = 1 OR shard = $4)`,
    values: [part.target, shardName(part), part.of, part.index],
  });
}

/** A new part is blocked, or down, where all parts before were: else it finds out with its first delivery. */
async function moveStates(client: DatabaseClient, { target, before, of }: Division): Promise<void> {
  await client.query({
    text: `WITH gone AS (DELETE FROM target WHERE name = ANY($1) RETURNING *), whole AS (
        SELECT count(*) = $3 AND bool_and(blocked_since IS NOT NULL) AS blocked,
          count(*) = $3 AND bool_and(down_since IS NOT NULL) AS down,
          min(blocked_since) AS since, min(reason) AS reason, min(next_probe_at) AS probe, max(probes) AS probes,
          coalesce(max(probed_ms), 0) AS probed_ms, max(probed_at) AS probed_at, max(paused_until) AS paused, min(down_since) AS down_since
        FROM gone)
      INSERT INTO target (name, blocked_since, reason, next_probe_at, probes, probed_ms, probed_at, paused_until, down_since)
      SELECT part, CASE WHEN blocked THEN since END, CASE WHEN blocked THEN reason END, CASE WHEN blocked THEN probe END,
        CASE WHEN blocked THEN probes ELSE 0 END, probed_ms, probed_at, paused, CASE WHEN down THEN down_since END
      FROM whole, unnest($2::text[]) AS part WHERE probes IS NOT NULL`,
    values: [shardNames(target, before), shardNames(target, of), before],
  });
}
