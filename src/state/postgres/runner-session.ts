import type { Clock } from '../../lib/clock.ts';
import { HuntwireError, toHuntwireError } from '../../lib/errors.ts';
import type { MachineSelf } from '../machine.ts';
import { addressOf, type DatabaseAddress, type DatabaseClient, openClient } from './connection.ts';
import type { Guard } from './database.ts';
import { lockIsHeld, lockKey } from './locks.ts';
import {
  endHolder,
  findHolder,
  forgetMachine,
  type Holder,
  introduceMachine,
  noteRunning,
  seeMachine,
} from './machines.ts';
import { hasOurLayout, migrateTables } from './migrate.ts';
import { toDatabaseError } from './state-error.ts';

/** Proof that this process may run rules and deliver on the state of a database: alone, or beside others that share the work by leases. */
export interface RunnerSession {
  /** Throws STATE_GONE once the session was lost, and the lock with it. */
  readonly guard: Guard;
  /** Aborts with that error as soon as it is known. */
  readonly lost: AbortSignal;
  /** Its number among the machines. */
  readonly machine: number;
  /** The session itself, which has the locks. */
  readonly client: DatabaseClient;
  /** Whether it has answered so lately that nobody else takes it for frozen. */
  isHeard(): boolean;
  /** Hears what others say to those that share the work. */
  listen(listener: (text: string) => void): () => void;
  release(): Promise<void>;
}

export interface RunnerSessionOptions {
  readonly self: MachineSelf;
  readonly version: string;
  /** Whether others may run beside it that say so, too. Left out: it runs alone. */
  readonly isShared?: boolean;
  /** How to wait while another has the lock; left out: nobody waits. */
  readonly standBy?: StandBy;
}

export interface StandBy {
  readonly clock: Pick<Clock, 'sleep'>;
  readonly signal: AbortSignal;
  /** Told at each look: who has the lock, where that is known. */
  waiting(holder: Holder | null): void;
}

const BEAT_MS = 1000;
/** With the fourth beat behind the last answer it is over: before anybody else takes it for frozen. */
const MOST_UNANSWERED = 3;
/** A holder that says nothing for so long is frozen, or cut off from the database: its session is ended. */
export const FROZEN_MS = 5000;
const LOOK_MS = 500;
const LOCK = lockKey('runner');
/**
 * The database notices within some 12 s that the machine of a session is gone or cannot be reached, and frees its lock. What the session
 * says of its machine need not outlive the database.
 */
const SETTINGS =
  'SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3; SET synchronous_commit = off';

/**
 * Takes the runner lock: an advisory lock of a session of its own, which the database frees when that session ends, however the process
 * died. Where another runner has it, it is waited for, or STATE_LOCKED is thrown. A session that does not answer for some seconds counts as
 * lost: by then nobody can know whether the lock is still ours.
 */
export async function takeRunnerSession(url: string, options: RunnerSessionOptions): Promise<RunnerSession> {
  const address = addressOf(url);
  const loss = new AbortController();
  const { signal: lost } = loss;
  const lose = (reason: string): void => loss.abort(lostError(address, reason));
  const listeners = new Set<(text: string) => void>();
  const client = await openClient(address, lose, (text) => {
    for (const listener of listeners) listener(text);
  });
  let id: number;
  try {
    await client.query({ text: SETTINGS });
    id = await lock(client, address, options);
  } catch (thrown) {
    await client.end();
    throw options.standBy?.signal.aborted ? toHuntwireError(thrown) : toDatabaseError(thrown, address.name);
  }
  const { stop, isHeard } = beat(client, id, lose);
  return {
    lost,
    isHeard,
    machine: id,
    client,
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    guard: () => lost.throwIfAborted(),
    release: async () => {
      stop();
      if (!lost.aborted) await forgetMachine(client, id).catch(() => undefined);
      await client.end();
    },
  };
}

