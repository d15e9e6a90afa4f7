import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createManualClock, type ManualClock } from '../../../src/lib/clock.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/lib/duration.ts';
import { LANES, type Lane } from '../../../src/sources/quota/lanes.ts';
import { createQuotaMeter, type QuotaMeter } from '../../../src/sources/quota/quota-meter.ts';
import type { QuotaLimits, QuotaStore } from '../../../src/sources/source.ts';
import { tries } from '../../tries.ts';
import { createMemoryQuota } from './memory-quota.ts';

const START = Date.parse('2026-11-21T10:00:00Z');
const FREE: QuotaLimits = {
  callsPerMinute: null,
  callsPerHour: null,
  runSecondsPerHour: null,
  runSecondsPerDay: null,
  concurrency: 1000,
};

function setUp(
  limits: Partial<QuotaLimits>,
  store = createMemoryQuota(),
  clock = createManualClock(START),
  serviceNow: () => number | null = clock.now,
) {
  const all = { ...FREE, ...limits };
  const make = () => createQuotaMeter({ tenant: 't', api: 'mde', limits: all, store, clock, serviceNow });
  return { meter: make(), make, store, clock };
}

/** Admits and ends at once; false where it must wait. */
async function call(meter: QuotaMeter, runMs = 0, lane: Lane = 'high'): Promise<boolean> {
  const admission = await meter.admit(lane);
  if (admission.kind === 'wait') return false;
  await meter.end(admission.call, runMs);
  return true;
}

async function callMany(meter: QuotaMeter, count: number, lane: Lane = 'high', runMs = 0): Promise<number> {
  let done = 0;
  for (let index = 0; index < count; index++) if (await call(meter, runMs, lane)) done += 1;
  return done;
}

