import { describe, expect, it } from '@jest/globals';
import { planCalls } from '../../../src/run/plan/call-plan.ts';
import { UNLIMITED } from '../../../src/sources/source.ts';
import { T0 } from '../story.ts';
import { dayRules } from './day-rules.ts';
import { quotaDay } from './quota-day.ts';

/** A tenth of what the services allow, and of what we plan with; `bench/quota.mjs` plays a whole day of the whole. */
const QUOTA = { callsPerMinute: 5, callsPerHour: 150, runSecondsPerHour: 1e6, runSecondsPerDay: 1e6 };
const LIMITS = { ...UNLIMITED, callsPerMinute: 4, callsPerHour: 140, concurrency: 3 };

describe('a day beside the emulator with its quotas armed', () => {
  it('of rules that fill the quota ends without a 429, and nobody lags', async () => {
    const rules = dayRules(20, (index) => [10, 10, 10, 15][index % 4] ?? 10);
    expect(planCalls(rules, { tenant: 'default', quota: LIMITS, now: T0 }).fits).toBe(true);
    const day = await quotaDay({ rules, limits: LIMITS, quota: QUOTA, hours: 2 });
    expect(day).toMatchObject({ refused: 0, ours: 0, told: [] });
    expect(day.runs).toBeGreaterThan(190);
  });

  it('of twice as many ends without a 429 of ours; packed, they need fewer calls and run on time', async () => {
    const rules = dayRules(30, () => 5);
    const alone = await quotaDay({ rules, limits: LIMITS, quota: QUOTA, hours: 1 });
    const packed = await quotaDay({ rules, limits: LIMITS, quota: QUOTA, hours: 1, packRules: 8 });
    for (const day of [alone, packed]) expect(day).toMatchObject({ refused: 0, ours: 0 });
    expect(packed.runs).toBeGreaterThan(alone.runs * 1.5);
    expect(packed.calls).toBeLessThanOrEqual(alone.calls);
  });

  it('in which others use the tenant has 429s, none of which we alone would have had, and they are yielded to', async () => {
    const rules = dayRules(20, () => 10);
    const others = (minute: number): number => (minute > 20 && minute < 40 ? 5 : 0);
    const day = await quotaDay({ rules, limits: LIMITS, quota: QUOTA, hours: 1, others });
    expect(day.ours).toBe(0);
    expect(day.refused).toBeGreaterThan(0);
    expect(day.refused).toBeLessThan(20);
    expect(day.pace).toBeGreaterThan(0.5);
  });
});
