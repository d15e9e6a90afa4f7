import { HuntwireError } from '../../lib/errors.ts';
import { addressOf, type DatabaseAddress, type DatabaseClient, openClient } from './connection.ts';
import type { Guard } from './database.ts';
import { lockIsHeld, lockKey } from './locks.ts';
import { toDatabaseError } from './state-error.ts';

/** Proof that this process is the only one that runs rules and delivers on the state of a database. */
export interface RunnerSession {
  /** Throws STATE_GONE once the session was lost, and the lock with it. */
  readonly guard: Guard;
  release(): Promise<void>;
}

const BEAT_MS = 2000;
const MOST_UNANSWERED = 3;
const LOCK = lockKey('runner');
/** The database notices within some 12 s that the machine of a session is gone or cannot be reached, and frees its lock. */
const KEEP_ALIVE = 'SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3';

/**
 * Takes the runner lock: an advisory lock of a session of its own, which the database frees when that session ends, however the process
 * died. Throws STATE_LOCKED where another runner has it. A session that does not answer for some seconds counts as lost: by then nobody
 * can know whether the lock is still ours.
 */
export async function takeRunnerSession(url: string): Promise<RunnerSession> {
  const address = addressOf(url);
  const state: { lost: string | null } = { lost: null };
  const client = await openClient(address, (reason) => {
    state.lost ??= reason;
  });
  try {
    await client.query({ text: KEEP_ALIVE });
    await lock(client, address);
  } catch (thrown) {
    await client.end();
    throw toDatabaseError(thrown, address.name);
  }
  const stop = beat(client, (reason) => {
    state.lost ??= reason;
  });
  return {
    guard: () => {
      if (state.lost !== null) throw lostError(address, state.lost);
    },
    release: async () => {
      stop();
      await client.end();
    },
  };
}

async function lock(client: DatabaseClient, address: DatabaseAddress): Promise<void> {
  const { rows } = await client.query({ text: `SELECT pg_try_advisory_lock(${LOCK}) AS taken` });
  if ((rows[0] as { readonly taken: boolean }).taken) return;
  throw new HuntwireError(
    'STATE_LOCKED',
    `Another huntwire runs on ${address.name}; end it, or give this one its own state.url ("huntwire status" tells which it is).`,
  );
}

/**
 * Asks the session whether it lives, all the time. Beats without an answer are counted, and not the time since the last one: where this
 * process was busy with itself, the answer lies there to be read.
 */
function beat(client: DatabaseClient, onLost: (reason: string) => void): () => void {
  let unanswered = 0;
  const timer = setInterval(() => {
    if (unanswered === MOST_UNANSWERED) onLost('the database did not answer for some seconds');
    unanswered += 1;
    if (unanswered > 1) return;
    client.query({ text: 'SELECT 1' }).then(
      () => {
        unanswered = 0;
      },
      (error: unknown) => onLost(error instanceof Error ? error.message : String(error)),
    );
  }, BEAT_MS);
  timer.unref();
  return () => clearInterval(timer);
}

function lostError({ name }: DatabaseAddress, reason: string): HuntwireError {
  return new HuntwireError(
    'STATE_GONE',
    `This process has lost its session with ${name} (${reason}), and with it the right to run there: another may have taken over. It stops; what was committed is there. Start it again.`,
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
