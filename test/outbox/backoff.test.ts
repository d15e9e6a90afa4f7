import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HOUR_MS, MINUTE_MS } from '../../src/lib/duration.ts';
import { backoffMs } from '../../src/outbox/backoff.ts';

const ALMOST_ONE = 1 - Number.EPSILON;

describe('the back-off', () => {
  it('doubles its ceiling from 2 s to 15 min', () => {
    const ceilings = [1, 2, 3, 9, 10, 11, 5000].map((attempts) => backoffMs(attempts, null, ALMOST_ONE));
    expect(ceilings).toEqual([2000, 4000, 8000, 512_000, 15 * MINUTE_MS, 15 * MINUTE_MS, 15 * MINUTE_MS]);
  });

  it('spreads over the whole range down to 1 s', () => {
    expect(backoffMs(9, null, 0)).toBe(1000);
    expect(backoffMs(9, null, 0.5)).toBe(256_500);
  });

  it('takes Retry-After as a lower bound of at most an hour', () => {
    expect(backoffMs(1, 90_000, 0.5)).toBe(90_000);
    expect(backoffMs(1, 48 * HOUR_MS, 0.5)).toBe(HOUR_MS);
    expect(backoffMs(1, -5, 0)).toBe(1000);
    expect(backoffMs(9, 10, 0.5)).toBe(256_500);
  });

  it('stays within its bounds', () => {
    const random = fc.double({ min: 0, max: ALMOST_ONE, noNaN: true });
    const asked = fc.option(fc.double({ min: -1e9, max: 1e12, noNaN: true }));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), asked, random, (attempts, retryAfterMs, drawn) => {
        const delay = backoffMs(attempts, retryAfterMs, drawn);
        expect(Number.isInteger(delay)).toBe(true);
        expect(delay).toBeGreaterThanOrEqual(Math.max(1000, Math.min(retryAfterMs ?? 0, HOUR_MS)));
        expect(delay).toBeLessThanOrEqual(HOUR_MS);
      }),
    );
  });
});
