import type { OutboxEntry, TargetState } from '../state/outbox-store.ts';
import type { DeliveryResult } from '../targets/target.ts';
import { LONGEST_AGE_MS, LONGEST_STEP_MS, stepMs } from './age.ts';
import { backoffMs } from './backoff.ts';
import { tooOld } from './follow-up.ts';
import { refreshSoon } from './refresh-conditions.ts';
import { addChore, putBack, type Queue, type Session, wake } from './session.ts';

type Undelivered = Extract<DeliveryResult, { readonly kind: 'again' | 'blocked' }>;

/** Keeps the target's own state in step with a result: `blocked` closes it for all but one probe, what a probe brings decides. */
export function trackTarget(session: Session, queue: Queue, entry: OutboxEntry, result: DeliveryResult): void {
  const probing = queue.probe === entry.id;
  // A probe goes out alone: whatever comes behind it is its own result.
  queue.probe = null;
  if (queue.state.blockedSince === null) {
    if (result.kind === 'blocked') close(session, queue, result);
    return;
  }
  if (!probing) return;
  if (result.kind === 'delivered' || result.kind === 'refused') open(session, queue);
  else close(session, queue, result);
}

/** Blocked from now on, or for longer: the next probe waits longer each time. */
function close(session: Session, queue: Queue, result: Undelivered): void {
  const { state } = queue;
  const now = session.store.outboxNow();
  const probes = state.probes + 1;
  const sinceProbe = state.blockedSince === null ? 0 : stepMs(state.probedAt, now);
  queue.eager = false;
  putBack(queue);
  setState(session, queue, {
    ...state,
    blockedSince: state.blockedSince ?? Math.round(session.clock.now()),
    reason: result.reason,
    nextProbeAt: now + backoffMs(probes, result.retryAfterMs, session.random()),
    probes,
    probedMs: state.probedMs + sinceProbe,
    probedAt: now,
  });
  ageWaiting(session, queue, now, result.reason);
}

function open(session: Session, queue: Queue): void {
  setState(session, queue, openedState(queue.state));
  queue.eager = session.mode.kind === 'drain' && session.mode.ignoreBackoff;
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
