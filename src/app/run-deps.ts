import { randomUUID } from 'node:crypto';
import type { Alert } from '../alerts/alert.ts';
import type { Config } from '../config/config.ts';
import type { DeliveryLoop } from '../outbox/delivery-loop.ts';
import { routeAlert, wayOf } from '../outbox/routes.ts';
import type { DeliveryLoopOptions } from '../outbox/session.ts';
import { windowSettings } from '../run/opening/window-settings.ts';
import type { RunDeps } from '../run/tenant.ts';
import type { Way } from '../state/detour-store.ts';
import type { SilenceReader } from '../state/silence-store.ts';
import type { Store } from '../state/store.ts';
import type { Generation } from './generation.ts';
import type { Host } from './host.ts';

/** What of the app stays while it runs. */
export interface StayingParts {
  readonly store: Store;
  readonly silences: SilenceReader;
  readonly host: Host;
}

/** Health alerts take the routes where nothing else is said of them. */
function healthWaysOf(alert: Alert, config: Config): readonly Way[] {
  if (config.healthByRoutes) return routeAlert(alert, null, config).map(wayOf);
  return config.healthTargets.map((target) => ({ target }));
}

/** What deliveries need, as it is configured at the moment. */
export function deliveryOptions(
  present: () => Generation,
  { store, silences, host }: StayingParts,
): DeliveryLoopOptions {
  const { config, targets } = present();
  return {
    ...host,
    store,
    silences,
    targets: [...targets.values()].map(({ target }) => target),
    healthTargets: config.healthTargets,
    routeHealth: (alert) => healthWaysOf(alert, present().config),
    tenant: config.tenants[0]?.name ?? 'default',
    fallbacks: config.fallbacks,
  };
}

/** What runs need: each time as it is configured then. */
export function runDeps(
  present: () => Generation,
  { store, silences, host }: StayingParts,
  deliveries: Pick<DeliveryLoop, 'poke'>,
): RunDeps {
  const settings = remembered(() => present().config.windows, windowSettings);
  const names = remembered(
    () => present().config.targets,
    (targets) => new Set(targets.keys()),
  );
  return {
    store,
    silences,
    clock: host.clock,
    log: host.log,
    get settings() {
      return settings();
    },
    waysOf: (rule, alert) => routeAlert(alert, rule.targets, present().config).map(wayOf),
    get healthTargets() {
      return present().config.healthTargets;
    },
    routeHealth: (alert) => healthWaysOf(alert, present().config),
    get targetNames() {
      return names();
    },
    get redaction() {
      return present().redaction ?? undefined;
    },
    newRunId: randomUUID,
    committed: deliveries.poke,
    ...(host.journal && { journal: host.journal }),
    ...(host.beat && { beat: host.beat }),
  };
}

/** What is made of something, anew only where that is another. */
function remembered<From, Made>(from: () => From, make: (from: From) => Made): () => Made {
  let known = from();
  let made = make(known);
  return () => {
    const now = from();
    if (now !== known) made = make(now);
    known = now;
    return made;
  };
}