describe('quota meter', () => {
  it('lets go what fits a sliding minute and says when the next one does', async () => {
    const { meter, clock } = setUp({ callsPerMinute: 3 });
    await call(meter);
    await clock.advance(20_000);
    expect(await callMany(meter, 5)).toBe(2);
    expect(await meter.admit('high')).toEqual({ kind: 'wait', waitMs: MINUTE_MS - 20_000, reason: 'callsPerMinute' });
    await clock.advance(40_000);
    expect(await callMany(meter, 5)).toBe(1);
    expect(await meter.admit('high')).toMatchObject({ waitMs: 20_000 });
  });

  it('counts an hour of calls', async () => {
    const { meter, clock } = setUp({ callsPerHour: 4 });
    expect(await callMany(meter, 9)).toBe(4);
    expect(await meter.admit('high')).toEqual({ kind: 'wait', waitMs: HOUR_MS, reason: 'callsPerHour' });
    await clock.advance(HOUR_MS);
    expect(await callMany(meter, 9)).toBe(4);
  });

  it('counts run time in an hour and in a day, with what the next call will take', async () => {
    const { meter, clock } = setUp({ runSecondsPerHour: 600, runSecondsPerDay: 900 });
    expect(await callMany(meter, 9, 'high', 200_000)).toBe(3);
    expect(await meter.admit('high')).toMatchObject({ waitMs: HOUR_MS, reason: 'runSecondsPerHour' });
    await clock.advance(HOUR_MS);
    expect(await callMany(meter, 9, 'high', 200_000)).toBe(1);
    expect(await meter.admit('high')).toMatchObject({ waitMs: DAY_MS - HOUR_MS, reason: 'runSecondsPerDay' });
  });

  it('runs a call at last that is longer than the limit', async () => {
    const { meter, clock } = setUp({ runSecondsPerHour: 60 });
    expect(await call(meter, 100_000)).toBe(true);
    expect(await call(meter)).toBe(false);
    await clock.advance(HOUR_MS);
    expect(await call(meter, 100_000)).toBe(true);
  });

  it('names the wait that is longest', async () => {
    const { meter } = setUp({ callsPerMinute: 1, callsPerHour: 1 });
    await call(meter);
    expect(await meter.admit('high')).toMatchObject({ reason: 'callsPerHour' });
  });

  it('counts calls in flight and bounds them', async () => {
    const { meter, clock } = setUp({ concurrency: 2, callsPerMinute: 10 });
    const first = await meter.admit('high');
    const second = await meter.admit('high');
    expect(await meter.admit('high')).toMatchObject({ kind: 'wait', reason: 'concurrency' });
    expect((await meter.usage()).inFlight).toBe(2);
    if (first.kind === 'go') await meter.release(first.call);
    const third = await meter.admit('high');
    await clock.advance(1);
    for (const one of [second, third]) if (one.kind === 'go') await meter.end(one.call, 1);
    expect(await meter.usage()).toMatchObject({ inFlight: 0, callsLastHour: 2 });
  });

  it('counts a call in flight with the time that it has taken so far', async () => {
    const { meter, clock } = setUp({ runSecondsPerHour: 60 });
    await clock.advance(HOUR_MS);
    await meter.admit('high');
    await clock.advance(59_999);
    expect((await meter.admit('high')).kind).toBe('go');
    await clock.advance(1);
    expect(await meter.admit('high')).toMatchObject({ kind: 'wait', reason: 'runSecondsPerHour' });
  });

  it('keeps room for high lanes and gives the rest to all', async () => {
    const { meter } = setUp({ callsPerMinute: 10 });
    expect(await callMany(meter, 20, 'backlog')).toBe(6);
    expect(await callMany(meter, 20, 'informational')).toBe(2);
    expect(await callMany(meter, 20, 'medium')).toBe(1);
    expect(await callMany(meter, 20, 'critical')).toBe(1);
  });

  it('pauses all lanes, and a shorter pause does not end a longer one', async () => {
    const { meter, clock } = setUp({});
    await meter.pause(50_000);
    await meter.pause(10_000);
    expect(await meter.admit('critical')).toEqual({ kind: 'wait', waitMs: 50_000, reason: 'paused' });
    expect((await meter.usage()).pausedMs).toBe(50_000);
    await clock.advance(50_000);
    expect(await call(meter)).toBe(true);
    expect((await meter.usage()).pausedMs).toBeNull();
  });

  it('remembers calls and pauses across restarts', async () => {
    const { meter, make, clock } = setUp({ callsPerHour: 2 });
    await callMany(meter, 2, 'high', 5000);
    await meter.pause(1000);
    const restarted = make();
    expect(await restarted.admit('high')).toMatchObject({ reason: 'paused' });
    await clock.advance(1000);
    expect(await restarted.admit('high')).toMatchObject({ waitMs: HOUR_MS - 1000, reason: 'callsPerHour' });
    expect(await restarted.usage()).toMatchObject({ callsLastHour: 2, runSecondsLastHour: 10, runSecondsLastDay: 10 });
  });

  it('asks the store again after it failed', async () => {
    const store = createMemoryQuota();
    let broken = true;
    const callsAfter: QuotaStore['callsAfter'] = async (...all) => {
      if (broken) throw new Error('busy');
      return store.callsAfter(...all);
    };
    const { meter } = setUp({}, { ...store, callsAfter });
    await expect(meter.admit('high')).rejects.toThrow('busy');
    broken = false;
    expect((await meter.admit('high')).kind).toBe('go');
  });

  it('never exceeds any limit in any period, and a wait is never in vain', async () => {
    const step = fc.record({
      lane: fc.constantFrom(...LANES),
      pauseMs: fc.integer({ min: 0, max: 30_000 }),
      runMs: fc.integer({ min: 0, max: 20_000 }),
    });
    const limits = { callsPerMinute: 5, callsPerHour: 40, runSecondsPerHour: 300 };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
        const { meter, clock, store } = setUp(limits);
        for (const one of steps) {
          await clock.advance(one.pauseMs);
          await runStep(meter, clock, one);
        }
        for (const { at } of store.all()) {
          const within = (ms: number) => store.all().filter((other) => other.at > at - ms && other.at <= at);
          expect(within(MINUTE_MS).length).toBeLessThanOrEqual(limits.callsPerMinute);
          expect(within(HOUR_MS).length).toBeLessThanOrEqual(limits.callsPerHour);
        }
      }),
      { numRuns: tries(10, 25) },
    );
  });
});

