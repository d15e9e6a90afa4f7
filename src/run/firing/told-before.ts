import type { Alert } from '../../alerts/alert.ts';
import { hitKind } from '../../alerts/collect/hits.ts';
import { makeUpdate } from '../../alerts/map/updated-alert.ts';
import { validateAlert } from '../../alerts/map/validate-alert.ts';
import type { RunInput } from '../run-input.ts';
import type { RunDeps } from '../tenant.ts';

type Asked = Pick<RunInput, 'rule' | 'planned'>;

/**
 * The alerts as they are told. One that was told as of the same L before, which a clock that was ahead had asked for, or of which a backfill
 * has found more rows, goes on behind its newest revision, also where that was its end: receivers ignore lower ones, and the outbox takes the
 * same message once, so that what it says would be lost.
 */
export async function behindToldBefore(
  alerts: readonly Alert[],
  input: Asked,
  { store }: Pick<RunDeps, 'store'>,
): Promise<readonly Alert[]> {
  const ids = alerts.filter((alert) => hasTimeInId(alert, input)).map(({ id }) => id);
  if (ids.length === 0) return alerts;
  const newest = await store.newestAlerts(ids);
  if (newest.length === 0) return alerts;
  const byId = new Map(newest.map((alert) => [alert.id, alert]));
  return alerts.map((alert) => {
    const before = byId.get(alert.id);
    return before ? nextOf(alert, before, input.planned.logicalTime) : alert;
  });
}

/** Ids of a stream's rows say which rows they are: of these the same message says the same. All others say as of when. */
function hasTimeInId({ overflow }: Alert, { rule }: Asked): boolean {
  return overflow !== undefined || rule.effectiveShape !== 'stream' || hitKind(rule) !== 'row';
}

function nextOf(alert: Alert, before: Alert, logicalTime: number): Alert {
  const { id: alertId, revision, severity, rowCount, window } = before;
  const toldAt = Date.parse(window?.to ?? before.time);
  const next = makeUpdate(alert, { alertId, revision, severity, rowCount, toldAt }, { kind: 'again', logicalTime });
  validateAlert(next);
  return next;
}
