import type { App } from '../app.ts';
import type { Log } from '../lib/log.ts';
import { retirementNotice } from '../run/retirement.ts';
import { runSchedule } from '../run/scheduler.ts';

/** Runs the rules of every tenant on their schedules and delivers, until `signal` aborts or one of the two gives up. */
export async function runApp(app: App, log: Log, signal: AbortSignal): Promise<void> {
  const stop = new AbortController();
  const end = (): void => stop.abort();
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  try {
    for (const tenant of app.tenants) {
      log.info('tenant started', { tenant: tenant.name, api: tenant.source.api, rules: tenant.rules.length });
      const notice = retirementNotice(tenant.source);
      if (notice) log.warn(notice, { tenant: tenant.name, api: tenant.source.api });
    }
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
