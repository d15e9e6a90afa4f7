import { existsSync } from 'node:fs';
import type { Clock } from '../lib/clock.ts';
import { type Log, silentLog } from '../lib/log.ts';
import { storedFence } from './rows/fence.ts';
import type { RunnerLock } from './runner-lock.ts';
import { openConnection } from './sqlite/connection.ts';
import { makeLayout } from './sqlite/migrate.ts';
import { createSqlStore, raiseFence } from './sqlite/sql-store.ts';
import { takeSteps } from './sqlite/take-steps.ts';
import { openForReading, openStateFile } from './state-file.ts';
import type { Store, StoreReader } from './store.ts';

export interface SqliteStoreOptions {
  /** The state file; it and its folder are made where they are missing. */
  readonly path: string;
  readonly clock: Clock;
  readonly log?: Log;
  /**
   * Held by whoever runs rules or delivers: opening then takes over, and commits of an earlier runner are refused. Commits throw STATE_GONE
   * once the state or the lock was deleted or replaced.
   */
  readonly lock?: RunnerLock;
}

/** Opens the state for writing and brings its layout up to date. Throws STATE_ errors that name the file and what to do. */
export function openSqliteStore({ path, clock, lock, log = silentLog }: SqliteStoreOptions): Store {
  const file = openStateFile({ path, lockPath: lock?.path ?? null, log });
  return { ...createSqlStore(file.connection, clock, file.fence), close: async () => file.close() };
}

/** A state that ends with the process: for rule tests, dry runs without a state file, and tests. */
export function openMemoryStore(options: { readonly clock: Clock }): Store {
  const connection = openConnection(':memory:');
  makeLayout(connection);
  return createSqlStore(connection, options.clock, raiseFence(connection));
}

/** Opens the state for reading, beside whoever writes it. A file that does not exist yet reads as an empty state. */
export function openReader({ path, clock }: { readonly path: string; readonly clock: Clock }): StoreReader {
  if (!existsSync(path)) return openMemoryStore({ clock });
  const connection = openForReading(path, null);
  return createSqlStore(connection, clock, takeSteps(connection, storedFence()));
}
