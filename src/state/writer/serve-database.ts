import { HuntwireError } from '../../lib/errors.ts';
import { type HeldLease, leaseKey } from '../lease.ts';
import { addressOf, openPool } from '../postgres/connection.ts';
import { createTurns, type DatabaseParts, databaseIn, type Guard, TRANSACTIONS_END } from '../postgres/database.ts';
import { createKeptStore } from '../rows/row-store.ts';
import { answerCalls, type CalledStore, createCalledStore, type WriterEnd } from './answer-calls.ts';
import type { DatabaseWriterSettings, WriteCall } from './messages.ts';

/** Does what is asked on a database whose tables are current, one call after another, each under its lease; `close` ends it. */
export function serveDatabase(port: WriterEnd, { url, fence, lost }: DatabaseWriterSettings): void {
  const address = addressOf(url);
  const guard = guardOf(lost, address.name);
  const pool = openPool(address, TRANSACTIONS_END);
  answerCalls(port, createWork({ address, pool, fence, guard, inTurn: createTurns() }, fence));
  port.postMessage({ kind: 'opened', fence });
}

function guardOf(lost: Int32Array, place: string): Guard {
  return () => {
    if (Atomics.load(lost, 0) === 0) return;
    throw new HuntwireError(
      'STATE_GONE',
      `This process has lost its session with ${place}, and with it the right to run there: another may have taken over. What was committed is there.`,
    );
  };
}

interface Opened {
  readonly fence: number | null;
  readonly called: CalledStore;
}

/** A store for each lease. One that was taken anew writes under its new fence. */
function createWork(parts: DatabaseParts, fence: number): (call: WriteCall) => Promise<unknown> {
  const stores = new Map<string, Opened>();
  return (call) => {
    const { lease } = call;
    const key = lease ? leaseKey(lease) : '';
    let store = stores.get(key);
    if (!store || store.fence !== (lease?.fence ?? null)) {
      store = { fence: lease?.fence ?? null, called: openUnder(parts, lease, fence) };
      stores.set(key, store);
    }
    return store.called.do(call);
  };
}

function openUnder(parts: DatabaseParts, lease: HeldLease | null, fence: number): CalledStore {
  const database = databaseIn({ ...parts, ...(lease && { lease }) });
  return createCalledStore(({ steady, now }) => {
    const clock = { now, monotonic: () => performance.now(), sleep: () => Promise.resolve() };
    return createKeptStore(database, clock, fence, steady);
  });
}
