import { describe, expect, it } from '@jest/globals';
import type { ManualClock } from '../../src/lib/clock.ts';
import { HuntwireError } from '../../src/lib/errors.ts';
import type { RunnableRule } from '../../src/rules/rule.ts';
import { runSchedule } from '../../src/run/scheduler.ts';
import type { Tenant } from '../../src/run/tenant.ts';
import type { QueryRequest } from '../../src/sources/source.ts';
import { openBench } from './bench.ts';
import { makeRule } from './make-rule.ts';
import { plantedSource } from './planted-source.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const T0 = Date.parse('2026-01-10T12:00:00Z');
const COLUMNS = [{ name: 'Timestamp', type: 'datetime' }] as const;

interface Call {
  readonly ruleId: string;
  readonly at: number;
}

function setUp(rules: readonly RunnableRule[], fails: (request: Call) => HuntwireError | null = () => null) {
  const calls: Call[] = [];
  const bench = openBench({
    start: T0,
    source: (clock: ManualClock) => {
      const source = plantedSource({ columns: COLUMNS, rows: () => [], now: clock.now });
      const query: typeof source.query = (request: QueryRequest, sink) => {
        const call = { ruleId: request.ruleId, at: clock.now() };
        calls.push(call);
        const failure = fails(call);
        return failure ? Promise.reject(failure) : source.query(request, sink);
      };
      return { ...source, query };
    },
  });
  const tenant: Tenant = { ...bench.tenant, rules };
  const stop = new AbortController();
  let reads = 0;
  const ruleState: typeof bench.store.ruleState = (...args) => {
    reads += 1;
    return bench.store.ruleState(...args);
  };
  const done = runSchedule(tenant, { ...bench.deps, store: { ...bench.deps.store, ruleState } }, stop.signal);
  const callsOf = (id: string) => calls.filter((call) => call.ruleId === id).map((call) => (call.at - T0) / MINUTE);
  const end = async () => {
    stop.abort();
    await bench.clock.advance(0);
    await done;
  };
  return { bench, calls, callsOf, done, end, reads: () => reads };
}

const every = (id: string, minutes: number, over: Partial<RunnableRule> = {}) =>
  makeRule({
    id,
    schedule: { kind: 'every', everyMs: minutes * MINUTE, lookbackMs: null },
    lookbackMs: minutes * MINUTE,
    ...over,
  });

