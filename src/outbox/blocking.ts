import type { OutboxEntry, TargetState } from '../state/outbox-store.ts';
import type { DeliveryResult } from '../targets/target.ts';
import { backoffMs } from './backoff.ts';
import { LONGEST_WAIT_MS, tooOld } from './follow-up.ts';
import { refreshSoon } from './refresh-conditions.ts';
import { addChore, putBack, type Queue, type Session, wake } from './session.ts';

type Undelivered = Extract<DeliveryResult, { readonly kind: 'again' | 'blocked' }>;

/** Keeps the target's own state in step with a result: `blocked` closes it for all but one probe, what a probe brings decides. */
export function trackTarget(session: Session, queue: Queue, entry: OutboxEntry, result: DeliveryResult): void {
  const probing = queue.probe === entry.id;
  if (probing) queue.probe = null;
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
  const now = Math.round(session.clock.now());
  const probes = queue.state.probes + 1;
  const nextProbeAt = now + backoffMs(probes, result.retryAfterMs, session.random());
  queue.eager = false;
  putBack(queue);
  setState(session, queue, {
    target: queue.target.name,
    blockedSince: queue.state.blockedSince ?? now,
    reason: result.reason,
    nextProbeAt,
    probes,
  });
  buryOld(session, queue, result.reason);
}

function open(session: Session, queue: Queue): void {
  setState(session, queue, openState(queue.target.name));
  queue.eager = session.mode.kind === 'drain' && session.mode.ignoreBackoff;
  wake(queue);
}

/** The state of a target that takes alerts. */
export function openState(target: string): TargetState {
  return { target, blockedSince: null, reason: null, nextProbeAt: null, probes: 0 };
}

function setState(session: Session, queue: Queue, state: TargetState): void {
  queue.state = state;
  addChore(session, () => session.store.setTargetState(state));
  refreshSoon(session);
}

/** Entries of a blocked target get no attempts of their own, so their age is looked at whenever a probe has failed. */
function buryOld(session: Session, queue: Queue, reason: string): void {
  const at = Math.round(session.clock.now());
  addChore(session, async () => {
    await session.results.flush();
    const burial = { createdBefore: at - LONGEST_WAIT_MS, reason: tooOld(reason), at };
    const count = await session.store.buryPending(queue.target.name, burial);
    queue.buried += count;
    if (count > 0) refreshSoon(session);
  });
}
