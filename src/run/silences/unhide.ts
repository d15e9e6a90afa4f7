import { subjectKindOf } from '../../alerts/map/health-alert.ts';
import { hiderOf, type Silence } from '../../alerts/silences.ts';
import type { HealthCommit, HealthRecord } from '../../state/outbox-store.ts';
import { healthMessagesOf } from '../firing/messages.ts';
import type { RunDeps } from '../tenant.ts';

/** Tells health conditions that were hidden, still hold, and are hidden by nothing any more. Returns whether there were any. */
export async function tellUnhidden(
  tenant: string,
  now: number,
  silences: readonly Silence[],
  deps: Pick<RunDeps, 'store' | 'healthTargets' | 'routeHealth'>,
): Promise<boolean> {
  let count = 0;
  for (const record of await deps.store.openHealth()) {
    if (record.tenant !== tenant || !record.isHidden) continue;
    const [alert] = await deps.store.alertsById(record.alertId);
    if (alert && hiderOf(silences, now, () => alert)) continue;
    await deps.store.commitHealth(toldAfterwards(record, alert ? [alert] : [], deps));
    count += 1;
  }
  return count > 0;
}

/** A target is never told of its own trouble. */
function toldAfterwards(
  { isHidden: _, ...record }: HealthRecord,
  alerts: HealthCommit['alerts'],
  deps: Pick<RunDeps, 'healthTargets' | 'routeHealth'>,
): HealthCommit {
  const { tenant, code, subject } = record;
  const ofTarget = subjectKindOf(code) === 'target';
  const messages = healthMessagesOf(alerts, deps, ofTarget ? subject : null);
  return { alerts, messages, health: [{ tenant, code, subject, record }] };
}
