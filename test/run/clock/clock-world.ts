import type { Alert } from '../../../src/alerts/alert.ts';
import type { ManualClock } from '../../../src/lib/clock.ts';
import type { RunnableRule } from '../../../src/rules/rule.ts';
import { ourServiceClock } from '../../../src/run/clock/our-service-clock.ts';
import { createServiceClock } from '../../../src/run/clock/service-clock.ts';
import { runSchedule } from '../../../src/run/scheduler.ts';
import type { Tenant } from '../../../src/run/tenant.ts';
import { createQuotaMeter } from '../../../src/sources/quota/quota-meter.ts';
import type { QueryEnd, Source } from '../../../src/sources/source.ts';
import type { LedgerEntry } from '../../../src/state/store.ts';
import { ORIGIN, openBench } from '../bench.ts';
import { makeRule } from '../make-rule.ts';
import { type PlantedRow, plantedSource } from '../planted-source.ts';
import { COLUMNS, EVENT, HOUR, MINUTE, T0 } from '../story.ts';
import { planted } from '../turn-bench.ts';

export interface ClockWorldOptions {
  readonly rules: readonly RunnableRule[];
  /** Our clock minus the true time, at first. */
  readonly ahead?: number;
  readonly local?: boolean;
  /** How far off the `Date` of the n-th answer is. */
  readonly off?: (nth: number) => number;
  /** How long hits arrive, one each half hour. */
  readonly hours: number;
  readonly limits?: Partial<Source['quota']>;
}

/** Rows of a stream and of a set, hourly. */
export const streamRule = (over: Partial<RunnableRule> = {}): RunnableRule =>
  makeRule({ id: 'stream', ...over }, { identity: EVENT });
export const setRule = (over: Partial<RunnableRule> = {}): RunnableRule =>
  makeRule(
    { id: 'set', effectiveShape: 'set', lookbackMs: 2 * HOUR, ...over },
    { shape: 'set', identity: { kind: 'columns', columns: ['DeviceId'] } },
  );

/** A daemon beside a service with a time of its own; our clock may be set as one likes, and the daemon be started again. */
export function clockWorld(options: ClockWorldOptions) {
  const { rules, ahead = 0, local = false, off = () => 0 } = options;
  const rows: PlantedRow[] = [];
  for (let time = 0; time < options.hours * HOUR; time += 30 * MINUTE)
    rows.push(planted(rows.length, T0 + time, { device: `pc${rows.length}` }));
  const asked: { readonly rule: string; readonly at: number }[] = [];
  const trueTime = (clock: ManualClock): number => T0 + clock.monotonic() - ORIGIN;
  const bench = openBench({
    start: T0 + ahead,
    unknownTime: true,
    source: (clock) => {
      const source = plantedSource({ columns: COLUMNS, rows: () => rows, now: () => trueTime(clock) });
      return {
        ...source,
        quota: { ...source.quota, ...options.limits },
        greet: async () => trueTime(clock) + off(0),
        query: async (request, sink): Promise<QueryEnd> => {
          asked.push({ rule: request.ruleId, at: clock.monotonic() - ORIGIN });
          const wrong = off(asked.length);
          return { ...(await source.query(request, sink)), serviceTime: trueTime(clock) + wrong };
        },
      };
    },
  });
  const { clock, store, deps } = bench;
  let running: { readonly stop: AbortController; readonly done: Promise<void> } | null = null;
  /** The tenant as a process that has just begun has it. */
  const open = (): Tenant => {
    const { source } = bench.tenant;
    const serviceClock = local ? ourServiceClock(clock) : createServiceClock(clock);
    const limits = source.quota;
    const meter = createQuotaMeter({
      tenant: 'default',
      api: source.api,
      limits,
      store: store.quota,
      clock,
      serviceNow: serviceClock.now,
    });
    return { name: 'default', source, meter, serviceClock, rules };
  };
  const start = (): void => {
    const stop = new AbortController();
    running = { stop, done: runSchedule(open(), deps, stop.signal) };
  };
  const end = async (): Promise<void> => {
    running?.stop.abort();
    await clock.advance(0);
    await running?.done;
    running = null;
  };
  const timesTold = (rule: string): readonly number[] =>
    rows.map((_, id) => bench.told.filter((alert) => alert.rule.id === rule && holds(alert, id)).length);
  const ledger = async (rule: string): Promise<readonly LedgerEntry[]> =>
    (await store.ruleState('default', rule))?.ledger ?? [];
  const health = (): readonly string[] =>
    bench.told.flatMap(({ health: about, status }) => (about ? [`${about.code} ${status}`] : []));
  const askedBy = (rule: string) => asked.filter((one) => one.rule === rule).map((one) => one.at);
  return { bench, clock, rows, asked, askedBy, open, start, end, timesTold, ledger, health };
}

function holds(alert: Alert, id: number): boolean {
  return alert.kind === 'detection' && alert.evidence.some((row) => row.ReportId === id);
}
