import { MINUTE_MS } from '../../lib/duration.ts';
import type { HealthRecord } from '../../state/outbox-store.ts';
import type { TargetSeen, TenantRow } from '../places/place-row.ts';
import { skewsOf, targetsSeen, tenantRows } from '../places/place-rows.ts';
import type { PageDeps } from './page-deps.ts';

/** How much of one limit of a tenant is used. */
export interface QuotaBar {
  readonly tenant: string;
  readonly what: string;
  readonly used: number;
  /** null: it is not limited. */
  readonly limit: number | null;
}

export interface TenantsSeen {
  readonly tenants: readonly TenantRow[];
  readonly quota: readonly QuotaBar[];
}

export interface TargetsSeen {
  readonly targets: readonly TargetSeen[];
}

/** Tenants and targets as they stand, and what is wrong by the health conditions that are open. */
export interface PlacesSeen extends TenantsSeen, TargetsSeen {
  readonly health: readonly HealthRecord[];
}

export async function seeTenants(deps: PageDeps): Promise<TenantsSeen> {
  const { config, store, clock, tenants } = deps;
  const skews = await skewsOf(config, store);
  const quota: QuotaBar[] = [];
  for (const tenant of tenants) quota.push(...(await barsOf(tenant, deps, skews.get(tenant.name) ?? 0)));
  return { tenants: await tenantRows(config, store, skews, clock.now()), quota };
}

/** Nothing is looked for in what is finished: what is wrong stands in what waits. */
export async function seePlaces(deps: PageDeps): Promise<PlacesSeen> {
  const { config, store } = deps;
  const health = (await store.openHealth()).filter(({ code }) => code !== 'heartbeat');
  return { ...(await seeTenants(deps)), targets: await targetsSeen(config, store, false), health };
}

async function barsOf(
  { name: tenant, meter, source }: PageDeps['tenants'][number],
  { store, clock }: PageDeps,
  skewMs: number,
): Promise<readonly QuotaBar[]> {
  const { callsPerMinute, callsPerHour, runSecondsPerHour, runSecondsPerDay } = source.quota;
  const usage = await meter.usage();
  const minute = (await store.quota.calls(tenant, source.api, clock.now() - skewMs - MINUTE_MS)).length;
  return [
    { tenant, what: 'calls in a minute', used: minute, limit: callsPerMinute },
    { tenant, what: 'calls in an hour', used: usage.callsLastHour, limit: callsPerHour },
    {
      tenant,
      what: 'seconds of run time in an hour',
      used: Math.round(usage.runSecondsLastHour),
      limit: runSecondsPerHour,
    },
    {
      tenant,
      what: 'seconds of run time in a day',
      used: Math.round(usage.runSecondsLastDay),
      limit: runSecondsPerDay,
    },
  ];
}
