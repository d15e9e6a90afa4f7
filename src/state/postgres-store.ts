import type { Clock } from '../lib/clock.ts';
import { createSteadyTime } from '../lib/steady-time.ts';
import type { LeaseBook } from './lease.ts';
import { addressOf, type ClientPool, type DatabaseAddress, openPool } from './postgres/connection.ts';
import { createTurns, databaseIn, type Guard, type HeldLease } from './postgres/database.ts';
import { openLeaseBook } from './postgres/leases.ts';
import { migrateTables, requireLayout } from './postgres/migrate.ts';
import type { RunnerSession } from './postgres/runner-session.ts';
import { toDatabaseError } from './postgres/state-error.ts';
import { takeStepsOn } from './postgres/take-steps.ts';
import { storedFence, takeFence } from './rows/fence.ts';
import { readMark } from './rows/outbox-time.ts';
import { createRowStore } from './rows/row-store.ts';
import type { RowSteps } from './steps/steps.ts';
import type { Store, StoreReader } from './store.ts';

export interface PostgresStoreOptions {
  readonly url: string;
  readonly clock: Clock;
  /** Held by whoever runs rules or delivers: opening then takes over, and whatever an earlier runner writes is refused. */
  readonly lock?: { readonly guard: Guard };
}

/** Opens the state in a Postgres database for writing and brings its tables up to date. Throws STATE_ errors that name the database and what to do. */
export async function openPostgresStore({ url, clock, lock }: PostgresStoreOptions): Promise<Store> {
  const address = addressOf(url);
  return opened(address, async (pool) => {
    await pool.use((session) => migrateTables(session, address));
    const guard: Guard = lock?.guard ?? (() => undefined);
    const unfenced = databaseIn({ address, pool, fence: null, guard });
    const fence = await unfenced.write(lock ? takeFence : storedFence);
    return storeIn(pool, lock ? databaseIn({ address, pool, fence, guard }) : unfenced, clock, fence);
  });
}

/** The state as processes write it that share the work. */
export interface SharedStore {
  /** What it writes is under no lease: what people ask for, and what any process may write. */
  readonly store: Store;
  readonly leases: LeaseBook;
}

/** A process that froze in the middle of a transaction must not keep others waiting for longer than it takes to be found. */
const TRANSACTIONS_END = "SET idle_in_transaction_session_timeout = '5s'";

/** Opens the state of a process that shares the work with others; its tables are up to date. */
export async function openSharedStore(url: string, clock: Clock, session: RunnerSession): Promise<SharedStore> {
  const address = addressOf(url);
  return opened(
    address,
    async (pool) => {
      const reading = databaseIn({ address, pool, fence: null, guard: session.guard });
      const fence = await reading.ask(storedFence);
      const parts = { address, pool, fence, guard: session.guard, inTurn: createTurns() };
      const under = async (lease: HeldLease): Promise<Store> => {
        const database = { ...databaseIn({ ...parts, lease }), close: async () => undefined };
        return storeIn(pool, database, clock, fence, await waitingClock(pool, clock));
      };
      const store = await storeIn(pool, databaseIn(parts), clock, fence, await waitingClock(pool, clock));
      return { store, leases: await openLeaseBook({ place: address.name, session, pool, under }) };
    },
    TRANSACTIONS_END,
  );
}

/** Opens the state for reading, beside whoever writes it. */
export async function openPostgresReader(options: {
  readonly url: string;
  readonly clock: Clock;
}): Promise<StoreReader> {
  const address = addressOf(options.url);
  return opened(address, async (pool) => {
    await pool.use((session) => requireLayout(session, address));
    const database = databaseIn({ address, pool, fence: null, guard: () => undefined });
    return storeIn(pool, database, options.clock, await database.ask(storedFence));
  });
}

async function storeIn(
  pool: ClientPool,
  database: ReturnType<typeof databaseIn>,
  clock: Clock,
  fence: number,
  waiting: Clock = clock,
): Promise<Store> {
  const mark = await take(pool, readMark);
  return createRowStore(database, clock, fence, createSteadyTime(waiting, mark));
}

/**
 * Our clock as the database's shows the time. What waits in the outbox waits by it: an entry of a process whose clock is ahead would wait
 * at another one for as long.
 */
async function waitingClock(pool: ClientPool, clock: Clock): Promise<Clock> {
  const { rows } = await pool.use((session) => session.query({ text: DATABASE_TIME }));
  const aheadMs = (rows[0] as { readonly now: number }).now - clock.now();
  return { now: () => clock.now() + aheadMs, monotonic: clock.monotonic, sleep: clock.sleep };
}

const DATABASE_TIME = 'SELECT extract(epoch FROM clock_timestamp())::double precision * 1000 AS now';

function take<Result>(pool: ClientPool, work: () => RowSteps<Result>): Promise<Result> {
  return pool.use((session) => takeStepsOn(session, work()));
}

async function opened<Result>(
  address: DatabaseAddress,
  open: (pool: ClientPool) => Promise<Result>,
  begin: string | null = null,
): Promise<Result> {
  const pool = openPool(address, begin);
  try {
    return await open(pool);
  } catch (thrown) {
    await pool.end();
    throw toDatabaseError(thrown, address.name);
  }
}
