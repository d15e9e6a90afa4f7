import type { OutboxEntry } from '../state/outbox-store.ts';
import { gatherMs, takeEntries } from './batch.ts';
import { DUE_PROBE_MS } from './circuit.ts';
import { deliver } from './deliver.ts';
import { letGo, type Queue, type Session } from './session.ts';

/** Entries fetched at once, at least; a target with a larger concurrency gets twice that, as long as a fetch stays short: all targets wait for it. */
const FETCH = 400;
const LONGEST_FETCH = 2000;
/**
 * With so much of alerts in memory nothing more is fetched for a target: one that takes nothing must not cost more. Shorter alerts are held
 * twice, as a value and as their text. A fetch adds at most 13 Mi.
 */
const MOST_CHARACTERS = 16 * 1024 * 1024;
/** Pause where no delivery may begin. */
const NOT_NOW_MS = 200;
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
  const size = fetchSize(queue);
  if (!queue.stale || isFull(queue) || queue.ready.length >= size / 2) return;
  queue.stale = false;
  const except = notNow(queue);
  queue.lookedAt = session.store.outboxNow();
  const query = { now: queue.lookedAt, limit: size, except, ignoreBackoff: queue.eager };
  const entries = await session.store.pending(queue.part, query);
  if (isBlocked(queue)) return;
  hold(session, queue, entries, (entry) => queue.chains?.begin(entry));
  const followed = await fillChains(session, queue, size - entries.length);
  if (entries.length > 0 || followed) queue.stale = true;
}

/** Fetches what stands right behind entries that are held; whether the store may have more of it. */
async function fillChains(session: Session, queue: Queue, limit: number): Promise<boolean> {
  const { chains, part, lookedAt, eager } = queue;
  if (!chains || limit <= 0 || chains.tails.size === 0 || isFull(queue)) return false;
  const { lookedTo: after, tails } = chains;
  const query = { now: lookedAt, limit, after, held: notNow(queue), tails, ignoreBackoff: eager };
  const { entries, lookedTo, hasMore, passedOver } = await session.store.successors(part, query);
  if (isBlocked(queue)) return false;
  chains.passedOver = passedOver || (after > 0 && chains.passedOver);
  chains.lookedTo = hasMore || !chains.passedOver ? lookedTo : 0;
  hold(session, queue, entries, chains.follow);
  return entries.length > 0;
}

function notNow({ eager, held, tried }: Queue): ReadonlySet<number> {
  return eager ? new Set([...held, ...tried]) : held;
}

function fetchSize({ target: { traits } }: Queue): number {
  return Math.max(FETCH, Math.min(LONGEST_FETCH, 2 * traits.concurrency * (traits.batch?.max ?? 1)));
}

/** Whether a batch is waiting for what the store may still hold. */
export function wantsMore(queue: Queue): boolean {
  const { batch } = queue.target.traits;
  return batch !== undefined && queue.stale && queue.ready.length < batch.max && !isBlocked(queue) && !isFull(queue);
}

/** One entry, whichever is due first, goes out to see whether the target works again. */
async function fetchProbe(session: Session, queue: Queue): Promise<void> {
  const now = session.store.outboxNow();
  const due = queue.eager || (queue.state.nextProbeAt ?? 0) <= now;
  const mayBe = due || (queue.mayPass && (queue.state.probedAt ?? 0) + DUE_PROBE_MS <= now);
  if (!mayBe || queue.probe !== null || queue.inFlight > 0) return;
  const query = { now, limit: 1, except: notNow(queue), ignoreBackoff: due };
  const entries = await session.store.pending(queue.part, query);
  queue.probe = entries[0]?.id ?? null;
  hold(session, queue, entries, (entry) => queue.chains?.begin(entry));
}

function hold(
  { clock }: Session,
  queue: Queue,
  entries: readonly OutboxEntry[],
  chain: (entry: OutboxEntry) => void,
): void {
  if (queue.ready.length === 0) queue.readySince = clock.monotonic();
  for (const entry of entries) {
    queue.held.add(entry.id);
    chain(entry);
    queue.characters += entry.characters;
  }
  queue.ready.push(...entries);
}

/** Starts deliveries up to the target's concurrency and rate; returns the milliseconds to wait for the rate, a pause or more of a batch, null where they do not matter. */
export function startReady(session: Session, queue: Queue): number | null {
  const { pace, throttle, target } = queue;
  while (queue.inFlight < throttle.atOnce(target.traits.concurrency)) {
    const mayStart = !session.signal.aborted && session.results.size() <= UNSTORED_LIMIT;
    leaveCut(queue);
    if (queue.ready.length === 0 || !mayStart) return null;
    if (session.mayBegin?.() === false) return NOT_NOW_MS;
    const monotonic = session.clock.monotonic();
    const gather = isBlocked(queue) || isFull(queue) ? 0 : gatherMs(session, queue, monotonic);
    const wait = Math.max(pace.waitMs(monotonic), throttle.waitMs(monotonic), gather);
    if (wait > 0) return wait;
    pace.take(monotonic);
    throttle.started(monotonic);
    queue.inFlight += 1;
    void work(session, queue, takeEntries(queue));
  }
  return null;
}

/** What stands behind an entry that was not taken waits until that was. */
function leaveCut(queue: Queue): void {
  const { ready, chains } = queue;
  for (let [first] = ready; first && chains?.isCut(first.id); [first] = ready) {
    ready.shift();
    letGo(queue, first);
  }
}

async function work(session: Session, queue: Queue, entries: readonly OutboxEntry[]): Promise<void> {
  await deliver(session, queue, entries);
  const paced = startReady(session, queue) !== null;
  const hungry = queue.stale && queue.ready.length < FETCH / 4;
  if (paced || hungry || queue.inFlight === 0) queue.bell.ring();
}
