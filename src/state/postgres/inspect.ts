import { addressOf, type DatabaseClient, openClient } from './connection.ts';
import { lockIsHeld, lockKey } from './locks.ts';
import { layoutOf } from './migrate.ts';
import { LAYOUT_STEPS } from './migrations.ts';
import { toDatabaseError } from './state-error.ts';

/** What a database is like, as far as one can see without changing it. */
export interface DatabaseInspection {
  /** Of Postgres, without what stands behind the dot. */
  readonly version: number;
  readonly layout: number;
  /** The layout that this program writes. */
  readonly newest: number;
  readonly isReadOnly: boolean;
  /** Whether tables may be made in its schema. */
  readonly mayCreate: boolean;
  /** Whether a lock that one session takes is there for a second one for as long as the first lasts. */
  readonly holdsLocks: boolean;
  readonly runner: boolean;
  readonly clockAheadMs: number;
  /** Of the whole database. */
  readonly sizeBytes: number;
  readonly fsync: boolean;
  readonly synchronousCommit: string;
  readonly replicas: number;
  readonly synchronousReplicas: number;
}

const FACTS = `SELECT current_setting('server_version_num')::int / 10000 AS version, pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' AS "isReadOnly",
  has_schema_privilege(current_schema(), 'CREATE') AS "mayCreate", current_setting('fsync') = 'on' AS fsync, current_setting('synchronous_commit') AS "synchronousCommit",
  (SELECT count(*) FROM pg_stat_replication) AS replicas, (SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')) AS "synchronousReplicas",
  extract(epoch FROM clock_timestamp())::double precision * 1000 AS now, pg_database_size(current_database())::double precision AS "sizeBytes", ${lockIsHeld('runner')} AS runner`;

type Facts = Omit<DatabaseInspection, 'layout' | 'newest' | 'holdsLocks' | 'clockAheadMs'> & { readonly now: number };

/** Looks into a database beside whoever works with it. Throws STATE_ errors where it cannot be reached. */
export async function inspectDatabase(url: string): Promise<DatabaseInspection> {
  const address = addressOf(url);
  const [one, other] = [await openClient(address), await openClient(address)];
  try {
    const asked = Date.now();
    const { rows } = await one.query({ text: FACTS });
    const { now, ...facts } = rows[0] as Facts;
    const clockAheadMs = now - (asked + Date.now()) / 2;
    const newest = LAYOUT_STEPS.at(-1)?.number ?? 0;
    return { ...facts, clockAheadMs, layout: await layoutOf(one), newest, holdsLocks: await provesLock(one, other) };
  } catch (thrown) {
    throw toDatabaseError(thrown, address.name);
  } finally {
    await Promise.all([one.end(), other.end()]);
  }
}

/** A pooler that hands sessions on by transaction loses the lock, or lets the other one have it, too. */
async function provesLock(one: DatabaseClient, other: DatabaseClient): Promise<boolean> {
  const take = `SELECT pg_try_advisory_lock(${lockKey('proof')}) AS taken`;
  const isTaken = async (client: DatabaseClient): Promise<boolean> =>
    ((await client.query({ text: take })).rows[0] as { readonly taken: boolean }).taken;
  if (!(await isTaken(one))) return true;
  if (await isTaken(other)) return false;
  await one.query({ text: `SELECT pg_advisory_unlock(${lockKey('proof')})` });
  return isTaken(other);
}
