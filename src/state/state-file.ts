import { closeSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Log } from '../lib/log.ts';
import { makeDurableFolder } from './durable-folder.ts';
import { storedFence } from './rows/fence.ts';
import { type Connection, openConnection } from './sqlite/connection.ts';
import { migrate, requireCurrent, requireNotNewer, versionOf } from './sqlite/migrate.ts';
import type { Migration } from './sqlite/migrations.ts';
import { watchFiles } from './sqlite/presence.ts';
import { raiseFence } from './sqlite/sql-store.ts';
import { toStateError } from './sqlite/state-error.ts';
import { takeSteps } from './sqlite/take-steps.ts';

/** The state file, open. */
export interface StateFile {
  readonly connection: Connection;
  readonly fence: number;
  close(): void;
}

export interface StateFileOptions {
  readonly path: string;
  /** Of whoever runs rules or delivers; null: neither. */
  readonly lockPath: string | null;
  readonly log: Log;
  /** Steps that a new file takes; all where they are left out. */
  readonly migrations?: readonly Migration[];
}

const IN_MEMORY = ':memory:';
const BUSY_MS = 5000;
/** An alert of 2 KB fills a third of such a page; in one of 4 KB it would waste half. Holds for new files only. */
const PAGE_BYTES = 8192;
/** Pages in the write-ahead log before they are copied into the file: about six runs of 1,000 alerts. */
export const CHECKPOINT_PAGES = 2000;
/** Pages in memory: what a run of 1,000 alerts changes, with the indexes. With SQLite's 2 MB a commit wrote half of it before its time, and read it again. */
const CACHE_KIBIBYTES = 8192;

/** Opens the state for writing, brings its layout up to date and, with a lock, takes over. Throws STATE_ errors that name the file. */
export function openStateFile({ path, lockPath, log, migrations }: StateFileOptions): StateFile {
  if (path !== IN_MEMORY) createFile(path);
  const connection = openForWriting(path);
  try {
    const before = versionOf(connection);
    migrate(connection, migrations);
    log.debug('The state file is open.', { path, layoutBefore: before, layout: versionOf(connection) });
    const fence = lockPath === null ? takeSteps(connection, storedFence()) : raiseFence(connection);
    const close = (): void => closeTidily(connection, log);
    return { connection: watched(connection, lockPath), fence, close };
  } catch (thrown) {
    connection.close();
    throw toStateError(thrown, path);
  }
}

/** A connection that only reads, beside whoever writes. The file must be there and its layout current. */
export function openForReading(path: string, lockPath: string | null): Connection {
  const connection = openConnection(path);
  try {
    // libsql ignores its `readonly` option.
    connection.script(`PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA query_only = 1`);
    requireCurrent(connection);
    return watched(connection, lockPath);
  } catch (thrown) {
    connection.close();
    throw toStateError(thrown, path);
  }
}

function watched(connection: Connection, lockPath: string | null): Connection {
  const { path } = connection;
  return lockPath === null ? connection : watchFiles(connection, [path, `${path}-wal`, lockPath]);
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
    connection.script(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL`);
    connection.script(`PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    connection.script(`PRAGMA cache_size = -${CACHE_KIBIBYTES}`);
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
