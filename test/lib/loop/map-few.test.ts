import { describe, expect, it } from '@jest/globals';
import { mapFew } from '../../../src/lib/loop/map-few.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('work on so many at once', () => {
  it('gives what came of each in their order, and has no more at work than that', async () => {
    let [working, most] = [0, 0];
    const made = await mapFew([...Array(20).keys()], 3, async (item) => {
      working += 1;
      most = Math.max(most, working);
      for (let turns = 20 - item; turns > 0; turns -= 1) await turn();
      working -= 1;
      return item * 2;
    });
    expect(made).toEqual([...Array(20).keys()].map((item) => item * 2));
    expect(most).toBe(3);
    expect(await mapFew([], 3, async () => 1)).toEqual([]);
  });

  it('throws what failed first, and begins nothing after it', async () => {
    const begun: number[] = [];
    const all = mapFew([...Array(10).keys()], 2, async (item) => {
      begun.push(item);
      await turn();
      if (item === 1) throw new Error('one');
    });
    await expect(all).rejects.toThrow('one');
    await turn();
    await turn();
    expect(begun.length).toBeLessThan(5);
  });
});
