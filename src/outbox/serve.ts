import { endsRunner, toHuntwireError } from '../lib/errors.ts';
import { divertWaiting } from './fallback.ts';
import { fill, isBlocked, isFull, isIdle, startReady, wantsMore } from './queue.ts';
import { longestLook, putBack, type Queue, type Session } from './session.ts';
import { outlastsDrain } from './throttling.ts';

/** No pause at all. */
const AT_ONCE = 0;
/** Pause after the store could not be read. */
const FAILED_MS = 1000;
/** After its deadline a drain waits this long for a delivery that makes no progress. */
const PATIENCE_MS = 30_000;

/** Works through the entries of one target until the signal aborts or, in a drain, until nothing is left to do in time. */
export async function serve(session: Session, queue: Queue): Promise<void> {
  while (!session.signal.aborted) {
    const wait = await step(session, queue);
    if (wait === null) return;
    if (wait > 0 && !(await queue.bell.wait(wait))) queue.stale = true;
  }
}

/** One round; returns how long to sleep where no bell rings, or null at the end of a drain. */
async function step(session: Session, queue: Queue): Promise<number | null> {
  try {
    await divertWaiting(session, queue);
    if (outlastsDrain(session, queue)) return leaveRest(session, queue);
    await fill(session, queue);
    const paced = startReady(session, queue);
    if (paced !== null) return wantsMore(queue) ? AT_ONCE : Math.min(paced, longestLook(session));
    if (isIdle(queue)) await session.results.flush();
    return await pause(session, queue);
  } catch (thrown) {
    const error = toHuntwireError(thrown);
    if (session.mode.kind === 'drain' || endsRunner(error)) throw error;
    const fields = { target: queue.target.name, code: error.code, reason: error.message };
    session.log.error('The outbox cannot be read; it is tried again.', fields);
    return FAILED_MS;
  }
}

/** A drain leaves what its target does not take in time for the next one. */
function leaveRest(session: Session, queue: Queue): number | null {
  putBack(queue);
  return isIdle(queue) ? null : patience(session, queue, null);
}

async function pause(session: Session, queue: Queue): Promise<number | null> {
  const wasIdle = isIdle(queue);
  const dueIn = isBlocked(queue) ? await nextProbe(session, queue) : await nextEntry(session, queue);
  // Asked behind the read: meanwhile a probe may have opened the target. While the memory is full nothing can be fetched; a result rings the bell.
  if (queue.stale && !isBlocked(queue) && !isFull(queue) && queue.ready.length === 0) return AT_ONCE;
  // Nobody has looked yet at what follows a delivery that ended during the read.
  if (!wasIdle && isIdle(queue)) return AT_ONCE;
  if (queue.eager && isIdle(queue)) return endEager(queue);
  if (session.mode.kind === 'run') return lookAgain(session, dueIn);
  return isIdle(queue) ? pauseOfDrain(session, dueIn) : patience(session, queue, dueIn);
}

/** Milliseconds until the next entry falls due; null where none does, or where what does has to wait for its turn: then each delivery that ends looks. */
async function nextEntry({ store }: Session, { part, stale, lookedAt }: Queue): Promise<number | null> {
  if (stale) return null;
  const due = await store.nextDue(part, lookedAt);
  return due === null ? null : due - store.outboxNow();
}

/** A blocked target without entries has nothing to probe with. Where the time has come and no entry was free, results are still being stored. */
async function nextProbe({ store }: Session, { part, state }: Queue): Promise<number | null> {
  const waiting = await store.nextDue(part, Number.MIN_SAFE_INTEGER);
  if (waiting === null || state.nextProbeAt === null) return null;
  const dueIn = state.nextProbeAt - store.outboxNow();
  return dueIn > 0 ? dueIn : FAILED_MS;
}

/** From here on back-off counts again. */
function endEager(queue: Queue): number {
  queue.eager = false;
  queue.tried.clear();
  queue.stale = true;
  return AT_ONCE;
}

function lookAgain(session: Session, dueIn: number | null): number {
  return Math.max(1, Math.min(longestLook(session), dueIn ?? Number.POSITIVE_INFINITY));
}

function pauseOfDrain(session: Session, dueIn: number | null): number | null {
  const { mode, clock } = session;
  if (mode.kind !== 'drain') return null;
  const left = mode.deadline - clock.monotonic();
  return dueIn === null || dueIn > left ? null : lookAgain(session, dueIn);
}

function patience(session: Session, queue: Queue, dueIn: number | null): number | null {
  const { mode, clock } = session;
  if (mode.kind !== 'drain') return null;
  const left = Math.max(mode.deadline, queue.progressAt) + PATIENCE_MS - clock.monotonic();
  if (left <= 0) return null;
  return lookAgain(session, Math.min(left, dueIn ?? left));
}
