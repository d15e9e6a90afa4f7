import { describe, expect, it } from '@jest/globals';
import { rowsOf } from '../ask.ts';

/** Weeks of 14 half days: two high, twelve that go up and down a little. */
const WEEKS = Array.from({ length: 84 }, (_, at) => (at % 14 < 2 ? 100 : 10 + (at % 2)) + Math.floor(at / 14));

const SERIES = `dynamic([${WEEKS.join(',')}])`;

describe('series_periods_detect()', () => {
  it('finds the period, best first, and fills up with zeros', async () => {
    const [row] = await rowsOf(`print s = ${SERIES} | project series_periods_detect(s, 4.0, 40.0, 3)`);
    expect(row?.[0]).toEqual([14, 0, 0]);
    const scores = row?.[1] as number[] | undefined;
    expect(scores?.[0]).toBeGreaterThan(0.8);
    expect(scores?.slice(1)).toEqual([0, 0]);
  });

  it.each([
    ['a period outside of what is asked for', `${SERIES}, 15.0, 20.0, 1`, [0]],
    ['a period below four bins', 'dynamic([1,2,1,2,1,2,1,2,1,2,1,2]), 1.0, 3.0, 1', [0]],
    ['a series that never changes', 'dynamic([3,3,3,3,3,3,3,3,3,3,3,3]), 1.0, 6.0, 1', [0]],
    ['no series', 'dynamic([]), 1.0, 6.0, 2', []],
  ])('finds none: %s', async (_, call, periods) => {
    const [row] = await rowsOf(`print series_periods_detect(${call})`);
    expect(row?.[0]).toEqual(periods);
  });
});

describe('series_periods_validate()', () => {
  it('scores each period that it is given, 0 for what is none', async () => {
    const [row] = await rowsOf(`print s = ${SERIES} | project series_periods_validate(s, 14.0, 9.0, 3.0, 60.0)`);
    expect(row?.[0]).toEqual([14, 9, 3, 60]);
    const scores = row?.[1] as number[] | undefined;
    expect(scores?.[0]).toBeGreaterThan(0.8);
    expect(scores?.slice(1)).toEqual([0, 0, 0]);
  });

  it('gives null periods a score of 0', async () => {
    expect((await rowsOf('print series_periods_validate(dynamic([1,2,3,4]), real(null))'))[0]).toEqual([[null], [0]]);
  });
});
