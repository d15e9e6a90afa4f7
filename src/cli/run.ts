import { type Host, openApp } from '../app.ts';
import { quotaFit } from '../run/quota-fit.ts';
import { retirementNotice } from '../run/retirement.ts';
import { runSchedule } from '../run/scheduler.ts';
import type { Tenant } from '../run/tenant.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { createHost } from './host.ts';
import { withConfig } from './options.ts';
import { readConfig } from './read-config.ts';
import type { World } from './world.ts';

export const run: Verb = (program, world, done) => {
  withConfig(
    program.command('run').description('Run all rules on their schedules and deliver, until Ctrl-C or SIGTERM.'),
  ).action(async (options: { readonly config: string }) => done(await runUntilStopped(world, options.config)));
};

async function runUntilStopped(world: World, file: string): Promise<number> {
  const config = readConfig(world, file);
  const host = createHost(world, config, 'worker');
  const app = await openApp(config, host);
  const stop = new AbortController();
  const end = (): void => stop.abort();
  world.signal.addEventListener('abort', end);
  if (world.signal.aborted) end();
  try {
    for (const tenant of app.tenants) announce(tenant, host);
    const delivering = app.deliveries.run(stop.signal);
    const running = Promise.all(app.tenants.map((tenant) => runSchedule(tenant, app.runs, stop.signal))).finally(end);
    const [ran] = await Promise.allSettled([running, delivering]);
    if (ran.status === 'rejected') throw ran.reason;
    await delivering;
    host.log.info('stopped');
    return EXIT.ok;
  } finally {
    world.signal.removeEventListener('abort', end);
    await app.close();
  }
}

/** Says what starts, and what of it will not go well. */
function announce(tenant: Tenant, { log, clock }: Host): void {
  const about = { tenant: tenant.name, api: tenant.source.api };
  log.info('tenant started', { ...about, rules: tenant.rules.length });
  const notice = retirementNotice(tenant.source);
  if (notice) log.warn(notice, about);
  for (const finding of quotaFit(tenant.rules, tenant.source, clock.now()).findings) log.warn(finding.message, about);
}
