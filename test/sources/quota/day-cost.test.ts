import { describe, expect, it } from '@jest/globals';
import { dayCost, fitsQuota, type RulePlan } from '../../../src/sources/quota/day-cost.ts';
import type { QuotaLimits } from '../../../src/sources/source.ts';

const LIMITS: QuotaLimits = {
  callsPerMinute: 40,
  callsPerHour: 1400,
  runSecondsPerHour: 600,
  runSecondsPerDay: 10_800,
  concurrency: 3,
};

const plan = (ruleId: string, runsPerDay: number, more: Partial<RulePlan> = {}): RulePlan => ({
  ruleId,
  runsPerDay,
  extraCallsPerDay: 0,
  meanRunMs: null,
  ...more,
});

describe('dayCost', () => {
  it('adds the calls beside the runs and multiplies with the measured time', () => {
    expect(dayCost(plan('a', 96, { extraCallsPerDay: 1, meanRunMs: 2000 }))).toEqual({
      ruleId: 'a',
      calls: 97,
      runSeconds: 194,
    });
    expect(dayCost(plan('b', 24)).runSeconds).toBeNull();
  });
});

describe('fitsQuota', () => {
  it('says that a rule set fits, dearest rule first', () => {
    const fit = fitsQuota([plan('a', 24), plan('b', 1440)], LIMITS);
    expect(fit).toMatchObject({ fits: true, findings: [] });
    expect(fit.costs.map((cost) => cost.ruleId)).toEqual(['b', 'a']);
  });

  it('names every limit that is exceeded, the worst first', () => {
    const plans = Array.from({ length: 100 }, (_, index) => plan(`r${index}`, 1440, { meanRunMs: 1000 }));
    const { fits, findings } = fitsQuota(plans, LIMITS);
    expect(fits).toBe(false);
    expect(findings.map((one) => [one.limit, Math.round(one.planned), one.allowed])).toEqual([
      ['runSecondsPerDay', 144_000, 10_800],
      ['runSecondsPerHour', 6000, 600],
      ['callsPerHour', 6000, 1400],
      ['callsPerMinute', 100, 40],
    ]);
    expect(findings[3]?.message).toBe(
      'The rules need 100 calls a minute and the quota allows 40. Run some of them less often.',
    );
  });

  it('has nothing to say without limits or rules', () => {
    const none = {
      callsPerMinute: null,
      callsPerHour: null,
      runSecondsPerHour: null,
      runSecondsPerDay: null,
      concurrency: 1,
    };
    expect(fitsQuota([plan('a', 1e9)], none).fits).toBe(true);
    expect(fitsQuota([], LIMITS).fits).toBe(true);
  });
});
