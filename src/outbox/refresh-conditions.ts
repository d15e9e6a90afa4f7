import { formatDuration } from '../lib/duration.ts';
import type { TargetState } from '../state/outbox-store.ts';
import { deliversTo, shardOf, tellsOf } from './parts/delivery-part.ts';
import { addChore, type Queue, type Session, wake } from './session.ts';

/**
 * Brings the health conditions of targets in line with what is: it is called after a change, at start and now and then, so that neither a
 * crash between two writes nor `dlq drop` in another process leaves an alert unsent or open.
 */
export function refreshSoon(session: Session): void {
  if (session.refreshing) return;
  session.refreshing = true;
  addChore(session, async () => {
    session.refreshing = false;
    await session.results.flush();
    await refreshBlocked(session);
    await refreshDeadLetters(session);
  });
}

async function refreshBlocked(session: Session): Promise<void> {
  const { conditions } = session;
  const isTold = (name: string): boolean => deliversTo(session, name) && tellsOf(session, name);
  const blocked = new Set<string>();
  for (const queue of session.queues.filter(({ target }) => isTold(target.name))) {
    const { name } = queue.target;
    const { blockedSince, reason } = await wholeState(session, queue);
    if (blockedSince === null) continue;
    blocked.add(name);
    const message = `Target ${name} takes no alerts: ${reason}. Its alerts wait${alsoTo(session, name)}; it is tried again with growing pauses.`;
    tell(session, await conditions.raise('target-blocked', name, blockedSince, message));
  }
  const over = conditions.subjects('target-blocked').filter((name) => !blocked.has(name) && isTold(name));
  for (const subject of over) {
    const message = `Target ${subject} is no longer blocked.`;
    tell(session, await conditions.resolve('target-blocked', subject, message));
  }
}

/** Of a target that is divided, what all of its shards have written: this one has done so before. */
function wholeState(session: Session, { target, state }: Queue): Promise<TargetState> | TargetState {
  return shardOf(session) === null ? state : session.store.targetState(target.name);
}

/** Who stands in for a target, in the middle of a sentence. */
function alsoTo({ fallbacks }: Session, target: string): string {
  const fallback = fallbacks?.get(target);
  return fallback ? `, and after ${formatDuration(fallback.afterMs)} they go to ${fallback.target}, too` : '';
}

async function refreshDeadLetters(session: Session): Promise<void> {
  const { conditions, store, clock } = session;
  const configured = new Set(session.targets.map((target) => target.name));
  const dead = await store.deadCounts();
  for (const [target, count] of dead) {
    if (!configured.has(target) || !tellsOf(session, target)) continue;
    // Told once, and not again for each that follows: a bare number would soon be wrong.
    const letters = count === 1 ? 'an alert is a dead letter' : `${count} alerts are dead letters`;
    const message = `Target ${target} has dead letters: so far ${letters} and will not be sent any more. "huntwire dlq list" tells how many there are by now, and why.`;
    tell(session, await conditions.raise('dead-letter', target, clock.now(), message));
  }
  const over = conditions.subjects('dead-letter').filter((name) => !dead.has(name) && tellsOf(session, name));
  for (const subject of over) {
    const message = `Target ${subject} has no dead letters any more.`;
    tell(session, await conditions.resolve('dead-letter', subject, message));
  }
}

function tell(session: Session, committed: boolean): void {
  if (!committed) return;
  session.told = true;
  for (const queue of session.queues) wake(queue);
  session.wakeOthers?.();
}
