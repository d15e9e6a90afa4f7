import { makeHealthAlert, subjectKindOf } from '../alerts/map/health-alert.ts';
import { MINUTE_MS } from '../lib/duration.ts';
import { countOf } from '../lib/text.ts';
import type { HealthRecord, TargetState } from '../state/outbox-store.ts';
import { openedState } from './blocking.ts';
import type { DeliveryLoopOptions, Session } from './session.ts';
import { healthMessages } from './target-conditions.ts';

const REASON = 'it is no longer configured: it was removed or renamed';

/**
 * Resolves what is open of targets that were taken out of the configuration, or is kept under another tenant than the one that health of
 * targets is told under now. What waits for a removed target is left to `buryOrphans`, with its condition.
 */
export async function resolveRemoved(options: DeliveryLoopOptions): Promise<void> {
  const { store, clock, log } = options;
  const waiting = new Set(await store.pendingTargets());
  for (const record of (await store.openHealth()).filter(({ code }) => subjectKindOf(code) === 'target')) {
    const message = await reasonOf(record, options);
    const isStillTold =
      record.code === 'dead-letter' && waiting.has(record.subject) && record.tenant === options.tenant;
    if (message === null || isStillTold) continue;
    // A target that comes back begins anew: under its old beginning its next alert would have the id of this one.
    if (record.code === 'target-blocked') {
      const state = openedState(await store.targetState(record.subject));
      const isGone = !options.targets.some(({ name }) => name === record.subject);
      await store.setTargetState(isGone ? upAgain(state) : state);
    }
    const next = { ...record, revision: record.revision + 1 };
    const alert = makeHealthAlert({ ...next, time: clock.now(), status: 'resolved', message });
    const told = record.isHidden ? [] : [alert];
    const messages = told.flatMap((one) => healthMessages(options, one, record.subject));
    await store.commitHealth({ alerts: told, messages, health: [{ ...record, record: null }] });
    log.info(message, { target: record.subject, code: record.code });
  }
}

/** Else the fallback of a target that is put back later would get what that takes by itself. */
function upAgain(state: TargetState): TargetState {
  return { ...state, downSince: null };
}

async function reasonOf({ tenant, code, subject }: HealthRecord, options: DeliveryLoopOptions): Promise<string | null> {
  const { store, targets } = options;
  if (!targets.some(({ name }) => name === subject)) {
    if (code !== 'dead-letter') return `Of target ${subject} nothing is told any more: ${REASON}.`;
    const dead = (await store.deadCounts()).get(subject) ?? 0;
    return `Of target ${subject} nothing is told any more: ${REASON}. Its dead letters (${dead}) stay, see "huntwire dlq list".`;
  }
  if (tenant === options.tenant) return null;
  return `The health of target ${subject} is told under the tenant ${options.tenant} now.`;
}

const UNKNOWN_FOR_MS = 10 * MINUTE_MS;

/**
 * Entries of targets that were taken out of the configuration become dead letters: nobody else would ever look at them. `isStart`: the
 * configuration has just been read, and nobody knows a newer one.
 */
export async function buryOrphans(
  { store, targets, clock, log, conditions, part }: Session,
  isStart: boolean,
): Promise<void> {
  const names = new Set(targets.map((target) => target.name));
  const orphans = (await store.pendingTargets()).filter((target) => !names.has(target));
  if (orphans.length === 0) return;
  for (const { target, pending, oldestAt } of await store.targetCounts()) {
    if (!orphans.includes(target) || pending === 0) continue;
    const since = clock.now();
    // Another process, or a reload that goes on, may have read of a target that this loop has not read of yet.
    if ((part || !isStart) && since - (oldestAt ?? since) < UNKNOWN_FOR_MS) continue;
    const message = `${countOf(pending, 'alert')} for target ${target} ${pending === 1 ? 'is a dead letter' : 'are dead letters'}: ${REASON}. See "huntwire dlq list".`;
    // Told first: a crash in between leaves the entries pending, and the next start finds them.
    await conditions.raise('dead-letter', target, since, message);
    const state = await store.targetState(target);
    if (state.downSince !== null) await store.setTargetState(upAgain(state));
    await store.buryPending(target, {
      reason: 'the target is no longer configured',
      at: Math.round(since),
    });
    log.warn('Alerts of a target that is no longer configured are dead letters now.', { target, entries: pending });
  }
}