describe('what is admitted', () => {
  it('is recorded before it goes, and counts as made where a kill comes before its answer', async () => {
    const { meter, make, store, clock } = setUp({ callsPerMinute: 40, concurrency: 40 });
    for (let index = 0; index < 40; index++) expect((await meter.admit('high')).kind).toBe('go');
    expect(store.all()).toHaveLength(40);
    const restarted = make();
    await clock.advance(1000);
    expect(await restarted.admit('high')).toMatchObject({ waitMs: 60_000, reason: 'callsPerMinute' });
  });

  it('and is not used is returned, in the store too', async () => {
    const { meter, make, store } = setUp({ callsPerMinute: 1 });
    const admission = await meter.admit('high');
    if (admission.kind === 'go') await meter.release(admission.call);
    expect(store.all()).toEqual([]);
    expect(await call(make())).toBe(true);
  });

  it('is not admitted where it cannot be recorded', async () => {
    const store = createMemoryQuota();
    const { meter } = setUp({ callsPerMinute: 1 }, { ...store, beginCall: () => Promise.reject(new Error('full')) });
    await expect(meter.admit('high')).rejects.toThrow('full');
    expect((await meter.usage()).inFlight).toBe(0);
  });

  it('stays where it is in time when our clock is set', async () => {
    const { meter, clock } = setUp({ callsPerMinute: 2, callsPerHour: 3 });
    expect(await callMany(meter, 2)).toBe(2);
    clock.jump(DAY_MS);
    expect(await meter.admit('high')).toMatchObject({ waitMs: MINUTE_MS });
    clock.jump(-2 * DAY_MS);
    expect(await meter.admit('high')).toMatchObject({ waitMs: MINUTE_MS });
    await clock.advance(MINUTE_MS);
    expect(await callMany(meter, 2)).toBe(1);
  });
});

describe('the record of a wrong clock', () => {
  it('holds nobody up longer than its own period: calls from ahead of the service count as made at the start', async () => {
    const { meter, make, clock } = setUp({ callsPerMinute: 2 });
    clock.jump(DAY_MS);
    expect(await callMany(meter, 2)).toBe(2);
    clock.jump(-DAY_MS);
    const restarted = make();
    expect(await restarted.admit('high')).toMatchObject({ waitMs: MINUTE_MS });
    await clock.advance(MINUTE_MS);
    expect(await call(restarted)).toBe(true);
  });

  it.each([DAY_MS, -DAY_MS])('lets a pause last no longer than it was meant to, our clock set by %d ms', async (ms) => {
    const { meter, make, clock } = setUp({});
    await meter.pause(50_000);
    clock.jump(ms);
    expect(await meter.admit('high')).toMatchObject({ waitMs: 50_000 });
    const { pausedMs } = await make().usage();
    expect(pausedMs ?? 0).toBe(ms < 0 ? 50_000 : 0);
  });
});

describe('calls that have ended', () => {
  it('are counted from none, and those that were answered', async () => {
    const { meter } = setUp({});
    expect(meter.endings()).toEqual({ ended: 0, answered: 0 });
    for (const answered of [true, false, undefined]) {
      const admission = await meter.admit('high');
      if (admission.kind === 'go') await meter.end(admission.call, 1, answered);
    }
    expect(meter.endings()).toEqual({ ended: 3, answered: 2 });
  });
});

describe('calls that are under way', () => {
  it('count among those of the last hour', async () => {
    const { meter } = setUp({});
    await callMany(meter, 2);
    await meter.admit('high');
    expect(await meter.usage()).toMatchObject({ callsLastHour: 3, inFlight: 1 });
  });
});

describe('what the store keeps', () => {
  it('has the time of the service, ours only while that is not known', async () => {
    const store = createMemoryQuota();
    let service: number | null = null;
    const { meter, clock } = setUp({}, store, undefined, () => service);
    await meter.admitClock();
    await meter.pause(10_000);
    expect(store.all().map(({ at }) => at)).toEqual([START]);
    expect(await store.pauseOf('t', 'mde')).toEqual({ remainedMs: 10_000, writtenAt: START });
    await clock.advance(10_000);
    service = START - DAY_MS;
    await meter.admit('high');
    await meter.pause(20_000);
    expect(store.all().map(({ at }) => at)).toEqual([START, START - DAY_MS]);
    expect(await store.pauseOf('t', 'mde')).toEqual({ remainedMs: 20_000, writtenAt: START - DAY_MS });
  });

  it('is read by the time of the service, ours only while that is not known', async () => {
    for (const service of [null, START - DAY_MS]) {
      const store = createMemoryQuota();
      await store.pause('t', 'mde', { remainedMs: 60_000, writtenAt: (service ?? START) - 20_000 });
      const { meter } = setUp({}, store, undefined, () => service);
      expect((await meter.usage()).pausedMs).toBe(40_000);
    }
  });
});

