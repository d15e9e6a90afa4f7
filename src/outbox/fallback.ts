import { SECOND_MS } from '../lib/duration.ts';
import type { DeliveryResult } from '../targets/target.ts';
import { addChore, type Queue, type Session, wake } from './session.ts';
import { type Fallback, isDown } from './stand-in.ts';

/** Entries handed on in one transaction. */
const AT_ONCE = 500;
/** A shorter trouble leaves nothing in the state: a target that fails now and then would cost a write each time. */
const WORTH_KEEPING_MS = 10 * SECOND_MS;

/** Follows, result by result, since when a target has been asked and has taken nothing. */
export function noteDown(session: Session, queue: Queue, { kind }: DeliveryResult): void {
  if (kind === 'delivered' || kind === 'refused') {
    queue.downSince = null;
    queue.divertedTo = 0;
  } else queue.downSince ??= session.store.outboxNow();
  const { downSince, state } = queue;
  if (downSince === state.downSince) return;
  const isWorthKeeping = downSince === null || session.store.outboxNow() - downSince >= WORTH_KEEPING_MS;
  if (isWorthKeeping) keepDown(session, queue);
}

/** Writes since when the target has been down: a restart must not make that shorter. */
export function keepDown(session: Session, queue: Queue): void {
  const { downSince } = queue;
  if (downSince === queue.state.downSince) return;
  queue.state = { ...queue.state, downSince };
  addChore(session, () => session.store.setDownSince(queue.part, downSince));
}

/**
 * While a target is down, whatever waits for it goes to the one that stands in, too, in the same order and under the same ids. The entries
 * stay where they are: a target that comes back has missed nothing, and none is lost where the other one is down as well.
 */
export async function divertWaiting(session: Session, queue: Queue): Promise<void> {
  const fallback = fallbackOf(session, queue);
  if (!fallback || !isDown(queue, fallback, session.store.outboxNow())) return;
  const of = queue.target.name;
  const ids = await session.store.waitingIds(queue.part, queue.divertedTo);
  let added = 0;
  for (let next = 0; next < ids.length && queue.downSince !== null; next += AT_ONCE) {
    const part = ids.slice(next, next + AT_ONCE);
    added += await session.store.divert({ of, to: fallback.target, ids: part, at: Math.round(session.clock.now()) });
    queue.divertedTo = part.at(-1) ?? queue.divertedTo;
  }
  if (added > 0) tellDiverted(session, queue, fallback, added);
}

export function fallbackOf({ fallbacks }: Session, { target }: Queue): Fallback | null {
  return fallbacks?.get(target.name) ?? null;
}

function tellDiverted(session: Session, { target }: Queue, fallback: Fallback, entries: number): void {
  const { name } = target;
  session.log.warn('A target is down; what waits for it goes to its fallback, too.', {
    target: name,
    fallback: fallback.target,
    entries,
  });
  session.told = true;
  for (const queue of session.queues) if (queue.target.name === fallback.target) wake(queue);
  session.wakeOthers?.();
}