/** Gives the number of this machine. */
async function lock(
  client: DatabaseClient,
  address: DatabaseAddress,
  { self, version, standBy, isShared = false }: RunnerSessionOptions,
): Promise<number> {
  const tryLock = (): Promise<boolean> => (isShared ? tryShared(client, address) : tryAlone(client));
  const isFree = await tryLock();
  if (!isFree && !standBy) throw lockedError(address, await findHolder(client));
  const id = await introduceMachine(client, self, version);
  if (!isFree && standBy) await waitForLock(client, id, tryLock, standBy);
  await noteRunning(client, id);
  return id;
}

async function waitForLock(
  client: DatabaseClient,
  id: number,
  tryLock: () => Promise<boolean>,
  { clock, signal, waiting }: StandBy,
): Promise<void> {
  try {
    do {
      const holder = await findHolder(client);
      if (holder && holder.silentMs > FROZEN_MS) await endHolder(client, holder);
      waiting(holder);
      await clock.sleep(LOOK_MS, signal);
      await seeMachine(client, id);
    } while (!(await tryLock()));
  } catch (thrown) {
    await forgetMachine(client, id).catch(() => undefined);
    throw thrown;
  }
}

async function tryAlone(client: DatabaseClient): Promise<boolean> {
  const { rows } = await client.query({ text: `SELECT pg_try_advisory_lock(${LOCK}) AS taken` });
  return (rows[0] as { readonly taken: boolean }).taken;
}

/** Where the tables are not the program's, none that runs may need the old ones: they are changed alone. */
async function tryShared(client: DatabaseClient, address: DatabaseAddress): Promise<boolean> {
  if (await hasOurLayout(client)) {
    const { rows } = await client.query({ text: `SELECT pg_try_advisory_lock_shared(${LOCK}) AS taken` });
    return (rows[0] as { readonly taken: boolean }).taken;
  }
  if (!(await tryAlone(client))) return false;
  await migrateTables(client, address);
  await client.query({ text: `SELECT pg_advisory_lock_shared(${LOCK}), pg_advisory_unlock(${LOCK})` });
  return true;
}

function lockedError({ name }: DatabaseAddress, holder: Holder | null): HuntwireError {
  const who = holder ? `"huntwire ${holder.verb}" (process ${holder.pid} on ${holder.machine})` : 'Another huntwire';
  return new HuntwireError(
    'STATE_LOCKED',
    `${who} runs on ${name}; end it, or give this one its own state.url ("huntwire status" tells which it is).`,
  );
}

/**
 * Asks the session whether it lives, all the time. Beats without an answer are counted, and not the time since the last one: where this
 * process was busy with itself, the answer lies there to be read.
 */
function beat(
  client: DatabaseClient,
  id: number,
  onLost: (reason: string) => void,
): { readonly stop: () => void; readonly isHeard: () => boolean } {
  let unanswered = 0;
  let heardAt = performance.now();
  const timer = setInterval(() => {
    if (unanswered === MOST_UNANSWERED) onLost('the database did not answer for some seconds');
    unanswered += 1;
    if (unanswered > 1) return;
    // The database notes it later than that: who compares with this stops before others take over, however late the answer is read.
    const sentAt = performance.now();
    seeMachine(client, id).then(
      () => {
        unanswered = 0;
        heardAt = sentAt;
      },
      (error: unknown) => onLost(error instanceof Error ? error.message : String(error)),
    );
  }, BEAT_MS);
  timer.unref();
  const isHeard = (): boolean => performance.now() - heardAt < FROZEN_MS - BEAT_MS;
  return { stop: () => clearInterval(timer), isHeard };
}

function lostError({ name }: DatabaseAddress, reason: string): HuntwireError {
  return new HuntwireError(
    'STATE_GONE',
    `This process has lost its session with ${name} (${reason}), and with it the right to run there: another may have taken over. What was committed is there.`,
  );
}

/** Whether a process holds the runner lock of the state in a database. */
export async function isRunnerInDatabase(url: string): Promise<boolean> {
  const address = addressOf(url);
  const client = await openClient(address);
  try {
    const { rows } = await client.query({ text: `SELECT ${lockIsHeld('runner')} AS held` });
    return (rows[0] as { readonly held: boolean }).held;
  } catch (thrown) {
    throw toDatabaseError(thrown, address.name);
  } finally {
    await client.end();
  }
}
