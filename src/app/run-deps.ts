import { randomUUID } from 'node:crypto';
import type { Alert } from '../alerts/alert.ts';
import type { Config } from '../config/config.ts';
import type { DeliveryLoop } from '../outbox/delivery-loop.ts';
import { routeAlert, wayOf } from '../outbox/routes.ts';
import { windowSettings } from '../run/opening/window-settings.ts';
import type { RunDeps } from '../run/tenant.ts';

import type { Way } from '../state/detour-store.ts';
import type { Store } from '../state/store.ts';
import type { Host } from './host.ts';

/** Health alerts take the routes where nothing else is said of them. */
export function healthWays(config: Config): Pick<RunDeps, 'healthTargets' | 'routeHealth'> {
  const { healthTargets, healthByRoutes } = config;
  const routeHealth = (alert: Alert): readonly Way[] => routeAlert(alert, null, config).map(wayOf);
  return { healthTargets, ...(healthByRoutes && { routeHealth }) };
}

/** What runs need of the app. */
export function runDeps(config: Config, store: Store, deliveries: DeliveryLoop, host: Host): RunDeps {
  return {
    store,
    clock: host.clock,
    log: host.log,
    settings: windowSettings(config.windows),
    waysOf: (rule, alert) => routeAlert(alert, rule.targets, config).map(wayOf),
    ...healthWays(config),
    targetNames: new Set(config.targets.keys()),
    newRunId: randomUUID,
    committed: deliveries.poke,
    ...(host.journal && { journal: host.journal }),
    ...(host.beat && { beat: host.beat }),
  };
}
