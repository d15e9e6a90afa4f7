import { toHuntwireError } from '../lib/errors.ts';
import type { Delivery, DeliveryResult, ResendTraits, Target } from '../targets/target.ts';
import type { Lasting, LastingAlert } from './lasting.ts';
import type { Queue, Session } from './session.ts';

/** So many alerts at most are taken up again by a new process. */
const MOST_ALERTS = 5000;
const AT_ONCE = 100;

/**
 * Hands alerts that fire over again for as long as the session runs, so that a receiver which was started anew knows them. What comes of it
 * is not stored: they were delivered.
 */
export async function resend(session: Session, queue: Queue): Promise<void> {
  const { lasting, target } = queue;
  const { resend: traits } = target.traits;
  if (!lasting || !traits) return;
  await takeUp(session, queue, lasting, traits);
  while (!session.signal.aborted) {
    await session.clock.sleep(traits.everyMs, session.signal).catch(() => undefined);
    if (session.signal.aborted || isClosed(session, queue)) continue;
    await repeat(session, queue, lasting, traits);
  }
}

async function takeUp(
  session: Session,
  { target, part }: Queue,
  lasting: Lasting,
  { forMs }: ResendTraits,
): Promise<void> {
  try {
    const since = session.clock.now() - forMs;
    lasting.begin(await session.store.lasting(part, { since, limit: MOST_ALERTS }));
  } catch (thrown) {
    const { code, message } = toHuntwireError(thrown);
    session.log.error('Alerts that were sent before are not sent again: the outbox cannot be read.', {
      target: target.name,
      code,
      reason: message,
    });
  }
}

/** A target that takes nothing now is left alone. */
function isClosed({ clock }: Session, { state, throttle }: Queue): boolean {
  return state.blockedSince !== null || throttle.waitMs(clock.monotonic()) > 0;
}

async function repeat(session: Session, queue: Queue, lasting: Lasting, { forMs }: ResendTraits): Promise<void> {
  const before = session.clock.now() - forMs;
  const isOver = ({ committedAt, delivery: { alert } }: LastingAlert): boolean =>
    alert.kind !== 'health' && committedAt < before;
  const deliveries = lasting.repeat(isOver);
  const size = queue.target.traits.batch?.max ?? AT_ONCE;
  for (let next = 0; next < deliveries.length && !session.signal.aborted; next += size) {
    const results = await handOverAgain(queue.target, deliveries.slice(next, next + size), session.signal);
    const failed = results.find(({ kind }) => kind !== 'delivered');
    if (failed && failed.kind !== 'delivered') {
      session.log.debug('Alerts could not be sent again.', { target: queue.target.name, reason: failed.reason });
      break;
    }
  }
  lasting.repeated();
}

async function handOverAgain(
  target: Target,
  deliveries: readonly Delivery[],
  signal: AbortSignal,
): Promise<readonly DeliveryResult[]> {
  try {
    if (target.deliverMany) return await target.deliverMany(deliveries, signal);
    return await Promise.all(deliveries.map((delivery) => target.deliver(delivery, signal)));
  } catch (thrown) {
    const { message } = toHuntwireError(thrown);
    return [{ kind: 'again', reason: `the target failed: ${message}`, status: null, retryAfterMs: null }];
  }
}
