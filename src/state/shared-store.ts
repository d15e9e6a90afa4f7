import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { createSteadyTime } from '../lib/steady-time.ts';
import type { HeldLease, LeaseBook } from './lease.ts';
import { addressOf, type ClientPool } from './postgres/connection.ts';
import { createTurns, databaseIn, TRANSACTIONS_END } from './postgres/database.ts';
import { openLeaseBook } from './postgres/leases.ts';
import type { RunnerSession } from './postgres/runner-session.ts';
import { readMarkIn, withPool } from './postgres/with-pool.ts';
import { storedFence } from './rows/fence.ts';
import { createRowStore } from './rows/row-store.ts';
import type { Store } from './store.ts';
import type { DatabaseWriterSettings } from './writer/messages.ts';
import type { StartWriter } from './writer/thread.ts';
import { type AskWriter, createWriter } from './writer/writer.ts';
import { writtenStore } from './writer/written-store.ts';

/** The state as processes write it that share the work. */
export interface SharedStore {
  /** What it writes is under no lease: what people ask for, and what any process may write. */
  readonly store: Store;
  readonly leases: LeaseBook;
}

export interface SharedStoreOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly session: RunnerSession;
  /** Starts the thread that writes; null: what writes is done here. */
  readonly startWriter: StartWriter<DatabaseWriterSettings> | null;
}

/** Opens the state of a process that shares the work with others; its tables are up to date. */
export async function openSharedStore(options: SharedStoreOptions): Promise<SharedStore> {
  const { url, clock, session } = options;
  const address = addressOf(url);
  return withPool(address, TRANSACTIONS_END, async (pool) => {
    const reading = databaseIn({ address, pool, fence: null, guard: session.guard });
    const fence = await reading.ask(storedFence);
    const parts = { address, pool, fence, guard: session.guard, inTurn: createTurns() };
    const thread = await openThread(options, address.name, fence);
    const open = async (lease: HeldLease | null): Promise<Store> => {
      const steady = createSteadyTime(await waitingClock(pool, clock), await readMarkIn(pool));
      const store = createRowStore(databaseIn({ ...parts, ...(lease && { lease }) }), clock, fence, steady);
      return thread ? writtenStore(store, thread.asking(steady.mark, lease)) : store;
    };
    try {
      const under = async (lease: HeldLease): Promise<Store> => ({
        ...(await open(lease)),
        close: async () => undefined,
      });
      const leases = await openLeaseBook({ place: address.name, session, pool, under });
      const store = await open(null);
      return { leases, store: { ...store, close: () => closeBoth(thread, pool) } };
    } catch (thrown) {
      await thread?.close();
      throw thrown;
    }
  });
}

interface Thread {
  asking(...of: Parameters<ReturnType<typeof createWriter>['asking']>): AskWriter;
  close(): Promise<void>;
}

/** Null where there is none. One whose process may not write any more is ended, whatever it waits for. */
async function openThread(
  { url, log, session, startWriter }: SharedStoreOptions,
  place: string,
  fence: number,
): Promise<Thread | null> {
  if (!startWriter) return null;
  const lost = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const note = (): number => Atomics.store(lost, 0, 1);
  session.lost.aborted ? note() : session.lost.addEventListener('abort', note, { once: true });
  const thread = startWriter({ url, fence, lost });
  const writer = createWriter(place, thread, log);
  await writer.opened;
  return {
    asking: (time, lease) => {
      const ask = writer.asking(time, lease);
      return async (...call) => {
        session.guard();
        return ask(...call);
      };
    },
    close: () => (session.lost.aborted ? thread.end() : writer.close()),
  };
}

async function closeBoth(thread: Thread | null, pool: ClientPool): Promise<void> {
  try {
    await thread?.close();
  } finally {
    await pool.end();
  }
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
