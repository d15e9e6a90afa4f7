import type { Clock } from '../lib/clock.ts';
import { createSteadyTime } from '../lib/steady-time.ts';
import { addressOf, type ClientPool } from './postgres/connection.ts';
import { databaseIn, type Guard } from './postgres/database.ts';
import { undivide } from './postgres/divisions.ts';
import { migrateTables, requireLayout } from './postgres/migrate.ts';
import { readMarkIn, withPool } from './postgres/with-pool.ts';
import { storedFence, takeFence } from './rows/fence.ts';
import { createRowStore } from './rows/row-store.ts';
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
  return withPool(address, null, async (pool) => {
    await pool.use((session) => migrateTables(session, address));
    const guard: Guard = lock?.guard ?? (() => undefined);
    const unfenced = databaseIn({ address, pool, fence: null, guard });
    const fence = await unfenced.write(lock ? takeFence : storedFence);
    if (lock) await pool.use(undivide);
    return storeIn(pool, lock ? databaseIn({ address, pool, fence, guard }) : unfenced, clock, fence);
  });
}

/** Opens the state for reading, beside whoever writes it. */
export async function openPostgresReader(options: {
  readonly url: string;
  readonly clock: Clock;
}): Promise<StoreReader> {
  const address = addressOf(options.url);
  return withPool(address, null, async (pool) => {
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
): Promise<Store> {
  return createRowStore(database, clock, fence, createSteadyTime(clock, await readMarkIn(pool)));
}
