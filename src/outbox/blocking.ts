import type { OutboxEntry, TargetState } from '../state/outbox-store.ts';
import type { DeliveryResult } from '../targets/target.ts';
import { LONGEST_AGE_MS, LONGEST_STEP_MS, stepMs } from './age.ts';
import { backoffMs } from './backoff.ts';
import { OPENS_AFTER_MS } from './circuit.ts';
import { tooOld } from './follow-up.ts';
import { refreshSoon } from './refresh-conditions.ts';
import { addChore, putBack, type Queue, type Session, wake } from './session.ts';
import { isThrottled } from './throttling.ts';

type Undelivered = Extract<DeliveryResult, { readonly kind: 'again' | 'blocked' }>;

/** By what an answer says of the target: how often one entry gets it, others being taken in between, until it is about that entry. A rate limit meets some more than once. */
const TIMES_ALONE = { blocked: 2, throttled: 3 };

/**
 * What an answer says of the target and only one entry gets is about that entry, such as a firewall's 403 to what stands in it, or a 429 to
 * what is too large: where others were taken each time since it was first answered so, it waits by itself, and keeps nobody else waiting.
 */
export function ownFault(queue: Queue, { id }: OutboxEntry, result: DeliveryResult): DeliveryResult {
  const { blamed } = queue;
  if (result.kind === 'delivered' || result.kind === 'refused') {
    blamed.delete(id);
    return result;
  }
  if (result.kind !== 'blocked' && !isThrottled(result)) return result;
  const about = result.kind === 'blocked' ? 'blocked' : 'throttled';
  const times = timesAlone(queue, id);
  blamed.set(id, { times, taken: queue.delivered });
  if (times < TIMES_ALONE[about]) return result;
  // Without what the target would have to be spared for.
  return about === 'blocked'
    ? { ...result, kind: 'again' }
    : { ...result, kind: 'again', status: null, retryAfterMs: null };
}

/** How often an entry has been answered what is about the target, this time included and others being taken in between. */
function timesAlone({ blamed, delivered }: Queue, id: number): number {
  const before = blamed.get(id);
  if (!before) return 1;
  return delivered > before.taken ? before.times + 1 : before.times;
}

/**
 * Keeps the target's own state in step with a result: `blocked`, and anything else that has kept it from taking a single alert for long,
 * closes it for all but one probe; what a probe brings decides.
 */
export function trackTarget(session: Session, queue: Queue, entry: OutboxEntry, result: DeliveryResult): void {
  const probing = queue.probe === entry.id;
  // A probe goes out alone: whatever comes behind it is its own result.
  queue.probe = null;
  if (queue.state.blockedSince === null) {
    if (result.kind === 'blocked') close(session, queue, result, 0);
    else if (result.kind === 'again' && hasFailedForLong(session, queue)) close(session, queue, result, entry.attempts);
    return;
  }
  if (!probing) return;
  if (result.kind === 'delivered' || result.kind === 'refused') open(session, queue);
  else close(session, queue, result, queue.state.probes);
}

function hasFailedForLong({ store }: Session, { downSince }: Queue): boolean {
  return downSince !== null && store.outboxNow() - downSince >= OPENS_AFTER_MS;
}

/** Blocked from now on, or for longer: the next probe waits longer each time, `before` failures having been before this one. */
function close(session: Session, queue: Queue, result: Undelivered, before: number): void {
  const { state } = queue;
  const now = session.store.outboxNow();
  const probes = before + 1;
  const sinceProbe = state.blockedSince === null ? 0 : stepMs(state.probedAt, now);
  queue.mayPass = result.kind === 'again';
  // A drain that gives every entry its attempt goes on with it, one after another.
  queue.eager &&= queue.mayPass && session.mode.kind === 'drain';
  putBack(queue);
  setState(session, queue, {
    ...state,
    blockedSince: state.blockedSince ?? blockedFrom(session, queue, now),
    reason: result.reason,
    nextProbeAt: now + backoffMs(probes, result.retryAfterMs, session.random()),
    probes,
    probedMs: state.probedMs + sinceProbe,
    probedAt: now,
  });
  ageWaiting(session, queue, now, result.reason);
}

/** Epoch ms: of what has failed for long, when that began. */
function blockedFrom({ clock }: Session, { mayPass, downSince }: Queue, now: number): number {
  return Math.round(clock.now() - (mayPass ? now - (downSince ?? now) : 0));
}

/** Whatever waits goes out at once: it waited for the target. */
function open(session: Session, queue: Queue): void {
  setState(session, queue, openedState(queue.state));
  queue.eager = session.mode.kind === 'run' || session.mode.ignoreBackoff;
  wake(queue);
}

/** The state of a target that takes alerts again. */
export function openedState(state: TargetState): TargetState {
  return { ...state, blockedSince: null, reason: null, nextProbeAt: null, probes: 0 };
}

function setState(session: Session, queue: Queue, state: TargetState): void {
  queue.state = state;
  addChore(session, () => session.store.setTargetState(state));
  refreshSoon(session);
}

/** Entries of a blocked target get no attempts of their own, so every probe that fails counts for them. */
function ageWaiting(session: Session, queue: Queue, now: number, reason: string): void {
  const { target, probedMs } = queue.state;
  const limits = { longestStepMs: LONGEST_STEP_MS, longestAgeMs: LONGEST_AGE_MS };
  const at = Math.round(session.clock.now());
  addChore(session, async () => {
    await session.results.flush();
    const count = await session.store.ageWaiting({ target, now, probedMs, ...limits, reason: tooOld(reason), at });
    queue.buried += count;
    if (count > 0) refreshSoon(session);
  });
}
