import type { OutboxEntry } from '../state/outbox-store.ts';
import type { Delivery, DeliveryResult } from '../targets/target.ts';
import { ownFault, trackTarget } from './blocking.ts';
import { alertAsSent } from './detour-note.ts';
import { noteDown } from './fallback.ts';
import { type FollowUp, type FollowUpInput, followUp } from './follow-up.ts';
import { refreshSoon } from './refresh-conditions.ts';
import type { Queue, Session } from './session.ts';
import { isThrottled, noteThrottling } from './throttling.ts';

/** Hands one entry, or a batch, to its target, and notes what came of each. Never rejects. */
export async function deliver(session: Session, queue: Queue, entries: readonly OutboxEntry[]): Promise<void> {
  const startedAt = session.clock.monotonic();
  const answers = await handOver(session, queue, entries);
  const results = answers.map((answer, at) => {
    const entry = entries[at];
    return entry ? ownFault(queue, entry, answer) : answer;
  });
  queue.inFlight -= 1;
  for (const entry of entries) queue.characters -= entry.characters;
  queue.progressAt = session.clock.monotonic();
  const isGivenUp = session.giveUp.signal.aborted;
  const meant = isGivenUp ? results.filter(({ kind }) => kind === 'delivered') : results;
  const [first] = meant;
  if (!first) return;
  noteThrottling(session, queue, startedAt, meant.find(isThrottled) ?? meant.find(isAccepted) ?? first);
  if (session.isOver) return;
  for (const [at, entry] of entries.entries()) {
    const result = results[at];
    if (!result || (isGivenUp && result.kind !== 'delivered')) continue;
    const outcome = noteResult(session, queue, entry, result);
    const reason = result.kind === 'delivered' ? null : result.reason;
    const tookMs = queue.progressAt - startedAt;
    const { messageId } = entry;
    session.journal?.({ kind: 'delivery', target: queue.target.name, messageId, outcome, tookMs, reason });
  }
}

async function handOver(
  session: Session,
  { target }: Queue,
  entries: readonly OutboxEntry[],
): Promise<readonly DeliveryResult[]> {
  const { signal } = session.giveUp;
  try {
    if (target.traits.batch && target.deliverMany)
      return each(entries, await target.deliverMany(entries.map(deliveryOf), signal));
    const [only] = entries;
    if (only && entries.length === 1) return [await target.deliver(deliveryOf(only), signal)];
    return await Promise.all(entries.map((entry) => target.deliver(deliveryOf(entry), signal)));
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    session.log.error('A target threw instead of answering; the alert is tried again.', {
      target: target.name,
      messageId: entries[0]?.messageId,
      reason,
    });
    return each(entries, [], `the target failed: ${reason}`);
  }
}

/** An entry is its delivery, unless what is sent is not what is stored. */
function deliveryOf(entry: OutboxEntry): Delivery {
  if (!entry.detour) return entry;
  return { messageId: entry.messageId, alert: alertAsSent(entry), receipt: entry.receipt };
}

/** One result each: where a target names none, nobody knows what became of the entry. */
function each(
  entries: readonly OutboxEntry[],
  results: readonly DeliveryResult[],
  reason = 'the target said nothing of this alert',
): readonly DeliveryResult[] {
  return entries.map((_, at) => results[at] ?? { kind: 'again', reason, status: null, retryAfterMs: null });
}

function isAccepted({ kind }: DeliveryResult): boolean {
  return kind === 'delivered' || kind === 'refused';
}

function noteResult(session: Session, queue: Queue, entry: OutboxEntry, result: DeliveryResult): FollowUp['kind'] {
  const next = result.kind === 'delivered' ? result : followUp(entry, result, circumstances(session, queue));
  session.results.add(entry, next);
  noteFailure(session, queue, entry, result);
  noteDown(session, queue, result);
  trackTarget(session, queue, entry, result);
  if (next.kind === 'delivered') {
    queue.delivered += 1;
    queue.lasting?.taken(entry, next.receipt ?? entry.receipt);
  }
  if (next.kind === 'retry') noteTried(session, queue, entry);
  if (next.kind === 'bury') {
    queue.buried += 1;
    refreshSoon(session);
  }
  return next.kind;
}

function circumstances({ store, clock, random }: Session, { throttle, state }: Queue): FollowUpInput {
  const pauseMs = throttle.pauseMs(clock.monotonic());
  return { now: store.outboxNow(), target: state, pauseMs, random: random() };
}

/** What was taken or buried does not come again. Behind a blocked time the first failure ends the part in which back-off does not count. */
function noteTried({ mode }: Session, queue: Queue, { id }: OutboxEntry): void {
  queue.chains?.cut(id);
  if (mode.kind === 'run') queue.eager = false;
  if (queue.eager) queue.tried.add(id);
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
