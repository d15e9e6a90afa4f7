import {
  type HeldLease,
  type Lease,
  type LeaseBook,
  type LeaseName,
  leaseKey,
  type Sharing,
  type WakeReason,
} from '../lease.ts';
import type { Store } from '../store.ts';
import type { ClientPool, DatabaseClient } from './connection.ts';
import { LEASE_KEY, WRITE_LOCK } from './locks.ts';
import { endHolder, lookAtSharers, noteWork } from './machines.ts';
import { FROZEN_MS, type RunnerSession } from './runner-session.ts';
import { toDatabaseError } from './state-error.ts';

export interface LeaseParts {
  /** How messages call the database. */
  readonly place: string;
  readonly session: RunnerSession;
  readonly pool: ClientPool;
  /** The state as a lease writes it. */
  readonly under: (lease: HeldLease) => Promise<Store>;
}

/** Others are told of what came within so long at once. */
const GATHER_MS = 30;

/** The locks of leases lie on the session of the process: with it all are lost at once. What is written goes by their fences. */
export async function openLeaseBook({ place, session, pool, under }: LeaseParts): Promise<LeaseBook> {
  const { client, machine: self } = session;
  const channel = await listenTo(client);
  const heard = hear(session);
  const safely = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (thrown) {
      session.guard();
      throw toDatabaseError(thrown, place);
    }
  };
  let seen: Sharing | null = null;
  return {
    isHeard: session.isHeard,
    takePart: (hash) => safely(() => noteWork(client, self, hash)),
    look: () =>
      safely(async () => {
        seen = await look(client, self);
        return seen;
      }),
    holder: (name) => holderIn(seen, name),
    take: (name) => safely(() => take({ place, session, pool, under }, name)),
    giveBack: (name) =>
      safely(async () => {
        await client.query({ text: GIVE_BACK, values: [leaseKey(name), name.kind, name.name, self] });
      }),
    wake: createWake(client, channel, self),
    listen: heard,
  };
}

async function take({ session, pool, under }: LeaseParts, name: LeaseName): Promise<Lease | null> {
  const { client, machine } = session;
  if (!(await tryLock(client, name))) return null;
  try {
    const fence = await nextFence(pool, name, machine);
    return { ...name, fence, store: await under({ ...name, fence }) };
  } catch (thrown) {
    await unlock(client, name);
    throw thrown;
  }
}

async function tryLock(client: DatabaseClient, name: LeaseName): Promise<boolean> {
  const { rows } = await client.query({
    text: `SELECT pg_try_advisory_lock(${LEASE_KEY}) AS taken`,
    values: [leaseKey(name)],
  });
  return (rows[0] as { readonly taken: boolean }).taken;
}

async function unlock(client: DatabaseClient, name: LeaseName): Promise<void> {
  await client.query({ text: `SELECT pg_advisory_unlock(${LEASE_KEY})`, values: [leaseKey(name)] });
}

/** Both or neither: a lock without an owner would be free for nobody. */
const GIVE_BACK = `WITH given AS (UPDATE lease SET owner = NULL WHERE kind = $2 AND name = $3 AND owner = $4)
  SELECT pg_advisory_unlock(${LEASE_KEY})`;
const NEXT_FENCE = `INSERT INTO lease (kind, name, fence, owner) VALUES ($1, $2, 1, $3)
  ON CONFLICT (kind, name) DO UPDATE SET fence = lease.fence + 1, owner = $3, taken_at = clock_timestamp() RETURNING fence`;

/**
 * In the turn of what is written: what the owner before had begun to write is there, or is refused. Not on the session, whose beats would
 * wait, too.
 */
function nextFence(pool: ClientPool, { kind, name }: LeaseName, self: number): Promise<number> {
  return pool.use(async (client) => {
    await client.query({ text: `BEGIN; ${WRITE_LOCK}` });
    const { rows } = await client.query({ text: NEXT_FENCE, values: [kind, name, self] });
    await client.query({ text: 'COMMIT' });
    return (rows[0] as { readonly fence: number }).fence;
  });
}

async function look(client: DatabaseClient, self: number): Promise<Sharing> {
  const sharers = await lookAtSharers(client, self);
  for (const one of sharers) if (one.id !== self && one.silentMs > FROZEN_MS) await endHolder(client, one);
  const { rows } = await client.query({ text: 'SELECT kind, name, owner FROM lease WHERE owner IS NOT NULL' });
  const alive = new Set(sharers.map(({ id }) => id));
  const owned = (rows as readonly (LeaseName & { readonly owner: number })[]).filter(({ owner }) => alive.has(owner));
  return { self, sharers, owners: new Map(owned.map((one) => [leaseKey(one), one.owner])) };
}

function holderIn(seen: Sharing | null, name: LeaseName): ReturnType<LeaseBook['holder']> {
  const owner = seen?.owners.get(leaseKey(name));
  return (owner !== seen?.self && seen?.sharers.find(({ id }) => id === owner)) || null;
}

/** Each schema has a channel of its own. */
async function listenTo(client: DatabaseClient): Promise<string> {
  const { rows } = await client.query({
    text: "SELECT 'huntwire_' || md5(current_schema()) AS channel",
  });
  const { channel } = rows[0] as { readonly channel: string };
  await client.query({ text: `LISTEN ${channel}` });
  return channel;
}

/** What this process says itself it hears, too, and passes over. */
function hear({ listen, machine: self }: RunnerSession): LeaseBook['listen'] {
  return (listener) =>
    listen((text) => {
      const [reason, from] = text.split(' ');
      if (from !== String(self)) listener(reason as WakeReason);
    });
}

function createWake(client: DatabaseClient, channel: string, self: number): LeaseBook['wake'] {
  const waiting = new Set<WakeReason>();
  const tell = (): void => {
    // Where it cannot be said, the session is lost, or others see it at their next look.
    for (const reason of waiting)
      client
        .query({ text: `SELECT pg_notify('${channel}', $1)`, values: [`${reason} ${self}`] })
        .catch(() => undefined);
    waiting.clear();
  };
  return (reason) => {
    if (waiting.size === 0) setTimeout(tell, GATHER_MS).unref();
    waiting.add(reason);
  };
}
