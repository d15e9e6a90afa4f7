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
import { divideBy } from './divisions.ts';
import { leaseLock, WRITE_LOCK } from './locks.ts';
import { endHolder, lookAtSharers, noteWork } from './machines.ts';
import { openRefusalBook } from './refusals.ts';
import { openRelayBook } from './relays.ts';
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

const LEASE_KEY = leaseLock('$1');
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
  const relays = await openRelayBook({ pool, self, safely });
  const refusals = await openRefusalBook({ pool, self, safely });
  const book: Holdings = { held: new Set(), strays: new Map() };
  let seen: Sharing | null = null;
  return {
    relays,
    refusals,
    isHeard: session.isHeard,
    takePart: (hash) => safely(() => noteWork(client, self, hash)),
    look: () =>
      safely(async () => {
        await giveStraysBack(session, book);
        seen = await look(client, self, book);
        return seen;
      }),
    holder: (name) => holderIn(seen, name),
    take: (name) => safely(() => take({ place, session, pool, under }, book, name)),
    takeTenants: (names) => safely(() => takeTenants({ place, session, pool, under }, book, names)),
    giveBack: (name) => safely(() => giveBack(session, book, name)),
    wake: createWake(client, channel, self),
    listen: heard,
  };
}

/** Which leases this process has, by their keys. */
interface Holdings {
  readonly held: Set<string>;
  /** Those that it may have in the database, and nobody works under. */
  readonly strays: Map<string, LeaseName>;
}

/** A connection that ends in the middle of the commit leaves open whether the lease is ours: it is given back then, as after any failure. */
async function take({ session, pool, under }: LeaseParts, book: Holdings, name: LeaseName): Promise<Lease | null> {
  const { client, machine } = session;
  if (!(await tryLock(client, name))) return null;
  try {
    const fence = await nextFence(pool, name, machine);
    if (fence === null) {
      await client.query({ text: `SELECT pg_advisory_unlock(${LEASE_KEY})`, values: [leaseKey(name)] });
      return null;
    }
    const store = await under({ ...name, fence });
    book.held.add(leaseKey(name));
    return { ...name, fence, store };
  } catch (thrown) {
    book.strays.set(leaseKey(name), name);
    await giveStraysBack(session, book).catch(() => undefined);
    throw thrown;
  }
}

const LOCK_EACH = `SELECT name FROM unnest($1::text[]) AS asked(name) WHERE pg_try_advisory_lock(${leaseLock(`'tenant:' || name`)})`;

/** Many at once: each alone would wait for its turn among all that is written. */
async function takeTenants(
  { session, pool, under }: LeaseParts,
  book: Holdings,
  names: readonly string[],
): Promise<readonly Lease[]> {
  const { client, machine } = session;
  const { rows } = await client.query({ text: LOCK_EACH, values: [names] });
  const locked = (rows as readonly { readonly name: string }[]).map(({ name }) => ({ kind: 'tenant', name }) as const);
  if (locked.length === 0) return [];
  try {
    const fences = await nextFences(pool, locked, machine);
    const leases = await Promise.all(
      fences.map(async (one) => ({ ...one, kind: 'tenant', store: await under({ ...one, kind: 'tenant' }) }) as const),
    );
    for (const one of leases) book.held.add(leaseKey(one));
    return leases;
  } catch (thrown) {
    for (const name of locked) book.strays.set(leaseKey(name), name);
    await giveStraysBack(session, book).catch(() => undefined);
    throw thrown;
  }
}

/** What cannot be given back now is with the next look. */
async function giveStraysBack(session: RunnerSession, book: Holdings): Promise<void> {
  for (const name of [...book.strays.values()]) await giveBack(session, book, name);
}

async function giveBack({ client, machine }: RunnerSession, book: Holdings, name: LeaseName): Promise<void> {
  const key = leaseKey(name);
  await client.query({ text: GIVE_BACK, values: [key, name.kind, name.name, machine] });
  book.held.delete(key);
  book.strays.delete(key);
}

async function tryLock(client: DatabaseClient, name: LeaseName): Promise<boolean> {
  const { rows } = await client.query({
    text: `SELECT pg_try_advisory_lock(${LEASE_KEY}) AS taken`,
    values: [leaseKey(name)],
  });
  return (rows[0] as { readonly taken: boolean }).taken;
}

/** Both or neither: a lock without an owner would be free for nobody. */
const GIVE_BACK = `WITH given AS (UPDATE lease SET owner = NULL WHERE kind = $2 AND name = $3 AND owner = $4)
  SELECT pg_advisory_unlock(${LEASE_KEY})`;
const NEXT_FENCE = `INSERT INTO lease (kind, name, fence, owner) VALUES ($1, $2, 1, $3)
  ON CONFLICT (kind, name) DO UPDATE SET fence = lease.fence + 1, owner = $3, taken_at = clock_timestamp() RETURNING fence`;

/**
 * In the turn of what is written: what the owner before had begun to write is there, or is refused. Not on the session, whose beats would
 * wait, too. Null: it is a part of a target that others still divide by another number.
 */
function nextFence(pool: ClientPool, { kind, name }: LeaseName, self: number): Promise<number | null> {
  return pool.use(async (client) => {
    await client.query({ text: `BEGIN; ${WRITE_LOCK}` });
    if (kind === 'target' && !(await divideBy(client, name))) {
      await client.query({ text: 'ROLLBACK' });
      return null;
    }
    const { rows } = await client.query({ text: NEXT_FENCE, values: [kind, name, self] });
    await client.query({ text: 'COMMIT' });
    return (rows[0] as { readonly fence: number }).fence;
  });
}

const NEXT_FENCES = `INSERT INTO lease (kind, name, fence, owner) SELECT 'tenant', name, 1, $2 FROM unnest($1::text[]) AS asked(name)
  ON CONFLICT (kind, name) DO UPDATE SET fence = lease.fence + 1, owner = $2, taken_at = clock_timestamp() RETURNING name, fence`;

function nextFences(
  pool: ClientPool,
  tenants: readonly LeaseName[],
  self: number,
): Promise<readonly { readonly name: string; readonly fence: number }[]> {
  return pool.use(async (client) => {
    await client.query({ text: `BEGIN; ${WRITE_LOCK}` });
    const { rows } = await client.query({ text: NEXT_FENCES, values: [tenants.map(({ name }) => name), self] });
    await client.query({ text: 'COMMIT' });
    return rows as readonly { readonly name: string; readonly fence: number }[];
  });
}

async function look(client: DatabaseClient, self: number, book: Holdings): Promise<Sharing> {
  const sharers = await lookAtSharers(client, self);
  for (const one of sharers) if (one.id !== self && one.silentMs > FROZEN_MS) await endHolder(client, one);
  const { rows } = await client.query({ text: 'SELECT kind, name, owner FROM lease WHERE owner IS NOT NULL' });
  const alive = new Set(sharers.map(({ id }) => id));
  const owned = (rows as readonly (LeaseName & { readonly owner: number })[]).filter(({ owner }) => alive.has(owner));
  for (const { kind, name, owner } of owned) {
    const key = leaseKey({ kind, name });
    // A commit that was cut off may arrive behind that the lease was given back.
    if (owner === self && !book.held.has(key)) book.strays.set(key, { kind, name });
  }
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
