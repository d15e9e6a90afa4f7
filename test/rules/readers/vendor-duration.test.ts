import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/lib/duration.ts';
import { parseVendorDuration } from '../../../src/rules/readers/vendor/vendor-duration.ts';

describe('parseVendorDuration', () => {
  it.each([
    ['1h', HOUR_MS],
    ['1h10m', 70 * MINUTE_MS],
    ['1d12h', 36 * HOUR_MS],
    ['24H', DAY_MS],
    [' 5m ', 5 * MINUTE_MS],
    ['06:00:00', 6 * HOUR_MS],
    ['6:00', 6 * HOUR_MS],
    ['1.00:00:00', DAY_MS],
    ['14.00:00:00', 14 * DAY_MS],
    ['00:00:30.5000000', 30 * SECOND_MS],
    ['PT1H', HOUR_MS],
    ['P1D', DAY_MS],
    ['P1DT12H', 36 * HOUR_MS],
    ['P2W', 14 * DAY_MS],
    ['pt5m', 5 * MINUTE_MS],
    ['PT0S', 0],
    ['0', 0],
    [0, 0],
    [{ Ticks: 36_000_000_000, Days: 0, Hours: 1 }, HOUR_MS],
    [{ ticks: '36000000000' }, HOUR_MS],
    [{ Days: 1, Hours: 2 }, 26 * HOUR_MS],
  ])('%j', (value, ms) => {
    expect(parseVendorDuration(value)).toEqual({ ms });
  });

  it.each([
    ['7', 'does not say of what'],
    [7, 'does not say of what'],
    ['24:00:00', '24 days'],
    ['00:60:00', 'more than 23 hours, 59 minutes'],
    ['P1M', 'months or years'],
    ['P1Y', 'months or years'],
    ['P', 'is no duration'],
    ['P1DT', 'is no duration'],
    ['100ms', 'is no duration'],
    ['an hour', 'is no duration'],
    [{}, 'no TimeSpan'],
    [{ TotalHours: 1 }, 'no TimeSpan'],
    [null, 'is no duration'],
  ])('%j is refused', (value, why) => {
    expect(parseVendorDuration(value)).toEqual({ fault: expect.stringContaining(why) });
  });

  it('reads every length the same in all four grammars', () => {
    const parts = fc.record({ d: fc.nat(13), h: fc.nat(23), m: fc.nat(59), s: fc.nat(59) });
    fc.assert(
      fc.property(parts, ({ d, h, m, s }) => {
        const ms = d * DAY_MS + h * HOUR_MS + m * MINUTE_MS + s * SECOND_MS;
        const written = [
          `${d}d${h}h${m}m${s}s`,
          `${d}.${h}:${m}:${s}`,
          `P${d}DT${h}H${m}M${s}S`,
          { Ticks: ms * 10_000 },
        ];
        expect(written.map(parseVendorDuration)).toEqual(written.map(() => ({ ms })));
      }),
    );
  });
});
