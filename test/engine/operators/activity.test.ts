import { describe, expect, it } from '@jest/globals';
import { rowsOf } from '../evaluate.ts';

const VISITS =
  'let V = datatable(who: string, at: datetime, place: string)["a", datetime(2025-01-01 03:00), "x", "b", datetime(2025-01-01), "x", "a", datetime(2025-01-02), "y", "c", datetime(2025-01-02), "x", "c", datetime(2025-01-03), "x", "z", datetime(2024-12-31), "x", "z", datetime(2025-01-05), "x"];';
const SPAN = 'datetime(2025-01-01), datetime(2025-01-04)';

describe('activities by period', () => {
  it('counts who is there, who is new, and how many there were so far', async () => {
    expect(await rowsOf(`${VISITS} V | evaluate activity_counts_metrics(who, at, ${SPAN}, 1d)`)).toEqual([
      ['2025-01-01T00:00:00Z', 2, 2, 2, 2],
      ['2025-01-02T00:00:00Z', 2, 2, 1, 3],
      ['2025-01-03T00:00:00Z', 1, 1, 0, 3],
    ]);
  });

  it('counts each dimension for itself', async () => {
    expect(await rowsOf(`${VISITS} V | evaluate activity_counts_metrics(who, at, ${SPAN}, 2d, place)`)).toEqual([
      ['2025-01-01T00:00:00Z', 'x', 3, 3, 3, 3],
      ['2025-01-03T00:00:00Z', 'x', 1, 1, 0, 3],
      ['2025-01-01T00:00:00Z', 'y', 1, 1, 1, 1],
    ]);
  });

  it('refuses an end of another type than the time', async () => {
    const query = `${VISITS} V | evaluate activity_counts_metrics(who, at, 1, 2, 1d)`;
    await expect(rowsOf(query)).rejects.toMatchObject({ name: 'HuntwireError' });
  });
});

describe('rows near others', () => {
  it.each([
    ['x == 5, 1', [4, 5, 6]],
    ['x == 5 or x == 6, 1', [4, 5, 6, 7]],
    ['x == 1 or x == 8, 2', [1, 2, 3, 6, 7, 8]],
    ['x == 5, 2, 0', [3, 4, 5]],
    ['x > 9, 3', []],
  ])('rows_near(%s)', async (args, expected) => {
    const rows = await rowsOf(`range x from 1 to 8 step 1 | evaluate rows_near(${args})`);
    expect(rows.flat()).toEqual(expected);
  });
});
