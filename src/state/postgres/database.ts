import { HuntwireError } from '../../lib/errors.ts';
import type { HeldLease } from '../lease.ts';
import type { Database, Reach } from '../steps/database.ts';
import type { RowSteps } from '../steps/steps.ts';
import { type ClientPool, type ClientResult, type DatabaseAddress, type DatabaseClient, quoted } from './connection.ts';
import { OWN_LOCK, WRITE_LOCK } from './locks.ts';
import { isThere, toDatabaseError } from './state-error.ts';
import { takeStepsOn } from './take-steps.ts';

/** A process that froze in the middle of a transaction must not keep others waiting for longer than it takes to be found. */
export const TRANSACTIONS_END = "SET idle_in_transaction_session_timeout = '5s'";

/** Throws where this process may not write any more. */
export type Guard = () => void;

export interface DatabaseParts {
  readonly address: DatabaseAddress;
  readonly pool: ClientPool;
  /** The fence of a runner, which all that it writes must find unchanged; null: of a process that is none. */
  readonly fence: number | null;
  /** The lease under which it writes, whose fence it must find unchanged, too; left out: none. */
  readonly lease?: HeldLease;
  readonly guard: Guard;
  /** In which turns the process writes; left out: those of this database alone. */
  readonly inTurn?: Turns;
}

/**
 * What is written goes one after another, also of other processes: what is numbered or counted in the state never overlaps. What a run
 * remembers of its own is written beside what others do so; the rest of its commits goes in line.
 */
export function databaseIn(parts: DatabaseParts): Database {
  const { address, pool, inTurn = createTurns() } = parts;
  const fence = fenceQuery(parts);
  const safely = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (thrown) {
      throw toDatabaseError(thrown, address.name);
    }
  };
  const use = <Result>(work: (session: DatabaseClient) => Promise<Result>): Promise<Result> =>
    safely(() => pool.use(work));
  const write = <Result>(begin: string, work: () => RowSteps<Result>, reach: Reach = 'all'): Promise<Result> => {
    // Who has no fence may stand beside who has the work: it writes alone.
    const lock = reach === 'own' && parts.fence !== null ? OWN_LOCK : WRITE_LOCK;
    return inTurn(() => use((session) => transact(session, [begin, lock, fence], work, parts)));
  };
  return {
    name: address.name,
    ask: (work) => use((session) => takeStepsOn(session, work())),
    read: (work) =>
      use((session) => transact(session, ['BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'], work, null)),
    write: (work, reach) => write('BEGIN', work, reach),
    writeLazily: (work, reach) => write('BEGIN; SET LOCAL synchronous_commit TO off', work, reach),
    giveBackRoom: async () => undefined,
    close: () => safely(() => pool.end()),
  };
}

/** A message of several statements takes no parameters. */
function fenceQuery({ lease }: DatabaseParts): string {
  const own = lease
    ? `(SELECT fence FROM lease WHERE kind = ${quoted(lease.kind)} AND name = ${quoted(lease.name)})`
    : 'NULL::bigint';
  return `SELECT (SELECT value FROM meta WHERE name = 'fence') AS value, ${own} AS lease`;
}

export type Turns = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** One after another, in the order in which they were called. */
export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
}

/** What was to be new and is there already is hardly ever met: then all is done once more, with a look at each. */
async function transact<Result>(
  session: DatabaseClient,
  begin: readonly string[],
  work: () => RowSteps<Result>,
  parts: DatabaseParts | null,
): Promise<Result> {
  try {
    return await transactOnce(session, begin, () => takeStepsOn(session, work(), 'plain'), parts);
  } catch (thrown) {
    if (!isThere(thrown)) throw thrown;
    return transactOnce(session, begin, () => takeStepsOn(session, work(), 'careful'), parts);
  }
}

async function transactOnce<Result>(
  session: DatabaseClient,
  begin: readonly string[],
  take: () => Promise<Result>,
  parts: DatabaseParts | null,
): Promise<Result> {
  parts?.guard();
  const begun = await session.query({ text: begin.join('; ') });
  let result: Result;
  try {
    if (parts) requireOwn(parts, begun);
    result = await take();
  } catch (thrown) {
    // Where not even this can be said, the connection is given up, and the database undoes it by itself.
    await session.query({ text: 'ROLLBACK' });
    throw thrown;
  }
  parts?.guard();
  const { command } = await session.query({ text: 'COMMIT' });
  if (command !== 'COMMIT') throw new HuntwireError('STATE_FAILED', 'The database has undone what was to be kept.');
  return result;
}

/** Of several statements the driver gives several results; the fence is in the last. */
function requireOwn({ fence, lease, address }: DatabaseParts, begun: ClientResult | readonly ClientResult[]): void {
  if (fence === null) return;
  const results = Array.isArray(begun) ? begun : [begun];
  const row = results.at(-1)?.rows[0] as { readonly value: string | null; readonly lease: number | null } | undefined;
  const stored = Number(row?.value ?? 0);
  if (stored !== fence) throw fencedError(address.name, stored, fence);
  const ofLease = row?.lease ?? 0;
  if (lease && ofLease !== lease.fence)
    throw fencedError(`${lease.kind} ${lease.name} in ${address.name}`, ofLease, lease.fence);
}

function fencedError(what: string, stored: number, ours: number): HuntwireError {
  return new HuntwireError(
    'STATE_FENCED',
    `Another huntwire has taken over ${what} (fence ${stored}, ours is ${ours}); end this process, the other one goes on.`,
  );
}
