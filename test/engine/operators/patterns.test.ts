import { describe, expect, it } from '@jest/globals';
import { rowsOf } from '../ask.ts';

/** How many storms there were of each kind: as many as in the example of the documentation. */
const STORMS = `let Storms = datatable(EventType:string, Damage:string, DamageCrops:int, Times:long)[
  'Hail', 'NO', 0, 2278, 'Hail', 'YES', 0, 93, 'Hail', 'YES', 5, 97,
  'Thunderstorm Wind', 'NO', 0, 779, 'Thunderstorm Wind', 'YES', 0, 500, 'Thunderstorm Wind', 'YES', 5, 12,
  'Flood', 'NO', 0, 800, 'Snow', 'NO', 0, 717, 'Flood', 'YES', 0, 508, 'Snow', 'YES', 5, 100];
  Storms`;

describe('evaluate basket', () => {
  it('tells what many rows share, each set of rows once', async () => {
    expect(await rowsOf(`${STORMS} | evaluate basket(0.2, Times, '~', '*', int(-1)) | project-away Times`)).toEqual([
      [0, 4574, 77.7, '*', 'NO', 0],
      [1, 2278, 38.7, 'Hail', 'NO', 0],
      [2, 5675, 96.4, '*', '*', 0],
      [3, 2371, 40.3, 'Hail', '*', 0],
      [4, 1308, 22.2, 'Flood', '*', 0],
      [5, 1279, 21.7, 'Thunderstorm Wind', '*', 0],
      [6, 2468, 41.9, 'Hail', '*', -1],
      [7, 1310, 22.3, '*', 'YES', -1],
      [8, 1291, 21.9, 'Thunderstorm Wind', '*', -1],
    ]);
  });

  it('holds to the dimensions, of which those that follow from others are none', async () => {
    const found = await rowsOf(`${STORMS} | evaluate basket(0.2, Times, 1) | project Count, EventType, Damage`);
    expect(found).not.toContainEqual([2278, 'Hail', 'NO']);
    expect(found).toContainEqual([4574, '', 'NO']);
  });

  it('counts rows without a weight, and empty cells as values', async () => {
    const table = "datatable(a:string, n:long)['x', long(null), 'x', long(null), 'y', 3]";
    expect(await rowsOf(`${table} | evaluate basket(0.5, '~', '~', '*', -1)`)).toEqual([[0, 2, 66.7, 'x', null]]);
    expect(await rowsOf(`${table} | where false | evaluate basket()`)).toEqual([]);
  });

  it('costs its budget', async () => {
    const wide = `range n from 1 to 200 step 1 | extend ${Array.from({ length: 20 }, (_, at) => `c${at} = n % ${at + 2} == 0`).join()}`;
    await expect(rowsOf(`${wide} | evaluate basket()`, {}, { limits: { rows: 5000 } })).rejects.toMatchObject({
      code: 'KQL_BUDGET',
    });
  });

  it('refuses wildcards of rows', async () => {
    await expect(rowsOf(`${STORMS} | evaluate basket(0.2, Times, 3, EventType)`)).rejects.toMatchObject({
      code: 'KQL_UNSUPPORTED',
    });
  });
});

describe('evaluate autocluster', () => {
  it('tells a few patterns that together hold most rows', async () => {
    expect(await rowsOf(`${STORMS} | evaluate autocluster(0.6, Times) | project-away Times, DamageCrops`)).toEqual([
      [0, 2278, 38.7, 'Hail', 'NO'],
      [1, 1308, 22.2, 'Flood', ''],
      [2, 1279, 21.7, 'Thunderstorm Wind', ''],
      [3, 817, 13.9, 'Snow', ''],
    ]);
  });

  it('tells more specific ones with a smaller weight of the size, with wildcards of one’s own', async () => {
    const found = await rowsOf(
      `${STORMS} | evaluate autocluster(0.2, Times, '~', '*') | project Count, EventType, Damage`,
    );
    expect(found.length).toBeGreaterThan(2);
    expect(found).toContainEqual([2278, 'Hail', 'NO']);
  });

  it('passes over columns that are different in each row', async () => {
    const rows =
      "range n from 1 to 100 step 1 | extend State = iff(n % 4 == 0, 'failed', 'ok'), Host = strcat('pc', n)";
    expect(await rowsOf(`${rows} | evaluate autocluster() | project Count, n, State, Host`)).toEqual([
      [75, null, 'ok', ''],
      [25, null, 'failed', ''],
    ]);
  });

  it('has no rows without rows', async () => {
    expect(await rowsOf(`${STORMS} | where false | evaluate autocluster()`)).toEqual([]);
  });
});

describe('evaluate diffpatterns', () => {
  const DIFFERENCE = `${STORMS} | evaluate diffpatterns(Damage, 'NO', 'YES', Times)`;

  it('tells patterns whose shares differ, the greatest difference first, without the column that splits', async () => {
    expect(await rowsOf(`${DIFFERENCE} | project-away Times`)).toEqual([
      [0, 2278, 93, 49.8, 7.1, 42.7, 'Hail', 0],
      [1, 779, 512, 17.03, 39.08, 22.05, 'Thunderstorm Wind', null],
      [2, 800, 508, 17.49, 38.78, 21.29, 'Flood', null],
      [3, 0, 209, 0, 15.95, 15.95, '', 5],
      [4, 717, 0, 15.68, 0, 15.68, 'Snow', 0],
    ]);
  });

  it('takes values by their texts, a threshold, and a number of dimensions', async () => {
    const table =
      "datatable(ok:bool, a:string, b:string)[true, 'x', 'p', true, 'x', 'q', false, 'x', 'q', false, 'y', 'q']";
    expect(await rowsOf(`${table} | evaluate diffpatterns(ok, 'True', 'False', '~', 0.9)`)).toEqual([]);
    const found = await rowsOf(`${table} | evaluate diffpatterns(ok, 'True', 'False', '~', '~', 1, '*')`);
    expect(found.every((row) => row.slice(6).filter((cell) => cell !== '*').length === 1)).toBe(true);
  });

  it('has no rows without rows, and none where nothing differs', async () => {
    expect(await rowsOf(`${STORMS} | where false | evaluate diffpatterns(Damage, 'NO', 'YES')`)).toEqual([]);
    const same = "datatable(s:string, a:string)['l', 'x', 'r', 'x']";
    expect(await rowsOf(`${same} | evaluate diffpatterns(s, 'l', 'r')`)).toEqual([]);
  });
});
