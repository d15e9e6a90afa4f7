import { describe, expect, it } from '@jest/globals';
import { type DayCost, fitsQuota } from '../../../src/sources/quota/day-cost.ts';
import { type QuotaLimits, UNLIMITED } from '../../../src/sources/source.ts';

const LIMITS: QuotaLimits = {
  callsPerMinute: 40,
  callsPerHour: 1400,
  runSecondsPerHour: 600,
  runSecondsPerDay: 10_800,
  concurrency: 3,
};

const plan = (ruleId: string, calls: number): DayCost => ({ ruleId, calls });

describe('fitsQuota', () => {
  it('says that a rule set fits, dearest rule first', () => {
    const fit = fitsQuota([plan('a', 24), plan('b', 1440)], LIMITS);
    expect(fit).toMatchObject({ fits: true, findings: [] });
    expect(fit.costs.map((cost) => cost.ruleId)).toEqual(['b', 'a']);
  });

  it('names every limit that is exceeded, the worst first', () => {
    const plans = Array.from({ length: 100 }, (_, index) => plan(`r${index}`, 1440));
    const { fits, findings } = fitsQuota(plans, LIMITS);
    expect(fits).toBe(false);
    expect(findings.map((one) => [one.limit, Math.round(one.planned), one.allowed])).toEqual([
      ['callsPerHour', 6000, 1400],
      ['callsPerMinute', 100, 40],
    ]);
    expect(findings[1]?.message).toBe(
      'The rules need 100 calls a minute and the quota allows 40. Run some of them less often.',
    );
  });

  it('has nothing to say without limits or rules', () => {
    expect(fitsQuota([plan('a', 1e9)], UNLIMITED).fits).toBe(true);
    expect(fitsQuota([], LIMITS).fits).toBe(true);
  });
});
