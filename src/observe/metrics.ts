import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { JournalDelivery, JournalEntry, JournalRun } from '../state/journal.ts';
import type { Figure } from './otlp/otlp-metrics.ts';

const PREFIX = 'huntwire_';
/** Seconds. */
const RUN_BUCKETS = [0.1, 0.3, 1, 3, 10, 30, 100, 240];
const DELIVERY_BUCKETS = [0.005, 0.02, 0.1, 0.5, 2, 10, 30];

/** Gauges that end in `_total`, which is for counters; what they sum up stands under the same names without it. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** What is read when someone asks, and not counted as it happens. */
export interface MetricReadings {
  readonly rules: readonly {
    readonly tenant: string;
    readonly rule: string;
    readonly standing: string;
    readonly lagSeconds: number;
    readonly lastRunAt: number | null;
  }[];
  readonly targets: readonly {
    readonly target: string;
    readonly isBlocked: boolean;
    readonly pending: number;
    readonly oldestSeconds: number;
    readonly dead: number;
  }[];
  /** Where processes share the work: how many take part, how often one was taken over from, and what this one has. */
  readonly shared?: {
    readonly machines: number;
    readonly takeovers: number;
    readonly leases: readonly { readonly kind: string; readonly name: string; readonly fence: number }[];
  } | null;
}

/** Figures of a process in the text form of Prometheus, 0.0.4. */
export interface Metrics {
  readonly contentType: string;
  /** A `Journal` of state/journal.ts. */
  note(entry: JournalEntry): void;
  text(): Promise<string>;
  /** The same figures for who writes them otherwise. */
  figures(): Promise<readonly Figure[]>;
  /** A push of them succeeded or not. */
  pushed(outcome: 'ok' | 'failed'): void;
}

/** Starts to count. `read` is called at each `text()`; what it throws, `text()` rejects with. */
export function createMetrics(version: string, read: () => Promise<MetricReadings>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: PREFIX });
  for (const name of MISNAMED) registry.removeSingleMetric(PREFIX + name);
  const counters = createCounters(registry);
  const gauges = createGauges(registry);
  gauges.build.set({ version, node: process.versions.node }, 1);
  return {
    contentType: registry.contentType,
    note: (entry) => (entry.kind === 'run' ? noteRun(counters, entry) : noteDelivery(counters, entry)),
    text: async () => {
      setGauges(gauges, await read());
      return registry.metrics();
    },
    figures: async () => {
      setGauges(gauges, await read());
      return (await registry.getMetricsAsJSON()).map((figure) => ({ ...figure, type: String(figure.type) }));
    },
    pushed: (outcome) => counters.pushes.inc({ outcome }),
  };
}

type Counters = ReturnType<typeof createCounters>;

function createCounters(registry: Registry) {
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter({ name: PREFIX + name, help, labelNames, registers: [registry] });
  const times = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    buckets: readonly number[],
  ) => new Histogram({ name: PREFIX + name, help, labelNames, buckets: [...buckets], registers: [registry] });
  return {
    runs: counter('rule_runs_total', 'Runs that were committed.', ['tenant', 'rule', 'outcome']),
    rows: counter('rule_rows_total', 'Rows that queries returned.', ['tenant', 'rule']),
    alerts: counter('alerts_total', 'Alerts that runs made.', ['tenant', 'rule']),
    suppressed: counter('alerts_suppressed_total', 'Hits that made no alert.', ['tenant', 'reason']),
    calls: counter('api_requests_total', 'Queries sent to the API.', ['tenant', 'api']),
    took: times('rule_run_duration_seconds', 'How long runs took.', ['tenant'], RUN_BUCKETS),
    deliveries: counter('deliveries_total', 'Attempts to hand an alert over.', ['target', 'outcome']),
    pushes: counter('metrics_pushes_total', 'Attempts to push these figures.', ['outcome']),
    handing: times('delivery_duration_seconds', 'How long targets took.', ['target'], DELIVERY_BUCKETS),
  };
}

type Gauges = ReturnType<typeof createGauges>;

function createGauges(registry: Registry) {
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Gauge({ name: PREFIX + name, help, labelNames, registers: [registry] });
  return {
    build: gauge('build_info', 'Version of Huntwire and of Node.', ['version', 'node']),
    lag: gauge('rule_lag_seconds', 'How far behind its schedule a rule is.', ['tenant', 'rule']),
    standing: gauge('rule_standing', 'How a rule stands: 1 for what it is.', ['tenant', 'rule', 'standing']),
    lastRun: gauge('rule_last_run_timestamp_seconds', 'When the last run of a rule ended.', ['tenant', 'rule']),
    pending: gauge('outbox_pending', 'Alerts that wait for a target.', ['target']),
    oldest: gauge('outbox_oldest_age_seconds', 'How long the oldest of them has waited.', ['target']),
    dead: gauge('dead_letters', 'Alerts that no attempt could hand over.', ['target']),
    machines: gauge('machines', 'Processes that share the work on this state.', []),
    takeovers: gauge('takeovers_last_hour', 'How often one was taken over from within the last hour.', []),
    fence: gauge('lease_fence', 'The fence of a part of the work that this process has.', ['kind', 'name']),
    blocked: gauge('target_blocked', 'Whether a target takes nothing until somebody does something.', ['target']),
  };
}

function noteRun(counters: Counters, { run }: JournalRun): void {
  const { tenant, ruleId: rule, api, outcome, rows, alerts, calls, suppressed, startedAt, endedAt } = run;
  counters.runs.inc({ tenant, rule, outcome });
  counters.rows.inc({ tenant, rule }, rows);
  counters.alerts.inc({ tenant, rule }, alerts);
  counters.calls.inc({ tenant, api }, calls);
  counters.took.observe({ tenant }, Math.max(0, endedAt - startedAt) / 1000);
  for (const [reason, hits] of Object.entries(suppressed)) counters.suppressed.inc({ tenant, reason }, hits);
}

function noteDelivery(counters: Counters, { target, outcome, tookMs }: JournalDelivery): void {
  counters.deliveries.inc({ target, outcome });
  counters.handing.observe({ target }, Math.max(0, tookMs) / 1000);
}

/** Rules and targets that are gone leave no figure behind. */
function setGauges(gauges: Gauges, { rules, targets, shared = null }: MetricReadings): void {
  const { build: _, ...read } = gauges;
  for (const gauge of Object.values(read)) gauge.reset();
  setShared(gauges, shared);
  for (const { tenant, rule, standing, lagSeconds, lastRunAt } of rules) {
    gauges.lag.set({ tenant, rule }, lagSeconds);
    gauges.standing.set({ tenant, rule, standing }, 1);
    if (lastRunAt !== null) gauges.lastRun.set({ tenant, rule }, lastRunAt);
  }
  for (const { target, isBlocked, pending, oldestSeconds, dead } of targets) {
    gauges.pending.set({ target }, pending);
    gauges.oldest.set({ target }, oldestSeconds);
    gauges.dead.set({ target }, dead);
    gauges.blocked.set({ target }, isBlocked ? 1 : 0);
  }
}

/** One that does all of the work by itself counts as one. */
function setShared({ machines, takeovers, fence }: Gauges, shared: NonNullable<MetricReadings['shared']> | null): void {
  machines.set(shared?.machines ?? 1);
  takeovers.set(shared?.takeovers ?? 0);
  for (const one of shared?.leases ?? []) fence.set({ kind: one.kind, name: one.name }, one.fence);
}
