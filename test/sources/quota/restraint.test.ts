import { describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../../src/lib/clock.ts';
import { DAY_MS, MINUTE_MS } from '../../../src/lib/duration.ts';
import { LANES } from '../../../src/sources/quota/lanes.ts';
import { createQuotaMeter, type QuotaMeter } from '../../../src/sources/quota/quota-meter.ts';
import { UNLIMITED } from '../../../src/sources/source.ts';
import { createMemoryQuota } from './memory-quota.ts';

const START = Date.parse('2026-11-21T10:03:00Z');
const LIMITS = { ...UNLIMITED, callsPerMinute: 40, concurrency: 1000 };
const CALLS = { of: 'calls', allowed: null } as const;
const PROCESSING = { of: 'processing', allowed: null } as const;

function setUp(store = createMemoryQuota(), clock = createManualClock(START)) {
  const make = () => createQuotaMeter({ tenant: 't', api: 'mde', limits: LIMITS, store, clock, serviceNow: clock.now });
  return { meter: make(), make, clock, store };
}

/** How many calls go at once. */
async function burst(meter: QuotaMeter): Promise<number> {
  for (let count = 0; ; count += 1) {
    const admission = await meter.admit('critical');
    if (admission.kind === 'wait') return count;
    await meter.end(admission.call, 1);
  }
}

describe('the pace behind a 429', () => {
  it('is half, grows back by a twentieth of the limit a minute, and outlives a restart', async () => {
    const { meter, make, clock } = setUp();
    await meter.pause(MINUTE_MS, CALLS);
    await clock.advance(MINUTE_MS);
    const restarted = make();
    expect(await burst(restarted)).toBe(22);
    await clock.advance(MINUTE_MS);
    expect(await burst(restarted)).toBe(24);
    await clock.advance(8 * MINUTE_MS);
    expect(await burst(restarted)).toBe(40);
  });

  it('is halved once for all calls that were under way, and never ends', async () => {
    const { meter, make, clock } = setUp();
    for (const one of [meter, meter, make()]) await one.pause(1000, CALLS);
    expect((await meter.usage()).pace).toBeCloseTo(0.5, 2);
    for (let count = 0; count < 9; count += 1) {
      await clock.advance(1000);
      await meter.pause(1000, CALLS);
    }
    expect((await meter.usage()).pace).toBeCloseTo(0.1, 2);
    await clock.advance(1000);
    expect(await burst(meter)).toBe(4);
  });

  it('stays below what the service says that it allows, for a day', async () => {
    const { meter, make, clock, store } = setUp();
    await burst(meter);
    await meter.pause(1000, { of: 'calls', allowed: { calls: 18, periodMs: MINUTE_MS } });
    expect(await store.restraintOf('t', 'mde')).toMatchObject({ cause: 'calls', ceiling: 0.4 });
    await clock.advance(DAY_MS / 2);
    expect(await burst(make())).toBe(16);
    await clock.advance(DAY_MS / 2);
    expect(await burst(make())).toBe(40);
  });
});

describe('who used the quota up', () => {
  it.each([
    [30, null, 'others'],
    [40, { calls: 45, periodMs: MINUTE_MS }, 'others'],
    [40, { calls: 39, periodMs: MINUTE_MS }, 'calls'],
    [12, { calls: 1500, periodMs: 60 * MINUTE_MS }, 'others'],
  ] as const)('after %d calls of ours where the service says %j: %s', async (count, allowed, cause) => {
    const { meter, store } = setUp();
    for (let made = 0; made < count; made += 1) {
      const admission = await meter.admit('high');
      if (admission.kind === 'go') await meter.end(admission.call, 1);
    }
    await meter.pause(1000, { of: 'calls', allowed });
    expect(await store.restraintOf('t', 'mde')).toMatchObject({ cause });
  });
});

describe('processing time that is used up', () => {
  it('holds low lanes until the next quarter of an hour of the service, and slows nobody else down', async () => {
    const { meter, make, clock } = setUp();
    await meter.pause(MINUTE_MS, PROCESSING);
    await clock.advance(MINUTE_MS);
    for (const one of [meter, make()]) {
      const admissions = await Promise.all(LANES.map((lane) => one.admit(lane)));
      expect(admissions.map(({ kind }) => kind)).toEqual(['go', 'go', 'go', 'wait', 'wait', 'wait']);
      expect(admissions[3]).toEqual({ kind: 'wait', waitMs: 11 * MINUTE_MS, reason: 'held' });
    }
    expect(await meter.usage()).toMatchObject({ pace: 1, heldMs: 11 * MINUTE_MS });
    await clock.advance(11 * MINUTE_MS);
    expect((await meter.admit('backlog')).kind).toBe('go');
    expect((await meter.usage()).heldMs).toBeNull();
  });

  it('holds them for a whole cycle at most, whatever a clock said in between', async () => {
    const { meter, make, clock } = setUp();
    await meter.pause(MINUTE_MS, PROCESSING);
    clock.jump(-DAY_MS);
    const { heldMs } = await make().usage();
    expect(heldMs ?? 0).toBeLessThanOrEqual(15 * MINUTE_MS);
  });
});
