import type { SteadyMark } from '../../lib/steady-time.ts';
import { readMark } from '../rows/outbox-time.ts';
import { type ClientPool, type DatabaseAddress, openPool } from './connection.ts';
import { toDatabaseError } from './state-error.ts';
import { takeStepsOn } from './take-steps.ts';

/** What `open` makes keeps the pool; where it fails, the pool is closed. `begin`: what each connection is told first. */
export async function withPool<Result>(
  address: DatabaseAddress,
  begin: string | null,
  open: (pool: ClientPool) => Promise<Result>,
): Promise<Result> {
  const pool = openPool(address, begin);
  try {
    return await open(pool);
  } catch (thrown) {
    await pool.end();
    throw toDatabaseError(thrown, address.name);
  }
}

export function readMarkIn(pool: ClientPool): Promise<SteadyMark | null> {
  return pool.use((session) => takeStepsOn(session, readMark()));
}
