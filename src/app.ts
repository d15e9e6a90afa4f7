import { randomUUID } from 'node:crypto';
import { analyzeRules, loadedRules, loadRuleFiles } from './app/app-rules.ts';
import type { Host } from './app/host.ts';
import { openTarget, openTenant } from './app/open-parts.ts';
import { healthWays, runDeps } from './app/run-deps.ts';
import type { Config } from './config/config.ts';
import { closeAll } from './lib/all-ended.ts';
import { createDeliveryLoop, type DeliveryLoop } from './outbox/delivery-loop.ts';
import { introduce } from './run/opening/introduce.ts';
import { linkAlerts } from './run/opening/link-alerts.ts';
import { openRedaction } from './run/opening/open-redaction.ts';
import { createSilenceReader } from './run/silences/read-silences.ts';
import type { RunDeps, Tenant } from './run/tenant.ts';
import { takeRunnerLock } from './state/runner-lock.ts';
import { openSqliteStore } from './state/sqlite-store.ts';
import type { Store } from './state/store.ts';
import { openThreadedStore, type ThreadedStoreOptions } from './state/threaded-store.ts';
import type { Target } from './targets/target.ts';

export interface App {
  readonly config: Config;
  readonly store: Store;
  readonly tenants: readonly Tenant[];
  readonly targets: readonly Target[];
  readonly deliveries: DeliveryLoop;
  readonly runs: RunDeps;
  /** Stops and closes everything, last opened first. */
  close(): Promise<void>;
}

/**
 * Opens everything that runs rules and delivers, in the order in which each part needs the one before. Rule files that do not load
 * are thrown before the state is touched, and what the analysis refuses before anything is started.
 */
export async function openApp(config: Config, host: Host): Promise<App> {
  const loaded = await loadRuleFiles(config, host.log);
  const closers: (() => unknown)[] = [];
  const close = (): Promise<void> => closeAll(closers);
  try {
    const lock = takeRunnerLock(config.state.path);
    closers.push(() => lock.release());
    const store = linkAlerts(await openStore({ ...host, path: config.state.path, lock }, host), config.links.alert);
    closers.push(() => store.close());
    const runner = await introduce(loadedRules(config, loaded), store, host);
    closers.push(() => runner.leave());
    const { rules, refused } = await analyzeRules(loaded, store, host);
    await runner.leaveOut(refused);
    const tenants = await Promise.all(config.tenants.map((tenant) => openTenant(tenant, rules, store, host)));
    closers.push(...tenants.map((tenant) => () => tenant.source.close()));
    const targets = [...config.targets].map(([name, target]) => openTarget(name, target, host));
    closers.push(...targets.map((target) => () => target.close()));
    const silences = createSilenceReader(config.silences, store);
    const wish = config.redact && { ...config.redact, key: config.redact.key?.reveal() ?? null };
    const redaction = await openRedaction(wish, rules, store, () => `${randomUUID()}${randomUUID()}`);
    const deliveries = createDeliveryLoop({
      ...host,
      store,
      silences,
      targets,
      ...healthWays(config),
      tenant: config.tenants[0]?.name ?? 'default',
      fallbacks: config.fallbacks,
    });
    return {
      config,
      store,
      tenants,
      targets,
      deliveries,
      runs: { ...runDeps(config, store, deliveries, host), silences, ...redaction },
      close,
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

async function openStore(options: ThreadedStoreOptions, { place }: Host): Promise<Store> {
  return place === 'worker' ? openThreadedStore(options) : openSqliteStore(options);
}
