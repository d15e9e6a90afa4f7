import { describe, expect, it } from '@jest/globals';
import { ask } from '../ask.ts';
import { rowsOf } from '../evaluate.ts';

const VISITS = 'datatable(who: string, n: long)["a", 1, "b", 5, "c", 2, "a", 1, "b", long(null), "a", 2]';

describe('top-hitters', () => {
  it.each([
    [
      '2 of who',
      [
        ['a', 3],
        ['b', 2],
      ],
    ],
    [
      '2 of who by n',
      [
        ['b', 5],
        ['a', 4],
      ],
    ],
    [
      '9 of who by n * 0.5',
      [
        ['b', 2.5],
        ['a', 2],
        ['c', 1],
      ],
    ],
    ['0 of who', []],
  ])('top-hitters %s', async (clause, expected) => {
    expect(await rowsOf(`${VISITS} | top-hitters ${clause}`)).toEqual(expected);
  });

  it('names its columns as the service does', async () => {
    const names = async (clause: string): Promise<string[]> =>
      (await ask(`${VISITS} | top-hitters ${clause}`)).columns.map(({ name }) => name);
    expect(await names('2 of who')).toEqual(['who', 'approximate_count_who']);
    expect(await names('2 of who by n')).toEqual(['who', 'approximate_sum_n']);
  });
});
