import type { OutboxEntry } from '../state/outbox-store.ts';
import type { DeliveryResult } from '../targets/target.ts';
import { trackTarget } from './blocking.ts';
import { followUp } from './follow-up.ts';
import { refreshSoon } from './refresh-conditions.ts';
import type { Queue, Session } from './session.ts';
import { noteThrottling } from './throttling.ts';

/** Entries fetched at once, at least; a target with a larger concurrency gets twice that, as long as a fetch stays short: all targets wait for it. */
const FETCH = 400;
const LONGEST_FETCH = 2000;
/** With so much of alerts in memory nothing more is fetched for a target: one that takes nothing must not cost more. A fetch adds at most 13 Mi. */
const MOST_CHARACTERS = 16 * 1024 * 1024;
/** Results that wait to be stored; with more of them nothing new is started, or a full disk would cost as many repeats. */
const UNSTORED_LIMIT = 5000;

export function isBlocked(queue: Queue): boolean {
  return queue.state.blockedSince !== null;
}

export function isIdle(queue: Queue): boolean {
  return queue.ready.length === 0 && queue.inFlight === 0;
}

/** Whether the alerts of a target fill their share of the memory, until some of them are done. */
export function isFull(queue: Queue): boolean {
  return queue.characters >= MOST_CHARACTERS;
}

/** Fetches what is due, where there is room for it. */
export async function fill(session: Session, queue: Queue): Promise<void> {
  if (isBlocked(queue)) return fetchProbe(session, queue);
  const size = Math.max(FETCH, Math.min(LONGEST_FETCH, 2 * queue.target.traits.concurrency));
  if (!queue.stale || isFull(queue) || queue.ready.length >= size / 2) return;
  queue.stale = false;
  const except = queue.eager ? new Set([...queue.held, ...queue.tried]) : queue.held;
  queue.lookedAt = session.store.outboxNow();
  const query = { now: queue.lookedAt, limit: size, except, ignoreBackoff: queue.eager };
  const entries = await session.store.pending(queue.target.name, query);
  if (isBlocked(queue)) return;
  hold(queue, entries);
  if (entries.length > 0) queue.stale = true;
}

/** One entry, whichever is due first, goes out to see whether the target works again. */
async function fetchProbe(session: Session, queue: Queue): Promise<void> {
  const now = session.store.outboxNow();
  const due = queue.eager || (queue.state.nextProbeAt ?? 0) <= now;
  if (!due || queue.probe !== null || queue.inFlight > 0) return;
  const query = { now, limit: 1, except: queue.held, ignoreBackoff: true };
  const entries = await session.store.pending(queue.target.name, query);
  queue.probe = entries[0]?.id ?? null;
  hold(queue, entries);
}

function hold(queue: Queue, entries: readonly OutboxEntry[]): void {
  for (const entry of entries) {
    queue.held.add(entry.id);
    queue.characters += entry.characters;
  }
  queue.ready.push(...entries);
}

/** Starts deliveries up to the target's concurrency and rate; returns the milliseconds to wait for the rate or a pause, null where they do not matter. */
export function startReady(session: Session, queue: Queue): number | null {
  const { pace, throttle, target } = queue;
  while (queue.inFlight < throttle.atOnce(target.traits.concurrency)) {
    const [entry] = queue.ready;
    if (!entry || session.signal.aborted || session.results.size() > UNSTORED_LIMIT) return null;
    const monotonic = session.clock.monotonic();
    const wait = Math.max(pace.waitMs(monotonic), throttle.waitMs(monotonic));
    if (wait > 0) return wait;
    queue.ready.shift();
    pace.take(monotonic);
    throttle.started(monotonic);
    queue.inFlight += 1;
    void deliver(session, queue, entry);
  }
  return null;
}

async function deliver(session: Session, queue: Queue, entry: OutboxEntry): Promise<void> {
  const startedAt = session.clock.monotonic();
  const result = await handOver(session, queue, entry);
  queue.inFlight -= 1;
  queue.characters -= entry.characters;
  queue.progressAt = session.clock.monotonic();
  const meant = result.kind === 'delivered' || !session.giveUp.signal.aborted;
  if (meant) noteThrottling(session, queue, startedAt, result);
  if (meant && !session.isOver) noteResult(session, queue, entry, result);
  const paced = startReady(session, queue) !== null;
  const hungry = queue.stale && queue.ready.length < FETCH / 4;
  if (paced || hungry || queue.inFlight === 0) queue.bell.ring();
}

async function handOver(session: Session, queue: Queue, entry: OutboxEntry): Promise<DeliveryResult> {
  const { messageId, alert, receipt } = entry;
  try {
    return await queue.target.deliver({ messageId, alert, receipt }, session.giveUp.signal);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    session.log.error('A target threw instead of answering; the alert is tried again.', {
      target: queue.target.name,
      messageId,
      reason,
    });
    return { kind: 'again', reason: `the target failed: ${reason}`, status: null, retryAfterMs: null };
  }
}

function noteResult(session: Session, queue: Queue, entry: OutboxEntry, result: DeliveryResult): void {
  const now = session.store.outboxNow();
  const pauseMs = queue.throttle.pauseMs(session.clock.monotonic());
  const next = followUp(entry, result, { now, target: queue.state, pauseMs, random: session.random() });
  session.results.add(entry, next);
  noteFailure(session, queue, entry, result);
  trackTarget(session, queue, entry, result);
  if (next.kind === 'delivered') queue.delivered += 1;
  if (queue.eager) queue.tried.add(entry.id);
  if (next.kind !== 'bury') return;
  queue.buried += 1;
  refreshSoon(session);
}

/** A failure is logged when it is another than the one before: a dead target says so once, and not for every entry. */
function noteFailure(session: Session, queue: Queue, entry: OutboxEntry, result: DeliveryResult): void {
  const reason = result.kind === 'delivered' ? null : result.reason;
  const isNews = reason !== null && reason !== queue.failure;
  queue.failure = reason;
  if (!isNews) return;
  const { messageId } = entry;
  session.log.warn('A delivery did not succeed.', {
    target: queue.target.name,
    messageId,
    outcome: result.kind,
    reason,
  });
}
