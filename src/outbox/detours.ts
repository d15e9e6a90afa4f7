import { MOST_LISTED, makeDigestAlert } from '../alerts/map/digest-alert.ts';
import { endsRunner, toHuntwireError } from '../lib/errors.ts';
import { longestLook, type Session, wake } from './session.ts';

/** Makes the entries of escalations and digests when they fall due, for as long as the session runs. */
export async function watchDetours(session: Session): Promise<void> {
  while (!session.signal.aborted) {
    await session.detours.wait(await lookDetours(session));
  }
}

/** One look; returns how long to wait for the next one. */
async function lookDetours(session: Session): Promise<number> {
  try {
    await takeDetours(session);
    const due = await session.store.nextDetour();
    const left = due === null ? Number.POSITIVE_INFINITY : due - session.store.outboxNow();
    return Math.max(1, Math.min(longestLook(session), left));
  } catch (thrown) {
    const error = toHuntwireError(thrown);
    if (endsRunner(error)) throw error;
    const fields = { code: error.code, reason: error.message };
    session.log.error('Escalations and digests cannot be read; it is tried again.', fields);
    return longestLook(session);
  }
}

/** Makes all entries that are due by now; a crash on the way leaves each either made or due. */
export async function takeDetours(session: Session): Promise<void> {
  for (let targets = await escalate(session); targets.length > 0; targets = await escalate(session)) {
    session.log.info('Alerts that nobody has acknowledged go to further targets.', { targets: targets.join(', ') });
    told(session, targets);
  }
  await tellDigests(session);
}

function escalate({ store, clock }: Session): Promise<readonly string[]> {
  return store.escalate({ now: store.outboxNow(), at: Math.round(clock.now()) });
}

async function tellDigests(session: Session): Promise<void> {
  const { store, clock } = session;
  const targets = session.targets.map(({ name }) => name);
  for (const due of await store.dueDigests({ now: store.outboxNow(), targets, limit: MOST_LISTED })) {
    await store.tellDigest(due, makeDigestAlert({ ...due, to: clock.now() }));
    told(session, [due.target]);
  }
}

function told(session: Session, targets: readonly string[]): void {
  session.told = true;
  for (const queue of session.queues) if (targets.includes(queue.target.name)) wake(queue);
  session.wakeOthers?.();
}
