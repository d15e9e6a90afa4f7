import type { Alert } from '../../alerts/alert.ts';
import { makeSummaryAlert } from '../../alerts/map/summary-alert.ts';
import type { Silence } from '../../alerts/silences.ts';
import { HOUR_MS, MINUTE_MS } from '../../lib/duration.ts';
import type { HealthCommit } from '../../state/outbox-store.ts';
import type { HiddenTotal } from '../../state/silence-store.ts';
import { healthMessagesOf } from '../firing/messages.ts';
import type { RunDeps } from '../tenant.ts';
import { tellUnhidden } from './unhide.ts';

export type SumUpDeps = Pick<RunDeps, 'store' | 'healthTargets' | 'routeHealth' | 'committed' | 'silences' | 'log'>;

/** Late events still come when a silence has ended; each makes no revision of its own. */
const BETWEEN_REVISIONS_MS = HOUR_MS;

/**
 * Tells, for each silence and maintenance that has ended, in one alert what it hid in a tenant, and what is found of it later in further
 * revisions. Alert and mark are one transaction: whenever it is stopped, each is told once. Then come the health conditions that nothing hides any more. `now`: the service's clock in epoch ms.
 */
export async function sumUp(tenant: string, now: number, deps: SumUpDeps): Promise<void> {
  const hidden = (await deps.store.hiddenTotals()).filter((total) => total.tenant === tenant);
  // A health condition that was hidden has been counted, too.
  if (hidden.length === 0) return;
  const silences = (await deps.silences?.()) ?? [];
  const totals = hidden.filter((total) => isDue(total, now, silences));
  for (const total of totals) {
    await deps.store.commitHealth(summaryOf(total, now, deps));
    deps.log.info('a silence was summed up', { tenant, silence: total.id, hidden: total.hits });
  }
  const unhidden = await tellUnhidden(tenant, now, silences, deps);
  if (totals.length > 0 || unhidden) deps.committed();
}

/** Tells what was hidden in tenants that are not there any more: nobody else would, whether the silence goes on or not. `now`: epoch ms. */
export async function sumUpRemoved(
  tenants: readonly string[],
  now: number,
  deps: Pick<SumUpDeps, 'store' | 'healthTargets' | 'routeHealth' | 'committed' | 'log'>,
): Promise<void> {
  const left = (await deps.store.hiddenTotals()).filter(({ tenant, told, hits }) => {
    return !tenants.includes(tenant) && told?.hits !== hits;
  });
  for (const total of left) {
    await deps.store.commitHealth(summaryOf(total, now, deps));
    const { tenant, id: silence, hits: hidden } = total;
    deps.log.info('what was silent in a removed tenant was summed up', { tenant, silence, hidden });
  }
  if (left.length > 0) deps.committed();
}

function isDue(total: HiddenTotal, now: number, silences: readonly Silence[]): boolean {
  const { hits, told } = total;
  if (told !== null && (told.hits === hits || isWithin(now, told.at))) return false;
  return !holds(total, now, silences);
}

/** A clock that was set back does not hold it up for longer than an hour. */
function isWithin(now: number, toldAt: number): boolean {
  return now < toldAt + BETWEEN_REVISIONS_MS && now > toldAt - MINUTE_MS;
}

/** Whether a span goes on. One that was taken back or out of the configuration is over; one that was given a later end is not. */
function holds({ counts, id, since }: HiddenTotal, now: number, silences: readonly Silence[]): boolean {
  return silences.some((one) => {
    if (one.counts !== counts || one.id !== id) return false;
    return one.spanAt(now)?.since === since;
  });
}

function summaryOf(
  total: HiddenTotal,
  now: number,
  deps: Pick<SumUpDeps, 'healthTargets' | 'routeHealth'>,
): HealthCommit {
  const { counts, id, since, tenant, hits } = total;
  const revision = total.told === null ? 0 : total.told.revision + 1;
  const alerts: readonly Alert[] = [makeSummaryAlert(total, { revision, time: now })];
  const mark = { counts, id, since, tenant, revision, hits, at: now };
  return { alerts, messages: healthMessagesOf(alerts, deps), health: [], summaries: [mark] };
}
