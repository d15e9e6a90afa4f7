import { describe, expect, it } from '@jest/globals';
import { rowsOf } from '../evaluate.ts';

const DAYS = `let T = datatable(who: string, day: datetime, site: string)
  ['ann', datetime(2024-01-01), 'x', 'bob', datetime(2024-01-01), 'y', 'ann', datetime(2024-01-02), 'x',
   'cid', datetime(2024-01-03), 'x', 'ann', datetime(2024-01-05), 'y', 'ann', datetime(2024-01-05), 'y'];
let from = datetime(2024-01-01); let until = datetime(2024-01-06);`;
const NONE =
  'let T = datatable(who: string, day: datetime)[]; let from = datetime(2024-01-01); let until = datetime(2024-01-06);';
const day = (number: number): string => `2024-01-0${number}T00:00:00Z`;

describe('session_count', () => {
  it('counts the sessions that begin in each bin, as the chart of the documentation shows them', async () => {
    const data = `let T = range t from 1 to 9999 step 1 | extend k = 1 | join kind=inner (range id from 1 to 50 step 1 | extend k = 1) on k | where t % id == 0 | project t, id;`;
    const counts = await rowsOf(`${data} T | evaluate session_count(id, t, 1, 10000, 100, 41) | sort by t asc`);
    expect(counts).toHaveLength(100);
    expect(counts.slice(0, 9)).toEqual(
      [57, 18, 19, 20, 19, 20, 19, 21, 18].map((count, index) => [index * 100, count]),
    );
    expect(counts.at(36)).toEqual([3600, 23]);
    expect(counts.at(99)).toEqual([9900, 21]);
  });

  it('takes dimensions apart, and gives nothing for nothing', async () => {
    const call = 'session_count(who, day, from - 1d, until, 2d, 1d, site)';
    expect(await rowsOf(`${DAYS} T | evaluate ${call} | summarize sum(count_sessions) by site`)).toEqual([
      ['x', 2],
      ['y', 2],
    ]);
    expect(await rowsOf(`${NONE} T | evaluate session_count(who, day, from, until, 2d, 1d)`)).toEqual([]);
  });
});

describe('plugins that slide over time', () => {
  it.each([
    [
      'activity_engagement(who, day, from, until, 1d, 2d)',
      [
        [day(1), 2, 2, 1],
        [day(2), 1, 2, 0.5],
        [day(3), 1, 2, 0.5],
        [day(5), 1, 1, 1],
      ],
    ],
    [
      'activity_metrics(who, day, from, until, 2d)',
      [
        [day(1), 2, 2, 1, 0],
        [day(3), 1, 1, 0, 1],
        [day(5), 1, 1, 0, 1],
      ],
    ],
    [
      'sliding_window_counts(who, day, from, until, 2d, 1d)',
      [
        [day(1), 2, 2],
        [day(2), 3, 2],
        [day(3), 2, 2],
        [day(4), 1, 1],
        [day(5), 2, 1],
        [day(6), 2, 1],
      ],
    ],
    ['active_users_count(who, day, from, until, 3d, 1d, 2, 1d)', [[day(2), 1]]],
  ])('%s', async (call, expected) => {
    expect(await rowsOf(`${DAYS} T | evaluate ${call}`)).toEqual(expected);
    expect(await rowsOf(`${NONE} T | evaluate ${call}`)).toEqual([]);
  });

  it('take dimensions apart', async () => {
    expect(
      await rowsOf(`${DAYS} T | evaluate sliding_window_counts(who, day, from, until, 1d, 1d, site) | count`),
    ).toEqual([[5]]);
    expect(
      await rowsOf(
        `${DAYS} T | evaluate activity_engagement(who, day, from, until, 1d, 1d, site) | where site == 'y' | project dcount_activities_inner`,
      ),
    ).toEqual([[1], [1]]);
  });

  it('rolling_percentile looks back so many bins', async () => {
    const rows = 'range i from 0 to 47 step 1 | project t = datetime(2024-01-01) + i * 1h, v = i, odd = i % 2';
    expect(await rowsOf(`${rows} | evaluate rolling_percentile(v, 50, t, 1d, 2)`)).toEqual([
      [day(1), 11],
      [day(2), 23],
    ]);
    expect(await rowsOf(`${rows} | evaluate rolling_percentile(v, 100, t, 1d, 1, odd) | where odd == 1`)).toEqual([
      [day(1), 1, 23],
      [day(2), 1, 47],
    ]);
    expect(await rowsOf(`${rows} | where v < 0 | evaluate rolling_percentile(v, 50, t, 1d, 2)`)).toEqual([]);
  });

  it('refuse a form that they do not know', async () => {
    await expect(rowsOf(`${DAYS} T | evaluate sliding_window_counts(who, day, from, until)`)).rejects.toThrow();
  });
});
