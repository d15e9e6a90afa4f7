import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createPace } from '../../src/outbox/pace.ts';

describe('the pace', () => {
  it('is unlimited without a rate', () => {
    const pace = createPace(null);
    pace.take(0);
    expect(pace.waitMs(0)).toBe(0);
  });

  it('spaces slow deliveries evenly and saves nothing up', () => {
    const pace = createPace(4);
    pace.take(0);
    expect(pace.waitMs(0)).toBe(250);
    expect(pace.waitMs(200)).toBe(50);
    expect(pace.waitMs(9000)).toBe(0);
    pace.take(9000);
    expect(pace.waitMs(9000)).toBe(250);
  });

  it('makes up for 50 ms of a timer, where the gap is shorter', () => {
    const atOnce = (ratePerSecond: number) => {
      const pace = createPace(ratePerSecond);
      let taken = 0;
      for (; pace.waitMs(0) === 0; taken += 1) pace.take(0);
      return taken;
    };
    expect([1000, 100, 21, 20].map(atOnce)).toEqual([51, 6, 2, 1]);
  });

  it('never lets more through in a second than the rate, but for the slack of coarse timers', () => {
    const rate = fc.integer({ min: 1, max: 5000 });
    const steps = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 50, maxLength: 120 });
    fc.assert(
      fc.property(rate, steps, (ratePerSecond, waits) => {
        const pace = createPace(ratePerSecond);
        let now = 0;
        let taken = 0;
        for (const wait of waits) {
          now += wait;
          while (pace.waitMs(now) === 0) {
            pace.take(now);
            taken += 1;
          }
        }
        expect(taken).toBeLessThanOrEqual(Math.floor(((now + 50) / 1000) * ratePerSecond) + 1);
      }),
      { numRuns: 50 },
    );
  });
});
