import { type LogFields, silentLog } from '../../src/lib/log.ts';
import type { RunnableRule } from '../../src/rules/rule.ts';
import { createTenantRules } from '../../src/run/opening/tenant-rules.ts';
import { runSchedule } from '../../src/run/scheduler.ts';
import type { RunDeps, Tenant } from '../../src/run/tenant.ts';
import type { Source } from '../../src/sources/source.ts';
import { type BenchOptions, openBench } from './bench.ts';
import { plantedSource } from './planted-source.ts';
import { COLUMNS, T0 } from './story.ts';

export interface DaemonWish extends Partial<Omit<BenchOptions, 'source'>> {
  readonly rules: readonly RunnableRule[];
  readonly query?: Source['query'];
  /** The service's clock less ours. */
  readonly ahead?: () => number;
  readonly deps?: Partial<RunDeps>;
  /** Until then the tenant is paused. */
  readonly pausedMs?: number;
  /** What of the meter is another. */
  readonly meter?: (own: Tenant['meter']) => Partial<Tenant['meter']>;
  /** How long the source keeps rows; left out: 30 days. */
  readonly retentionMs?: number;
}

/** A daemon over one tenant whose source answers with nothing, unless said otherwise. */
export async function daemon({
  rules,
  query,
  ahead = () => 0,
  deps = {},
  pausedMs = 0,
  meter = () => ({}),
  retentionMs,
  ...options
}: DaemonWish) {
  const calls: { readonly rule: string; readonly at: number }[] = [];
  const bench = openBench({
    start: T0,
    ...options,
    source: (clock) => {
      const source = plantedSource({ columns: COLUMNS, rows: () => [], now: () => clock.now() + ahead() });
      const answer = query ?? source.query;
      return {
        ...source,
        ...(retentionMs && { retentionMs }),
        query: (request, sink) => {
          calls.push({ rule: request.ruleId, at: clock.now() - T0 });
          return answer(request, sink);
        },
      };
    },
  });
  const logged: string[] = [];
  const error = (message: string, fields: LogFields = {}) =>
    void logged.push([message, fields.ruleId, fields.code].filter(Boolean).join(' | '));
  const log = { ...silentLog, error };
  if (pausedMs > 0) await bench.tenant.meter.pause(pausedMs);
  const stop = new AbortController();
  const seen = { isOver: false };
  const own = createTenantRules(rules);
  const tenant = {
    ...bench.tenant,
    get rules() {
      return own.current();
    },
    listenToRules: own.listen,
    meter: { ...bench.tenant.meter, ...meter(bench.tenant.meter) },
  };
  const done = runSchedule(tenant, { ...bench.deps, log, ...deps }, stop.signal).finally(() => {
    seen.isOver = true;
  });
  const end = async (): Promise<void> => {
    stop.abort();
    await bench.clock.advance(0);
    await done;
  };
  const told = () => bench.told.map(({ health, status }) => `${health?.code} ${health?.subject} ${status}`);
  return { bench, clock: bench.clock, replace: own.replace, calls, logged, stop, seen, done, end, told };
}
