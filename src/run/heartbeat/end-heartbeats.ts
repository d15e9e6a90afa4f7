import { makeHealthAlert } from '../../alerts/map/health-alert.ts';
import { messagesOf } from '../firing/messages.ts';
import type { RunDeps } from '../tenant.ts';

/**
 * Resolves, at start, signs of life that are not given any more: of another target than `target` (null: none gets any), or under a tenant
 * that is not there any more. Their own targets are told, where they are still there.
 */
export async function endHeartbeats(
  target: string | null,
  tenants: readonly { readonly name: string }[],
  deps: Pick<RunDeps, 'store' | 'clock' | 'committed' | 'targetNames'>,
): Promise<void> {
  const beats = (await deps.store.openHealth()).filter(({ code }) => code === 'heartbeat');
  for (const record of beats) {
    if (record.subject === target && tenants.some(({ name }) => name === record.tenant)) continue;
    const { tenant, code, subject, revision } = record;
    const message = 'Heartbeats are not sent here any more: the configuration was changed.';
    const about = { ...record, revision: revision + 1, time: Math.round(deps.clock.now()) };
    const alert = makeHealthAlert({ ...about, status: 'resolved', message });
    const isThere = deps.targetNames?.has(subject) ?? true;
    const messages = isThere ? messagesOf(alert, [{ target: subject }]) : [];
    await deps.store.commitHealth({ alerts: [alert], messages, health: [{ tenant, code, subject, record: null }] });
    deps.committed();
  }
}
