import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createManualClock, type ManualClock } from '../../../src/lib/clock.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/lib/duration.ts';
import { LANES, type Lane } from '../../../src/sources/quota/lanes.ts';
import { createQuotaMeter, type QuotaMeter } from '../../../src/sources/quota/quota-meter.ts';
import type { MeteredCall, QuotaLimits, QuotaStore } from '../../../src/sources/source.ts';

const START = Date.parse('2026-11-21T10:00:00Z');
const FREE: QuotaLimits = {
  callsPerMinute: null,
  callsPerHour: null,
  runSecondsPerHour: null,
  runSecondsPerDay: null,
  concurrency: 1000,
};

function createMemoryStore(): QuotaStore & { readonly all: MeteredCall[] } {
  const all: MeteredCall[] = [];
  let paused: number | null = null;
  return {
    all,
    calls: async (_tenant, _api, since) => all.filter((call) => call.at > since),
    addCall: async (_tenant, _api, call) => void all.push(call),
    pausedUntil: async () => paused,
    pause: async (_tenant, _api, until) => {
      paused = until;
    },
  };
}

function setUp(limits: Partial<QuotaLimits>, store = createMemoryStore(), clock = createManualClock(START)) {
  const make = () => createQuotaMeter({ tenant: 't', api: 'mde', limits: { ...FREE, ...limits }, store, clock });
  return { meter: make(), make, store, clock };
}

/** Admits and records at once; false where it must wait. */
async function call(meter: QuotaMeter, runMs = 0, lane: Lane = 'high'): Promise<boolean> {
  const admission = await meter.admit(lane);
  if (admission.kind === 'wait') return false;
  await meter.record({ at: admission.at, runMs });
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
    expect(await meter.admit('high')).toEqual({ kind: 'wait', until: START + MINUTE_MS, reason: 'callsPerMinute' });
    await clock.advance(40_000);
    expect(await callMany(meter, 5)).toBe(1);
    expect(await meter.admit('high')).toMatchObject({ until: START + 20_000 + MINUTE_MS });
  });

  it('counts an hour of calls', async () => {
    const { meter, clock } = setUp({ callsPerHour: 4 });
    expect(await callMany(meter, 9)).toBe(4);
    expect(await meter.admit('high')).toEqual({ kind: 'wait', until: START + HOUR_MS, reason: 'callsPerHour' });
    await clock.advance(HOUR_MS);
    expect(await callMany(meter, 9)).toBe(4);
  });

  it('counts run time in an hour and in a day, with what the next call will take', async () => {
    const { meter, clock } = setUp({ runSecondsPerHour: 600, runSecondsPerDay: 900 });
    expect(await callMany(meter, 9, 'high', 200_000)).toBe(3);
    expect(await meter.admit('high')).toMatchObject({ until: START + HOUR_MS, reason: 'runSecondsPerHour' });
    await clock.advance(HOUR_MS);
    expect(await callMany(meter, 9, 'high', 200_000)).toBe(1);
    expect(await meter.admit('high')).toMatchObject({ until: START + DAY_MS, reason: 'runSecondsPerDay' });
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
    await meter.admit('high');
    expect(await meter.admit('high')).toMatchObject({ kind: 'wait', reason: 'concurrency' });
    expect((await meter.usage()).inFlight).toBe(2);
    if (first.kind === 'go') meter.release(first.at);
    expect((await meter.admit('high')).kind).toBe('go');
    await clock.advance(1);
    await meter.record({ at: START, runMs: 1 });
    await meter.record({ at: START + 12_345, runMs: 1 });
    expect(await meter.usage()).toMatchObject({ inFlight: 0, callsLastHour: 2 });
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
    await meter.pause(START + 50_000);
    await meter.pause(START + 10_000);
    expect(await meter.admit('critical')).toEqual({ kind: 'wait', until: START + 50_000, reason: 'paused' });
    expect((await meter.usage()).pausedUntil).toBe(START + 50_000);
    await clock.advance(50_000);
    expect(await call(meter)).toBe(true);
    expect((await meter.usage()).pausedUntil).toBeNull();
  });

  it('remembers calls and pauses across restarts', async () => {
    const { meter, make, clock } = setUp({ callsPerHour: 2 });
    await callMany(meter, 2, 'high', 5000);
    await meter.pause(START + 1000);
    const restarted = make();
    expect(await restarted.admit('high')).toMatchObject({ reason: 'paused' });
    await clock.advance(1000);
    expect(await restarted.admit('high')).toMatchObject({ until: START + HOUR_MS, reason: 'callsPerHour' });
    expect(await restarted.usage()).toMatchObject({ callsLastHour: 2, runSecondsLastHour: 10, runSecondsLastDay: 10 });
  });

  it('asks the store again after it failed', async () => {
    const store = createMemoryStore();
    let broken = true;
    const calls: QuotaStore['calls'] = async (...all) => {
      if (broken) throw new Error('busy');
      return store.calls(...all);
    };
    const clock = createManualClock(START);
    const meter = createQuotaMeter({ tenant: 't', api: 'mde', limits: FREE, store: { ...store, calls }, clock });
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
        for (const { at } of store.all) {
          const within = (ms: number) => store.all.filter((other) => other.at > at - ms && other.at <= at);
          expect(within(MINUTE_MS).length).toBeLessThanOrEqual(limits.callsPerMinute);
          expect(within(HOUR_MS).length).toBeLessThanOrEqual(limits.callsPerHour);
        }
      }),
      { numRuns: 25 },
    );
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
    if (admission.kind === 'go') return meter.record({ at: admission.at, runMs: one.runMs });
    expect(admission.until).toBeGreaterThan(clock.now());
    await clock.advance(admission.until - clock.now());
  }
  throw new Error('waited in vain');
}
