import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { retryAfterMs } from '../../src/lib/retry-after.ts';

const NOW = Date.UTC(2026, 10, 5, 9);

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 5 ', 5000],
    ['1.5', 1500],
    ['Thu, 05 Nov 2026 09:01:30 GMT', 90_000],
    ['Thursday, 05-Nov-26 09:01:30 GMT', 90_000],
    ['Thu, 05 Nov 2026 08:00:00 GMT', 0],
  ])('reads %j', (header, ms) => {
    expect(retryAfterMs(header, NOW)).toBe(ms);
  });

  it.each([null, '', '-1', 'soon', '99999999999999999999', '2026-11-05', '5, 10'])('ignores %j', (header) => {
    expect(retryAfterMs(header, NOW)).toBeNull();
  });

  it('is never negative and never NaN', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        const ms = retryAfterMs(header, NOW);
        expect(ms === null || ms >= 0).toBe(true);
      }),
    );
  });
});
