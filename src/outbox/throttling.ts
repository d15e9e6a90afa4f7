import { SECOND_MS } from '../lib/duration.ts';
import type { DeliveryResult } from '../targets/target.ts';
import { backoffMs } from './backoff.ts';
import { isTooMany } from './follow-up.ts';
import { addChore, type Queue, type Session } from './session.ts';

type Again = Extract<DeliveryResult, { readonly kind: 'again' }>;

/** Whether it is the target that takes nothing for now, and not only this entry. */
export function isThrottled(result: DeliveryResult): result is Again {
  return result.kind === 'again' && (isTooMany(result) || result.retryAfterMs !== null);
}

/** Tells the throttle what came of a delivery. A 429 that does not say how long to wait is answered with the pauses of a back-off. */
export function noteThrottling(session: Session, queue: Queue, startedAt: number, result: DeliveryResult): void {
  const { throttle } = queue;
  if (result.kind === 'delivered') queue.strikes = 0;
  if (!isThrottled(result)) {
    throttle.ended(startedAt, result.kind === 'delivered' || result.kind === 'refused');
    return;
  }
  const now = session.clock.monotonic();
  const tooMany = isTooMany(result);
  if (throttle.pauseMs(now) === 0) queue.strikes += 1;
  const pauseMs = backoffMs(tooMany ? queue.strikes : 1, result.retryAfterMs, session.random());
  throttle.refused(now, startedAt, pauseMs, tooMany);
  keepPause(session, queue, session.store.outboxNow() + throttle.pauseMs(now));
}

/** A restart must not make the target's pause shorter. Pauses of one burst end within moments of each other, and are written once. */
function keepPause(session: Session, queue: Queue, pausedUntil: number): void {
  if (pausedUntil < (queue.state.pausedUntil ?? 0) + SECOND_MS) return;
  const state = { ...queue.state, pausedUntil };
  queue.state = state;
  addChore(session, () => session.store.setTargetState(state));
}

/** Whether a drain would have to wait beyond its deadline for the target's pause to end. */
export function outlastsDrain({ mode, clock }: Session, queue: Queue): boolean {
  if (mode.kind !== 'drain') return false;
  const now = clock.monotonic();
  return now + queue.throttle.pauseMs(now) > Math.max(mode.deadline, now);
}
