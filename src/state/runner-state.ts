import { closeAll } from '../lib/all-ended.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Secret } from '../lib/secret.ts';
import { type FilePlace, requireLocalFile } from './file/network-folder.ts';
import type { LeaseBook } from './lease.ts';
import type { RunnerSession, RunnerSessionOptions, StandBy } from './postgres/runner-session.ts';
import { takeRunnerLock } from './runner-lock.ts';
import type { RunnerRecord } from './runner-record.ts';
import { openSqliteStore } from './sqlite-store.ts';
import type { StatePlace } from './state-place.ts';
import type { Store } from './store.ts';
import { openThreadedStore } from './threaded-store.ts';
import type { DatabaseWriterSettings } from './writer/messages.ts';
import { type StartWriter, startDatabaseWriter } from './writer/thread.ts';

export interface RunnerOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Where the state is written: `worker` for what runs long, `in-process` for what ends soon. Who runs alone on a database writes it from here. */
  readonly place: 'worker' | 'in-process';
  /** How others of a database name this process. */
  readonly process: Pick<RunnerRecord, 'verb' | 'pid' | 'machine'>;
  readonly version: string;
  /** Left out: the program's own thread. */
  readonly startDatabaseWriter?: StartWriter<DatabaseWriterSettings>;
}

/** The state of a runner, which holds its lock until it is closed. */
export interface RunnerState {
  readonly store: Store;
  /** Of a database: aborts with STATE_GONE once this process may not run on it any more. */
  readonly lost?: AbortSignal;
  /** Of a database: the leases by which this process shares the work with others; left out: it runs alone. */
  readonly leases?: LeaseBook;
  close(): Promise<void>;
}

/** Takes the runner lock and opens the state. Throws STATE_LOCKED where another runner has it. */
export function openRunnerState(place: StatePlace, options: RunnerOptions): Promise<RunnerState> {
  return 'path' in place ? openOnFile(place, options) : openOnDatabase(place.url, options);
}

async function openOnFile(file: FilePlace, { clock, log, place }: RunnerOptions): Promise<RunnerState> {
  requireLocalFile(file, log);
  const { path } = file;
  const lock = takeRunnerLock(path);
  return opened(
    () => (place === 'worker' ? openThreadedStore : openSqliteStore)({ path, clock, log, lock }),
    () => lock.release(),
  );
}

async function openOnDatabase(url: Secret, options: RunnerOptions): Promise<RunnerState> {
  return openOnSession(url, await takeSession(url, options), options);
}

/**
 * Opens the state of a database beside others that share the work. Waits while a process runs alone on it. Throws ABORTED where the signal
 * comes first.
 */
export async function openShared(url: Secret, options: RunnerOptions, standBy: StandBy): Promise<RunnerState> {
  const session = await takeSession(url, options, { standBy, isShared: true });
  const { openSharedStore } = await import('./shared-store.ts');
  const { clock, log, startDatabaseWriter: start = startDatabaseWriter } = options;
  const startWriter = options.place === 'worker' ? start : null;
  try {
    const { store, leases } = await openSharedStore({ url: url.reveal(), clock, log, session, startWriter });
    return { store, leases, lost: session.lost, close: () => closeAll([session.release, () => store.close()]) };
  } catch (thrown) {
    await session.release();
    throw thrown;
  }
}

async function takeSession(
  url: Secret,
  options: RunnerOptions,
  how: Pick<RunnerSessionOptions, 'standBy' | 'isShared'> = {},
): Promise<RunnerSession> {
  const { takeRunnerSession } = await import('./postgres/runner-session.ts');
  const { process: self, version } = options;
  return takeRunnerSession(url.reveal(), { self, version, ...how });
}

async function openOnSession(url: Secret, session: RunnerSession, { clock, log }: RunnerOptions): Promise<RunnerState> {
  const { openPostgresStore } = await import('./postgres-store.ts');
  log.debug('The runner lock of the database is ours.', {});
  const state = await opened(() => openPostgresStore({ url: url.reveal(), clock, lock: session }), session.release);
  return { ...state, lost: session.lost };
}

async function opened(open: () => Store | Promise<Store>, release: () => unknown): Promise<RunnerState> {
  try {
    const store = await open();
    return { store, close: () => closeAll([release, () => store.close()]) };
  } catch (thrown) {
    await release();
    throw thrown;
  }
}
