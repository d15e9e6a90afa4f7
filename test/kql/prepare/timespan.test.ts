import { describe, expect, it } from '@jest/globals';
import { parseTimespanMs } from '../../../src/kql/prepare/timespan.ts';

describe('parseTimespan', () => {
  it.each([
    ['7d', 604_800_000],
    ['1.5h', 5_400_000],
    ['90s', 90_000],
    ['2 minutes', 120_000],
    ['10ms', 10],
    ['10microseconds', 0.01],
    ['1tick', 0.0001],
    ['1.02:03:04', 93_784_000],
    ['02:03', 7_380_000],
    ['00:00:01.5', 1500],
    ['-1h', -3_600_000],
    ['-0.5d', -43_200_000],
    ['3', 259_200_000],
  ])('reads %s', (text, ms) => {
    expect(parseTimespanMs(text)).toBeCloseTo(ms, 6);
  });

  it.each(['', 'null', 'd', '1 fortnight', '1h30m', '1:2:3:4'])('does not take "%s" for one', (text) => {
    expect(parseTimespanMs(text)).toBeNull();
  });
});
