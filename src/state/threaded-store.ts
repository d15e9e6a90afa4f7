import { type Log, silentLog } from '../lib/log.ts';
import { createSqlStore, steadyTimeOf } from './sqlite/sql-store.ts';
import type { SqliteStoreOptions } from './sqlite-store.ts';
import { openForReading } from './state-file.ts';
import type { Store } from './store.ts';
import { type StartWriter, startWriterThread } from './writer/thread.ts';
import { createWriter } from './writer/writer.ts';
import { writtenStore } from './writer/written-store.ts';

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
  const writer = createWriter(`the state file ${path}`, startWriter({ path, lockPath: lock.path }), log);
  try {
    const fence = await writer.opened;
    const reading = openForReading(path, lock.path);
    const steady = steadyTimeOf(reading, options.clock);
    const store = writtenStore(createSqlStore(reading, options.clock, fence, steady), writer.asking(steady.mark, null));
    return {
      ...store,
      close: async () => {
        reading.close();
        await writer.close();
      },
    };
  } catch (thrown) {
    await writer.close();
    throw thrown;
  }
}
