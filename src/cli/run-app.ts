import { allEnded } from '../lib/all-ended.ts';
import type { Log } from '../lib/log.ts';
import { pausesOfRules } from '../rules/cron/pauses.ts';
import { keepBlocked } from '../run/blocked/keep-blocked.ts';
import { tellStart } from '../run/opening/tell-broken.ts';
import { planCalls } from '../run/plan/call-plan.ts';
import { retirementNotice } from '../run/retirement.ts';
import type { Tenant } from '../run/tenant.ts';
import { choresOf } from './run/chores.ts';
import type { RunningApp } from './run/running-app.ts';
import { createSchedules } from './run/schedules.ts';

/**
 * Runs the rules of every tenant on their schedules and delivers, until `signal` aborts or one of them gives up. That one stops all
 * others: rules without deliveries, or half of the tenants, must not go on unnoticed. Settles when the last one has ended.
 */
export async function runApp(app: RunningApp, log: Log, signal: AbortSignal): Promise<void> {
  const stop = new AbortController();
  const end = (): void => stop.abort();
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  let deaf: (() => void) | undefined;
  try {
    await tellStart(app.tenants, app.broken ?? [], app.runs);
    const schedules = createSchedules({
      tenants: () => app.tenants,
      runs: app.runs,
      signal: stop.signal,
      announce: (tenant) => announce(tenant, log, app.runs.clock.now()),
      stop: end,
    });
    const running = schedules.run();
    const chores = choresOf({ app, runs: app.runs, isShared: false }, stop.signal);
    deaf = app.listenToTenants?.(async () => {
      await Promise.all([schedules.follow(), chores.follow()]);
    });
    const parts = [
      running,
      app.deliveries.run(stop.signal),
      keepBlocked(() => app.tenants, app.runs, stop.signal),
      ...chores.parts,
    ];
    await allEnded(parts.map((part) => part.finally(end)));
    log.info('stopped');
  } finally {
    deaf?.();
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
  for (const finding of planCalls(rules, { tenant: name, quota: source.quota, now }).findings)
    log.warn(finding.message, about);
  for (const { ruleId, message } of pausesOfRules(rules, now)) log.warn(message, { ...about, ruleId });
}
