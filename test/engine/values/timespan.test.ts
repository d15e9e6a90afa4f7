import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonical } from '../../../src/engine/values/integer.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/engine/values/ticks.ts';
import { parseTimespan, textOfTimespan } from '../../../src/engine/values/timespan.ts';

describe('timespans', () => {
  it.each([
    ['01:02:03', HOUR + 2 * MINUTE + 3 * SECOND],
    ['01:02', HOUR + 2 * MINUTE],
    ['4.00:00:00', 4 * DAY],
    ['-1.12:00:00', -(DAY + 12 * HOUR)],
    ['00:00:00.0000001', 1],
    ['00:00:00.5', SECOND / 2],
    ['2', 2 * DAY],
    ['1.5h', 1.5 * HOUR],
    ['30m', 30 * MINUTE],
    ['10 seconds', 10 * SECOND],
    ['3d', 3 * DAY],
    ['7ticks', 7],
    ['250ms', SECOND / 4],
  ])('reads %p', (text, expected) => {
    expect(parseTimespan(text)).toBe(expected);
  });

  it.each(['', 'later', '25:00:00', '00:61', '1 fortnight', '1:2:3:4:5', '99999999999999999999d'])(
    'gives null for %p',
    (text) => {
      expect(parseTimespan(text)).toBeNull();
    },
  );

  it.each([
    [0, '00:00:00'],
    [1, '00:00:00.0000001'],
    [-SECOND, '-00:00:01'],
    [DAY + 1, '1.00:00:00.0000001'],
    [-(2n ** 63n), '-10675199.02:48:05.4775808'],
  ])('writes %p ticks', (ticks, expected) => {
    expect(textOfTimespan(ticks)).toBe(expected);
  });

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (ticks) => {
        expect(parseTimespan(textOfTimespan(canonical(ticks)))).toBe(canonical(ticks));
      }),
    );
  });
});
