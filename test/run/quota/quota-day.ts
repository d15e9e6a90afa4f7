import type { EmulatedQuota } from '../../../src/emulator/meter.ts';
import { silentLog } from '../../../src/lib/log.ts';
import type { RunnableRule } from '../../../src/rules/rule.ts';
import { runSchedule } from '../../../src/run/scheduler.ts';
import type { QuotaLimits } from '../../../src/sources/source.ts';
import { openBench } from '../bench.ts';
import { T0 } from '../story.ts';
import { type EmulatedService, emulatedService } from './emulated-service.ts';

export interface QuotaDayWish {
  readonly rules: readonly RunnableRule[];
  readonly limits: QuotaLimits;
  readonly quota: EmulatedQuota;
  readonly hours: number;
  readonly packRules?: number;
  /** From which minute on calls and runs are counted once more. */
  readonly from?: number;
  /** How many calls others of the tenant make in a minute. */
  readonly others?: (minute: number) => number;
}

export interface QuotaDay {
  readonly calls: number;
  readonly runs: number;
  readonly refused: number;
  readonly ours: number;
  /** Conditions that were told, in order: code, subject, status. */
  readonly told: readonly string[];
  /** Of the limits of calls, what is used at the end. */
  readonly pace: number;
  /** From `from` on. */
  readonly counted: { readonly calls: number; readonly runs: number };
}

const MINUTE_MS = 60_000;

/** The run loop of a daemon against the emulator, on a clock that jumps. */
export async function quotaDay({
  rules,
  limits,
  quota,
  hours,
  packRules = 1,
  from = 0,
  others = () => 0,
}: QuotaDayWish): Promise<QuotaDay> {
  const made: EmulatedService[] = [];
  const bench = openBench({
    start: T0,
    source: (clock) => {
      const service = emulatedService(clock, quota);
      made.push(service);
      return { ...service.source, quota: limits, packRules };
    },
  });
  const [service] = made;
  if (!service) throw new Error('no service');
  const stop = new AbortController();
  const counts = { runs: 0 };
  const journal = (): void => {
    counts.runs += 1;
  };
  const deps = { ...bench.deps, log: silentLog, journal };
  const done = runSchedule({ ...bench.tenant, rules }, deps, stop.signal);
  let before = { calls: 0, runs: 0 };
  for (let minute = 0; minute < hours * 60; minute += 1) {
    if (minute === from) before = { calls: service.calls(), runs: counts.runs };
    for (let call = 0; call < others(minute); call += 1) service.other();
    await bench.clock.advance(MINUTE_MS);
    bench.commits.length = 0;
  }
  const { pace } = await bench.tenant.meter.usage();
  stop.abort();
  await bench.clock.advance(0);
  await done;
  const told = bench.told.map(({ health, status }) => `${health?.code} ${health?.subject} ${status}`);
  const counted = { calls: service.calls() - before.calls, runs: counts.runs - before.runs };
  return {
    counted,
    calls: service.calls(),
    refused: service.refused(),
    ours: service.ours(),
    told,
    pace,
    runs: counts.runs,
  };
}