describe('runSchedule', () => {
  it('runs each rule at once and then on its own grid', async () => {
    const { bench, callsOf, end } = setUp([every('quarter', 15), every('hour', 60)]);
    await bench.clock.advance(2 * HOUR);
    await end();
    const quarter = callsOf('quarter');
    expect(quarter.length).toBe(9);
    expect(quarter[0]).toBe(0);
    const steps = quarter.slice(2).map((time, index) => time - (quarter[index + 1] ?? 0));
    expect(steps.every((step) => step === 15)).toBe(true);
    expect(callsOf('hour').length).toBe(3);
  });

  it('leaves disabled rules alone', async () => {
    const { bench, calls, end } = setUp([every('off', 15, { status: 'disabled' })]);
    await bench.clock.advance(HOUR);
    await end();
    expect(calls).toEqual([]);
  });

  it('starts the severest first when many are due', async () => {
    const { bench, calls, end } = setUp([
      every('low', 60, { severity: 'low' }),
      every('critical', 60, { severity: 'critical' }),
      every('high', 60, { severity: 'high' }),
    ]);
    await bench.clock.advance(1);
    await end();
    expect(calls.map((call) => call.ruleId)).toEqual(['critical', 'high', 'low']);
  });

  it('tries a failed window again soon, and not only at the next scheduled time', async () => {
    let failures = 2;
    const { bench, callsOf, end } = setUp([every('daily', 24 * 60)], () =>
      failures-- > 0 ? new HuntwireError('SOURCE_NETWORK', 'down', { retryable: true }) : null,
    );
    await bench.clock.advance(HOUR);
    await end();
    expect(callsOf('daily')).toEqual([0, 1, 3]);
    expect((await bench.store.ruleState('default', 'daily'))?.standing).toBe('ok');
  });

  it('catches up soon after a restart, although nothing is due', async () => {
    const rule = every('daily', 24 * 60);
    const down = setUp([rule], () => new HuntwireError('SOURCE_NETWORK', 'down', { retryable: true }));
    await down.bench.clock.advance(10);
    await down.end();
    expect((await down.bench.store.ruleState('default', 'daily'))?.ledger).toHaveLength(1);
    const stop = new AbortController();
    const source = plantedSource({ columns: COLUMNS, rows: () => [], now: down.bench.clock.now });
    const done = runSchedule({ ...down.bench.tenant, source, rules: [rule] }, down.bench.deps, stop.signal);
    await down.bench.clock.advance(5 * MINUTE);
    stop.abort();
    await down.bench.clock.advance(0);
    await done;
    expect((await down.bench.store.ruleState('default', 'daily'))?.ledger).toEqual([]);
  });

  it('tries a blocked rule at its scheduled times, at most hourly', async () => {
    const { bench, callsOf, end } = setUp(
      [every('broken', 15)],
      () => new HuntwireError('SOURCE_QUERY_INVALID', 'no such column'),
    );
    await bench.clock.advance(3 * HOUR);
    await end();
    const times = callsOf('broken');
    expect(times.length).toBeGreaterThanOrEqual(3);
    expect(times.length).toBeLessThanOrEqual(4);
  });

  it('waits out a pause of the tenant, for every rule', async () => {
    let throttled = true;
    const { bench, calls, end } = setUp([every('one', 15), every('two', 15)], () => {
      if (!throttled) return null;
      throttled = false;
      return new HuntwireError('SOURCE_THROTTLED', 'slow down', { retryable: true, retryAfterMs: 5 * MINUTE });
    });
    await bench.clock.advance(4 * MINUTE);
    const during = calls.length;
    await bench.clock.advance(2 * MINUTE);
    await end();
    expect(during).toBeLessThanOrEqual(2);
    expect(calls.length).toBeGreaterThan(during);
    expect(calls.slice(during).every((call) => call.at >= T0 + 5 * MINUTE)).toBe(true);
  });

  it('ends with STATE_FENCED when another runner has taken over', async () => {
    const stop = new AbortController();
    const bench = openBench({
      start: T0,
      source: (clock) => plantedSource({ columns: COLUMNS, rows: () => [], now: clock.now }),
      beforeCommit: () => {
        throw new HuntwireError('STATE_FENCED', 'another runner has taken over');
      },
    });
    const done = runSchedule({ ...bench.tenant, rules: [every('one', 15)] }, bench.deps, stop.signal);
    const outcome = expect(done).rejects.toMatchObject({ code: 'STATE_FENCED' });
    await bench.clock.advance(HOUR);
    await outcome;
  });

  it('goes on after a commit that failed for another reason, and plans the same window again', async () => {
    let full = true;
    const windows: ([number, number] | null)[] = [];
    const bench = openBench({
      start: T0,
      source: (clock) => {
        const source = plantedSource({ columns: COLUMNS, rows: () => [], now: clock.now });
        return {
          ...source,
          query: (request, sink) =>
            source.query(request, sink).finally(() => windows.push(source.asked.at(-1) ?? null)),
        };
      },
      beforeCommit: () => {
        if (full) throw new HuntwireError('STATE_FULL', 'the disk is full');
      },
    });
    const stop = new AbortController();
    const done = runSchedule({ ...bench.tenant, rules: [every('one', 15)] }, bench.deps, stop.signal);
    await bench.clock.advance(10);
    full = false;
    await bench.clock.advance(HOUR);
    stop.abort();
    await bench.clock.advance(0);
    await done;
    const first = windows[0]?.[0] ?? Number.NaN;
    expect(bench.told).toEqual([]);
    expect(Math.min(...windows.slice(1).map((window) => window?.[0] ?? 0))).toBeLessThanOrEqual(first + 15 * MINUTE);
    expect((await bench.store.ruleState('default', 'one'))?.ledger).toEqual([]);
  });
});

describe('a turn', () => {
  it('reads the state of its rule once', async () => {
    const { bench, calls, end, reads } = setUp([every('hour', 60)]);
    await bench.clock.advance(5 * HOUR);
    await end();
    expect(calls.length).toBeGreaterThan(3);
    expect(reads()).toBe(calls.length);
  });
});

describe('a passing failure', () => {
  const reset = (unanswered: boolean) =>
    new HuntwireError('SOURCE_NETWORK', 'the connection was reset', { retryable: true, unanswered });

  it('of an idle connection is asked once more, admitted and counted, and told nobody', async () => {
    let resets = 1;
    const { bench, callsOf, end } = setUp([every('hour', 60)], () => (resets-- > 0 ? reset(true) : null));
    await bench.clock.advance(5 * MINUTE);
    await end();
    expect(callsOf('hour')).toEqual([0, 0]);
    expect((await bench.tenant.meter.usage()).callsLastHour).toBe(2);
    expect((await bench.store.ruleState('default', 'hour'))?.lastRun).toMatchObject({ outcome: 'ok', calls: 2 });
    expect(bench.told).toEqual([]);
  });

  it('of a connection that breaks twice is a failed run, asked no third time', async () => {
    let resets = 2;
    const { bench, callsOf, end } = setUp([every('hour', 60)], () => (resets-- > 0 ? reset(true) : null));
    await bench.clock.advance(30_000);
    await end();
    expect(callsOf('hour')).toEqual([0, 0]);
    expect((await bench.store.ruleState('default', 'hour'))?.lastRun?.outcome).toBe('failed');
  });

  it.each([
    ['one 503', 1, []],
    ['two in a row', 2, ['firing', 'resolved']],
  ] as const)('of %s: %d failures', async (_, count, statuses) => {
    let failures: number = count;
    const { bench, end } = setUp([every('hour', 60)], () =>
      failures-- > 0 ? new HuntwireError('SOURCE_SERVER', 'HTTP 503', { retryable: true }) : null,
    );
    await bench.clock.advance(10 * MINUTE);
    await end();
    expect(bench.told.map((alert) => alert.status)).toEqual(statuses);
  });
});
