import { readHealth } from '../../actions/read-health.ts';
import type { Host } from '../../app/host.ts';
import type { App } from '../../app.ts';
import type { Config } from '../../config/config.ts';
import { createMetrics, type MetricReadings, type Metrics } from '../../observe/metrics.ts';
import { pushMetrics } from '../../observe/otlp/push-metrics.ts';
import { machinesOn, type StatePlace } from '../../state/state-place.ts';

/** The figures of a process, counted from its start, and how its rules and targets stand once there are any. */
export interface Figures {
  readonly metrics: Metrics;
  readonly health: () => ReturnType<typeof readHealth>;
  /** From now on they are about this app. */
  of(app: App): void;
  /** Pushes them until the signal aborts; at once over where nothing is configured. */
  push(to: Config['metrics'], signal: AbortSignal): Promise<void>;
}

export function createFigures({ clock, log, version, process }: Host): Figures {
  let health: Figures['health'] = () => Promise.resolve({ rules: [], targets: [], waiting: [] });
  let shared: () => Promise<SharedFigures | null> = async () => null;
  const metrics = createMetrics(version, async () => ({ ...(await health()), shared: await shared() }));
  return {
    metrics,
    health: () => health(),
    of: (app) => {
      const { store } = app;
      if (app.leased) shared = () => readShared(app.config.state, process);
      health = () =>
        readHealth({
          tenants: app.tenants.filter(({ errands }) => errands !== undefined),
          targets: app.targets,
          store,
          clock,
          settings: app.runs.settings,
        });
    },
    push: async (to, signal) => {
      if (!to) return;
      const { figures, pushed } = metrics;
      const instance = `${process.machine}:${process.pid}`;
      const resource = { 'service.name': 'huntwire', 'service.version': version, 'service.instance.id': instance };
      await pushMetrics(to, { figures, pushed, resource, clock, log }, signal);
    },
  };
}

type SharedFigures = NonNullable<MetricReadings['shared']>;

/** What others say of themselves does not hold up the rest. */
async function readShared(place: StatePlace, self: Host['process']): Promise<SharedFigures | null> {
  const seen = await machinesOn(place).catch(() => null);
  if (!seen) return null;
  const own = seen.machines.find(({ machine, pid }) => machine === self.machine && pid === self.pid);
  const machines = seen.machines.filter(({ runs }) => runs).length;
  return { machines, takeovers: seen.takeovers, leases: own?.leases ?? [] };
}
