import { closeAll } from '../lib/all-ended.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Secret } from '../lib/secret.ts';
import { takeRunnerLock } from './runner-lock.ts';
import { openSqliteStore } from './sqlite-store.ts';
import type { StatePlace } from './state-place.ts';
import type { Store } from './store.ts';
import { openThreadedStore } from './threaded-store.ts';

export interface RunnerOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Where a file is written: `worker` for what runs long, `in-process` for what ends soon. A database is written from here in any case. */
  readonly place: 'worker' | 'in-process';
}

/** The state of a runner, which holds its lock until it is closed. */
export interface RunnerState {
  readonly store: Store;
  close(): Promise<void>;
}

/** Takes the runner lock and opens the state. Throws STATE_LOCKED where another runner has it. */
export function openRunnerState(place: StatePlace, options: RunnerOptions): Promise<RunnerState> {
  return 'path' in place ? openOnFile(place.path, options) : openOnDatabase(place.url, options);
}

async function openOnFile(path: string, { clock, log, place }: RunnerOptions): Promise<RunnerState> {
  const lock = takeRunnerLock(path);
  return opened(
    () => (place === 'worker' ? openThreadedStore : openSqliteStore)({ path, clock, log, lock }),
    () => lock.release(),
  );
}

async function openOnDatabase(secret: Secret, { clock, log }: RunnerOptions): Promise<RunnerState> {
  const { openPostgresStore } = await import('./postgres-store.ts');
  const { takeRunnerSession } = await import('./postgres/runner-session.ts');
  const url = secret.reveal();
  const session = await takeRunnerSession(url);
  log.debug('The runner lock of the database is ours.', {});
  return opened(() => openPostgresStore({ url, clock, lock: session }), session.release);
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
