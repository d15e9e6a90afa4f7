import type { Alert } from '../../alerts/alert.ts';
import { makeUpdate } from '../../alerts/map/updated-alert.ts';
import { validateAlert } from '../../alerts/map/validate-alert.ts';
import type { RunDeps } from '../tenant.ts';

/**
 * The alerts as they are told. One that was told as of the same L before, which a clock that was ahead had asked for, or of which a backfill
 * has found more rows, goes on behind its newest revision, also where that was its end: receivers ignore lower ones, and the outbox takes the
 * same message once.
 */
export async function behindToldBefore(
  alerts: readonly Alert[],
  logicalTime: number,
  { store }: Pick<RunDeps, 'store'>,
): Promise<readonly Alert[]> {
  if (alerts.length === 0) return alerts;
  const newest = await store.newestAlerts(alerts.map(({ id }) => id));
  if (newest.length === 0) return alerts;
  const byId = new Map(newest.map((alert) => [alert.id, alert]));
  return alerts.map((alert) => {
    const before = byId.get(alert.id);
    return before ? nextOf(alert, before, logicalTime) : alert;
  });
}

function nextOf(alert: Alert, before: Alert, logicalTime: number): Alert {
  const { id: alertId, revision, severity, rowCount, window } = before;
  const toldAt = Date.parse(window?.to ?? before.time);
  const next = makeUpdate(alert, { alertId, revision, severity, rowCount, toldAt }, { kind: 'again', logicalTime });
  validateAlert(next);
  return next;
}
