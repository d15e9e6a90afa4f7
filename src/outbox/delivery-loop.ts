import { MINUTE_MS } from '../lib/duration.ts';
import { toHuntwireError } from '../lib/errors.ts';
import { takeDetours, watchDetours } from './detours.ts';
import { keepDown } from './fallback.ts';
import { doesRest, partName } from './parts/delivery-part.ts';
import { refreshSoon } from './refresh-conditions.ts';
import { buryOrphans, resolveRemoved } from './removed-targets.ts';
import { resend } from './resend.ts';
import { serve } from './serve.ts';
import {
  addChore,
  choresDone,
  type DeliveryLoopOptions,
  longestLook,
  type Mode,
  openSession,
  type Session,
  wake,
} from './session.ts';
import { createSessionEnd, type SessionEnd } from './session-end.ts';

export interface DrainOptions {
  /** In monotonic time of the clock; retries that fall due later are left for the next time. The first attempts are made in any case. */
  readonly deadline: number;
  /** Whether every pending entry gets one attempt whatever its back-off. */
  readonly ignoreBackoff: boolean;
  readonly signal: AbortSignal;
}

/** What a drain did for one target, and what it left. */
export interface DrainCounts {
  readonly target: string;
  readonly delivered: number;
  readonly pending: number;
  /** Entries that became dead letters in this drain. */
  readonly dead: number;
}

/**
 * Takes entries out of the outbox and hands them to their targets: at least once each, in order per order key, every target by itself.
 * One of `run` and `drain` at a time; the caller holds the runner lock.
 */
export interface DeliveryLoop {
  /** Delivers until `signal` aborts; then waits a little for what is in flight and stores its results. */
  run(signal: AbortSignal): Promise<void>;
  drain(options: DrainOptions): Promise<readonly DrainCounts[]>;
  /** To be called after a commit: new entries go out at once. */
  poke(): void;
}

/** After an abort, deliveries in flight have this long to end by themselves, and as long again once they are told to. */
const GRACE_MS = 5000;
const REFRESH_MS = MINUTE_MS;

export function createDeliveryLoop(options: DeliveryLoopOptions): DeliveryLoop {
  let current: Session | null = null;
  const within = async <Result>(mode: Mode, signal: AbortSignal, work: (session: Session) => Promise<Result>) => {
    const end = createSessionEnd(signal);
    try {
      const session = await begin(options, mode, end);
      end.signal.addEventListener('abort', () => ringAll(session));
      current = session;
      return await work(session);
    } catch (thrown) {
      throw end.failure() ?? thrown;
    } finally {
      end.release();
      current = null;
    }
  };
  return {
    run: (signal) => within({ kind: 'run' }, signal, runSession),
    drain: ({ signal, ...limits }) => within({ kind: 'drain', ...limits }, signal, drainSession),
    poke: () => {
      for (const queue of current?.queues ?? []) wake(queue);
      current?.detours.ring();
    },
  };
}

function ringAll(session: Session): void {
  for (const queue of session.queues) queue.bell.ring();
  session.detours.ring();
}

async function begin(options: DeliveryLoopOptions, mode: Mode, end: SessionEnd): Promise<Session> {
  const isRest = doesRest(options);
  if (isRest) await resolveRemoved(options);
  const session = await openSession(options, mode, end);
  if (isRest) {
    await takeDetours(session);
    await buryOrphans(session, true);
  }
  refreshSoon(session);
  return session;
}

async function runSession(session: Session): Promise<void> {
  const { queues } = session;
  const serving = queues.map((queue) => serve(session, queue));
  const resending = queues.filter(({ lasting }) => lasting).map((queue) => resend(session, queue));
  const detours = doesRest(session) ? [watchDetours(session)] : [];
  const parts = [...serving, ...resending, watch(session), ...detours];
  await Promise.all(parts.map((part) => part.catch((thrown: unknown) => session.end.fail(toHuntwireError(thrown)))));
  await close(session);
  if (session.part) session.beat?.(partName(session), true);
}

/** Dead letters come and go by other processes too. */
async function watch(session: Session): Promise<void> {
  while (!session.signal.aborted) {
    session.beat?.(partName(session));
    await session.clock.sleep(Math.max(REFRESH_MS, longestLook(session)), session.signal).catch(() => undefined);
    if (session.signal.aborted) return;
    // A run that began before a target was taken out may still have told it something.
    if (doesRest(session)) addChore(session, () => buryOrphans(session, false));
    refreshSoon(session);
  }
}

async function drainSession(session: Session): Promise<DrainCounts[]> {
  const failures: unknown[] = [];
  do {
    session.told = false;
    for (const one of await Promise.allSettled(session.queues.map((queue) => serve(session, queue)))) {
      if (one.status === 'rejected') failures.push(one.reason);
    }
    await choresDone(session);
  } while (session.told && failures.length === 0 && !session.signal.aborted);
  await close(session);
  if (failures.length > 0) throw failures[0];
  const counts = new Map((await session.store.targetCounts()).map((count) => [count.target, count.pending]));
  return session.queues.map(({ target, delivered, buried }) => ({
    target: target.name,
    delivered,
    pending: counts.get(target.name) ?? 0,
    dead: buried,
  }));
}

/** Waits for what is in flight, gives it up where it takes too long, and stores every result that came. */
async function close(session: Session): Promise<void> {
  await untilIdle(session);
  session.giveUp.abort();
  await untilIdle(session);
  for (const queue of session.queues) keepDown(session, queue);
  await choresDone(session);
  session.isOver = true;
  await session.results.finish();
  const failure = session.end.failure();
  if (failure) throw failure;
}

async function untilIdle(session: Session): Promise<void> {
  const deadline = session.clock.monotonic() + GRACE_MS;
  for (const queue of session.queues) {
    for (;;) {
      const left = deadline - session.clock.monotonic();
      if (queue.inFlight === 0 || left <= 0) break;
      await queue.bell.wait(left);
    }
  }
}
