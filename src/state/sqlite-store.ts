import { closeSync, existsSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../lib/clock.ts';
import { type Log, silentLog } from '../lib/log.ts';
import { makeDurableFolder } from './durable-folder.ts';
import type { RunnerLock } from './runner-lock.ts';
import { type Connection, openConnection } from './sqlite/connection.ts';
import { raiseFence, storedFence } from './sqlite/fence.ts';
import { migrate, requireCurrent, requireNotNewer, versionOf } from './sqlite/migrate.ts';
import { watchFiles } from './sqlite/presence.ts';
import { createSqlStore } from './sqlite/sql-store.ts';
import { toStateError } from './sqlite/state-error.ts';
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

const IN_MEMORY = ':memory:';
const BUSY_MS = 5000;
/** An alert of 2 KB fills a third of such a page; in one of 4 KB it would waste half. Holds for new files only. */
const PAGE_BYTES = 8192;
/** Pages in the write-ahead log before they are copied into the file: about six runs of 1,000 alerts. */
const CHECKPOINT_PAGES = 2000;

/** Opens the state for writing and brings its layout up to date. Throws STATE_ errors that name the file and what to do. */
export function openSqliteStore(options: SqliteStoreOptions): Store {
  const { path, clock, log = silentLog } = options;
  if (path !== IN_MEMORY) createFile(path);
  const connection = openForWriting(path);
  try {
    const before = versionOf(connection);
    migrate(connection);
    log.debug('The state file is open.', { path, layoutBefore: before, layout: versionOf(connection) });
    const fence = options.lock ? raiseFence(connection) : storedFence(connection);
    const watched = options.lock ? watchFiles(connection, [path, `${path}-wal`, options.lock.path]) : connection;
    return { ...createSqlStore(watched, clock, fence), close: async () => closeTidily(connection, log) };
  } catch (thrown) {
    connection.close();
    throw toStateError(thrown, path);
  }
}

/** A state that ends with the process: for rule tests, dry runs without a state file, and tests. */
export function openMemoryStore(options: { readonly clock: Clock }): Store {
  const connection = openConnection(IN_MEMORY);
  migrate(connection);
  return createSqlStore(connection, options.clock, raiseFence(connection));
}

/** Opens the state for reading, beside whoever writes it. A file that does not exist yet reads as an empty state. */
export function openReader(options: { readonly path: string; readonly clock: Clock }): StoreReader {
  const { path, clock } = options;
  if (!existsSync(path)) return openMemoryStore({ clock });
  const connection = openConnection(path);
  try {
    // libsql ignores its `readonly` option.
    connection.script(`PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA query_only = 1`);
    requireCurrent(connection);
    return createSqlStore(connection, clock, storedFence(connection));
  } catch (thrown) {
    connection.close();
    throw toStateError(thrown, path);
  }
}

/** Alerts are confidential: a new file can be read by its owner only, and SQLite gives its side files the same mode. */
function createFile(path: string): void {
  try {
    makeDurableFolder(dirname(path));
    closeSync(openSync(path, 'a', 0o600));
  } catch (thrown) {
    throw toStateError(thrown, path);
  }
}

function openForWriting(path: string): Connection {
  const connection = openConnection(path);
  try {
    connection.script(`PRAGMA busy_timeout = ${BUSY_MS}`);
    requireNotNewer(connection);
    connection.script(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA journal_mode = WAL`);
    connection.script(`PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    return connection;
  } catch (thrown) {
    connection.close();
    throw thrown;
  }
}

/** Empties the write-ahead log into the file, so that a copy of the one file is a copy of the state. */
function closeTidily(connection: Connection, log: Log): void {
  try {
    connection.script('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch (thrown) {
    const { message } = toStateError(thrown, connection.path);
    log.warn('The write-ahead log stays beside the state file; the next start takes it in.', { reason: message });
  } finally {
    connection.close();
  }
}
