import type { App } from '../app.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { quotaFit } from '../run/quota-fit.ts';
import { retirementNotice } from '../run/retirement.ts';
import { runSchedule } from '../run/scheduler.ts';
import type { Tenant } from '../run/tenant.ts';

/** Runs the rules of every tenant on their schedules and delivers, until `signal` aborts or one of the two gives up. */
export async function runApp(app: App, log: Log, signal: AbortSignal): Promise<void> {
  const stop = new AbortController();
  const end = (): void => stop.abort();
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  try {
    for (const tenant of app.tenants) announce(tenant, log, app.runs.clock);
    const delivering = app.deliveries.run(stop.signal);
    const running = Promise.all(app.tenants.map((tenant) => runSchedule(tenant, app.runs, stop.signal))).finally(end);
    const [ran] = await Promise.allSettled([running, delivering]);
    if (ran.status === 'rejected') throw ran.reason;
    await delivering;
    log.info('stopped');
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** Says what starts, and what of it will not go well. */
function announce(tenant: Tenant, log: Log, clock: Clock): void {
  const about = { tenant: tenant.name, api: tenant.source.api };
  log.info('tenant started', { ...about, rules: tenant.rules.length });
  const notice = retirementNotice(tenant.source);
  if (notice) log.warn(notice, about);
  for (const finding of quotaFit(tenant.rules, tenant.source, clock.now()).findings) log.warn(finding.message, about);
}
