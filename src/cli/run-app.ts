import type { App } from '../app.ts';
import { allEnded } from '../lib/all-ended.ts';
import type { Log } from '../lib/log.ts';
import { pausesOfRules } from '../rules/cron/pauses.ts';
import { endHeartbeats } from '../run/heartbeat/end-heartbeats.ts';
import { keepHeartbeat } from '../run/heartbeat/keep-heartbeat.ts';
import { keepTidy } from '../run/keep-tidy.ts';
import { planCalls } from '../run/plan/call-plan.ts';
import { resolveGone } from '../run/resolve-gone.ts';
import { retirementNotice } from '../run/retirement.ts';
import { runSchedule } from '../run/scheduler.ts';
import type { Tenant } from '../run/tenant.ts';

/**
 * Runs the rules of every tenant on their schedules and delivers, until `signal` aborts or one of them gives up. That one stops all
 * others: rules without deliveries, or half of the tenants, must not go on unnoticed. Settles when the last one has ended.
 */
export async function runApp(app: App, log: Log, signal: AbortSignal): Promise<void> {
  const stop = new AbortController();
  const end = (): void => stop.abort();
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  try {
    const { heartbeat } = app.config;
    await resolveGone(app.tenants, app.runs);
    await endHeartbeats(heartbeat?.target ?? null, app.tenants, app.runs);
    for (const tenant of app.tenants) announce(tenant, log, app.runs.clock.now());
    const parts = [
      ...app.tenants.map((tenant) => runSchedule(tenant, app.runs, stop.signal)),
      app.deliveries.run(stop.signal),
      keepTidy({ ...app.runs, tenants: app.tenants }, stop.signal),
      ...(heartbeat ? [keepHeartbeat(heartbeat, app.tenants, app.runs, stop.signal)] : []),
    ];
    await allEnded(parts.map((part) => part.finally(end)));
    log.info('stopped');
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** Says what starts, and what of it will not go well: an API that ends, schedules that do not fit the quota. */
export function announce(
  { name, source, rules }: Pick<Tenant, 'name' | 'source' | 'rules'>,
  log: Log,
  now: number,
): void {
  const about = { tenant: name, api: source.api };
  log.info('tenant started', { ...about, rules: rules.length });
  const notice = retirementNotice(source);
  if (notice) log.warn(notice, about);
  for (const finding of planCalls(rules, { quota: source.quota, now }).findings) log.warn(finding.message, about);
  for (const { ruleId, message } of pausesOfRules(rules, now)) log.warn(message, { ...about, ruleId });
}