describe("while the service's clock is not known", () => {
  it('only the query for the clock is admitted, one in ten seconds, and it is metered', async () => {
    let service: number | null = null;
    const { meter, clock, store } = setUp({ callsPerMinute: 2 }, createMemoryQuota(), undefined, () => service);
    expect(await meter.admit('critical')).toMatchObject({ kind: 'wait', reason: 'clock' });
    const asked = await meter.admitClock();
    if (asked.kind === 'go') await meter.end(asked.call, 5);
    expect(await meter.admitClock()).toEqual({ kind: 'wait', waitMs: 10_000, reason: 'clock' });
    await clock.advance(10_000);
    expect((await meter.admitClock()).kind).toBe('go');
    service = clock.now() - DAY_MS;
    expect(await meter.admit('critical')).toMatchObject({ waitMs: 50_000, reason: 'callsPerMinute' });
    expect(store.all()).toHaveLength(2);
  });

  it('what was counted before a restart has no place in time, and gets its own once the clock is known', async () => {
    let service: number | null = null;
    const store = createMemoryQuota();
    for (const ago of [110_000, 100_000]) await store.beginCall('t', 'mde', { at: START - ago, runMs: 1 });
    const { meter, clock } = setUp({ callsPerMinute: 2 }, store, undefined, () => service);
    const asked = await meter.admitClock();
    expect(asked.kind).toBe('go');
    if (asked.kind === 'go') await meter.release(asked.call);
    service = clock.now();
    expect(await meter.admit('high')).toMatchObject({ waitMs: 10_000, reason: 'callsPerMinute' });
  });

  it('what was counted before a restart keeps its place where the two processes take the time to be up to a minute apart', async () => {
    const store = createMemoryQuota();
    const first = setUp({ callsPerHour: 1 }, store);
    const call = await first.meter.admit('high');
    if (call.kind === 'go') await first.meter.end(call.call, 5);
    const { meter, clock } = setUp({ callsPerHour: 1 }, store, undefined, () => clock.now() + 30_000);
    await clock.advance(HOUR_MS - 1000);
    expect(await meter.admit('high')).toMatchObject({ kind: 'wait', reason: 'callsPerHour' });
    await clock.advance(MINUTE_MS);
    expect((await meter.admit('high')).kind).toBe('go');
  });
});

describe('a call that is over', () => {
  it('cannot be ended or released again', async () => {
    const { meter, store } = setUp({});
    const calls: number[] = [];
    for (let count = 0; count < 2; count += 1) {
      const admission = await meter.admit('high');
      if (admission.kind === 'go') calls.push(admission.call);
    }
    const [ended = 0, released = 0] = calls;
    await meter.end(ended, 5);
    await meter.release(released);
    for (const call of [ended, released, 99]) {
      await meter.release(call);
      await meter.end(call, 7);
    }
    expect(store.all()).toMatchObject([{ runMs: 5 }]);
    expect(await meter.usage()).toMatchObject({ callsLastHour: 1, runSecondsLastHour: 0.005, inFlight: 0 });
  });

  it('of more than a day ago costs nothing, in memory or stored', async () => {
    const { meter, make, clock } = setUp({ runSecondsPerDay: 10 });
    expect(await call(meter, 10_000)).toBe(true);
    await clock.advance(DAY_MS - 1);
    expect(await meter.admit('high')).toEqual({ kind: 'wait', waitMs: 1, reason: 'runSecondsPerDay' });
    await clock.advance(MINUTE_MS + 1);
    const meters = [meter, make()];
    for (const one of meters) expect(await one.usage()).toMatchObject({ callsLastHour: 0, runSecondsLastDay: 0 });
    for (const one of meters) expect((await one.admit('high')).kind).toBe('go');
  });
});

/** Asks; where it must wait, waits as told and asks again, which must not need more rounds than there are limits. */
async function runStep(
  meter: QuotaMeter,
  clock: ManualClock,
  one: { readonly lane: Lane; readonly runMs: number },
): Promise<void> {
  for (let round = 0; round < 5; round++) {
    const admission = await meter.admit(one.lane);
    if (admission.kind === 'go') return meter.end(admission.call, one.runMs);
    expect(admission.waitMs).toBeGreaterThan(0);
    await clock.advance(admission.waitMs);
  }
  throw new Error('waited in vain');
}
