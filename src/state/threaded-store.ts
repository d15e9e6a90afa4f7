import { type Log, silentLog } from '../lib/log.ts';
import { mapInTurns } from '../lib/loop/in-turns.ts';
import type { SteadyTime } from '../lib/steady-time.ts';
import { keptAlert } from './rows/alert-rows.ts';
import type { Connection } from './sqlite/connection.ts';
import { createSqlStore, steadyTimeOf } from './sqlite/sql-store.ts';
import type { SqliteStoreOptions } from './sqlite-store.ts';
import { openForReading } from './state-file.ts';
import type { Store } from './store.ts';
import { CACHE_WRITES, QUOTA_WRITES, WRITES, type WriteCall } from './writer/messages.ts';
import { packCommit, packHealth } from './writer/packed-commit.ts';
import { type StartWriter, startWriterThread } from './writer/thread.ts';
import { createWriter, type Writer } from './writer/writer.ts';

export interface ThreadedStoreOptions extends Required<Pick<SqliteStoreOptions, 'path' | 'clock' | 'lock'>> {
  readonly log?: Log;
  readonly startWriter?: StartWriter;
}

/**
 * The store of a runner: what writes is done by a thread of its own, in the order in which it was called, so that no commit holds up the
 * event loop; what reads is done here, and sees what was written before. Promises of writes resolve when the thread has done them. As
 * `openSqliteStore` otherwise.
 */
export async function openThreadedStore(options: ThreadedStoreOptions): Promise<Store> {
  const { path, lock, log = silentLog, startWriter = startWriterThread } = options;
  const thread = startWriter({ path, lockPath: lock.path });
  let steady: SteadyTime | null = null;
  const timeOf = (): SteadyTime => steady ?? NO_TIME;
  const writer = createWriter(path, thread, log, timeOf);
  try {
    const fence = await writer.opened;
    const reading = openForReading(path, lock.path);
    steady = steadyTimeOf(reading, options.clock);
    return joined(createSqlStore(reading, options.clock, fence, steady), writer, reading);
  } catch (thrown) {
    await writer.close();
    throw thrown;
  }
}

/** Texts of most alerts are known. Behind alerts of other runs that are yet to be made, the thread would wait for all of them. */
const WRITTEN = { effort: 0 } as const;

const NO_TIME: SteadyTime = { now: () => 0, mark: () => ({ at: 0, wall: 0 }) };

function joined(store: Store, writer: Writer, reading: Connection): Store {
  const { commit, commitHealth, ...writes } = callsOf<Store, (typeof WRITES)[number]>(writer, 'store', WRITES);
  return {
    ...store,
    ...writes,
    quota: { ...store.quota, ...callsOf<Store['quota'], (typeof QUOTA_WRITES)[number]>(writer, 'quota', QUOTA_WRITES) },
    cache: { ...store.cache, ...callsOf<Store['cache'], (typeof CACHE_WRITES)[number]>(writer, 'cache', CACHE_WRITES) },
    commit: async (one) => {
      const alerts = await mapInTurns(one.alerts, keptAlert, WRITTEN);
      const packed = packCommit({ ...one, alerts });
      await writer.ask('store', 'commit', [packed], [packed.documents.buffer]);
    },
    commitHealth: async (one) => {
      const packed = packHealth({ ...one, alerts: await mapInTurns(one.alerts, keptAlert, WRITTEN) });
      await writer.ask('store', 'commitHealth', [packed], [packed.documents.buffer]);
    },
    close: async () => {
      reading.close();
      await writer.close();
    },
  };
}

/** Methods that have the writer do them. */
function callsOf<Part, Name extends keyof Part & string>(
  writer: Writer,
  of: WriteCall['of'],
  names: readonly Name[],
): Pick<Part, Name> {
  const calls = names.map((name) => [name, (...values: readonly unknown[]) => writer.ask(of, name, values)]);
  return Object.fromEntries(calls) as Pick<Part, Name>;
}
