import { toHuntwireError } from '../lib/errors.ts';
import { fill, isBlocked, isIdle, startReady } from './queue.ts';
import { putBack, type Queue, type Session } from './session.ts';
import { outlastsDrain } from './throttling.ts';

/** However quiet it is, the store is looked into this often: another process may have replayed dead letters. */
const LOOK_MS = 15_000;
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
    if (outlastsDrain(session, queue)) return await leaveRest(session, queue);
    await fill(session, queue);
    const paced = startReady(session, queue);
    if (paced > 0) return Math.min(paced, LOOK_MS);
    if (!isIdle(queue) || session.results.size() === 0) return await pause(session, queue);
    await session.results.flush();
    return queue.stale ? 0 : await pause(session, queue);
  } catch (thrown) {
    if (session.mode.kind === 'drain') throw thrown;
    const error = toHuntwireError(thrown);
    const fields = { target: queue.target.name, code: error.code, reason: error.message };
    session.log.error('The outbox cannot be read; it is tried again.', fields);
    return FAILED_MS;
  }
}

/** A drain leaves what its target does not take in time for the next one. */
async function leaveRest(session: Session, queue: Queue): Promise<number | null> {
  putBack(queue);
  if (!isIdle(queue)) return patience(session, queue, Math.floor(session.clock.now()), null);
  await session.results.flush();
  return null;
}

async function pause(session: Session, queue: Queue): Promise<number | null> {
  const now = Math.floor(session.clock.now());
  if (queue.stale && !isBlocked(queue) && queue.ready.length === 0) return 0;
  const due = isBlocked(queue)
    ? await nextProbe(session, queue, now)
    : await session.store.nextDue(queue.target.name, queue.lookedAt);
  if (session.mode.kind === 'run') return lookAgain(now, due);
  return isIdle(queue) ? pauseOfDrain(session, queue, now, due) : patience(session, queue, now, due);
}

/** A blocked target without entries has nothing to probe with. Where the time has come and no entry was free, results are still being stored. */
async function nextProbe(session: Session, queue: Queue, now: number): Promise<number | null> {
  const waiting = await session.store.nextDue(queue.target.name, -1);
  if (waiting === null || queue.state.nextProbeAt === null) return null;
  return queue.state.nextProbeAt > now ? queue.state.nextProbeAt : now + FAILED_MS;
}

function lookAgain(now: number, due: number | null): number {
  return Math.max(1, Math.min(LOOK_MS, (due ?? Number.POSITIVE_INFINITY) - now));
}

function pauseOfDrain(session: Session, queue: Queue, now: number, due: number | null): number | null {
  if (session.mode.kind !== 'drain') return null;
  if (queue.eager) {
    queue.eager = false;
    queue.stale = true;
    return 0;
  }
  if (due === null || due > session.mode.deadline || now >= session.mode.deadline) return null;
  return lookAgain(now, due);
}

function patience(session: Session, queue: Queue, now: number, due: number | null): number | null {
  if (session.mode.kind !== 'drain') return null;
  const end = Math.max(session.mode.deadline, queue.progressAt) + PATIENCE_MS;
  if (now >= end) return null;
  const next = queue.eager ? end : Math.min(end, due ?? end);
  return lookAgain(now, Math.max(now + 1, next));
}
