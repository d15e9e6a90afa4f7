import { subjectKindOf } from '../../alerts/map/health-alert.ts';
import { hiderOf, type Silence } from '../../alerts/silences.ts';
import type { HealthCommit, HealthRecord } from '../../state/outbox-store.ts';
import { messagesOf } from '../firing/messages.ts';
import type { RunDeps } from '../tenant.ts';

/** Tells health conditions that were hidden, still hold, and are hidden by nothing any more. Returns whether there were any. */
export async function tellUnhidden(
  tenant: string,
  now: number,
  silences: readonly Silence[],
  { store, healthTargets }: Pick<RunDeps, 'store' | 'healthTargets'>,
): Promise<boolean> {
  let count = 0;
  for (const record of await store.openHealth()) {
    if (record.tenant !== tenant || !record.isHidden) continue;
    const [alert] = await store.alertsById(record.alertId);
    if (alert && hiderOf(silences, now, () => alert)) continue;
    await store.commitHealth(toldAfterwards(record, alert ? [alert] : [], healthTargets));
    count += 1;
  }
  return count > 0;
}

/** A target is never told of its own trouble. */
function toldAfterwards(
  { isHidden: _, ...record }: HealthRecord,
  alerts: HealthCommit['alerts'],
  healthTargets: readonly string[],
): HealthCommit {
  const { tenant, code, subject } = record;
  const ofTarget = subjectKindOf(code) === 'target';
  const targets = healthTargets.filter((target) => !ofTarget || target !== subject);
  return { alerts, messages: messagesOf(alerts, targets), health: [{ tenant, code, subject, record }] };
}
