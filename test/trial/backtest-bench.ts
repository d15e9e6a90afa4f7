import { createMemoryCache } from '../../src/lib/cache.ts';
import { type Clock, createManualClock, type ManualClock } from '../../src/lib/clock.ts';
import type { RunnableRule } from '../../src/rules/rule.ts';
import { ourServiceClock } from '../../src/run/clock/our-service-clock.ts';
import { DEFAULT_WINDOW_SETTINGS } from '../../src/run/windows.ts';
import { createQuotaMeter } from '../../src/sources/quota/quota-meter.ts';
import type { Source } from '../../src/sources/source.ts';
import { openMemoryStore } from '../../src/state/sqlite-store.ts';
import { type BacktestDeps, runBacktest } from '../../src/trial/backtest.ts';
import { planBacktest } from '../../src/trial/backtest-plan.ts';
import type { BacktestResult } from '../../src/trial/backtest-tally.ts';

export interface BacktestBench {
  readonly clock: ManualClock;
  readonly deps: BacktestDeps;
  /** Ends the backtest as Ctrl-C does. */
  readonly stop: AbortController;
  readonly done: number[];
  readonly waits: number[];
  run(rule: RunnableRule, from: number, to: number): Promise<BacktestResult>;
}

/** A tenant to run backtests on, as of `now`. */
export function backtestBench(now: number, makeSource: (clock: Clock) => Source): BacktestBench {
  const clock = createManualClock(now);
  const source = makeSource(clock);
  const stop = new AbortController();
  const done: number[] = [];
  const waits: number[] = [];
  const store = openMemoryStore({ clock });
  const deps: BacktestDeps = {
    tenant: {
      serviceClock: ourServiceClock(clock),
      name: 'default',
      source,
      meter: createQuotaMeter({
        tenant: 'default',
        api: source.api,
        limits: source.quota,
        store: store.quota,
        clock,
        serviceNow: clock.now,
      }),
    },
    openStore: (own) => openMemoryStore({ clock: own }),
    cache: createMemoryCache(),
    clock,
    settings: DEFAULT_WINDOW_SETTINGS,
    signal: stop.signal,
    onWindow: (count) => done.push(count),
    onWait: (waitMs) => waits.push(waitMs),
  };
  const limits = { now, retentionMs: source.retentionMs, settings: deps.settings };
  const run: BacktestBench['run'] = (rule, from, to) => runBacktest(planBacktest(rule, { from, to }, limits), deps);
  return { clock, deps, stop, done, waits, run };
}
