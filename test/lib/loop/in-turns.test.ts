import { describe, expect, it } from '@jest/globals';
import { mapInTurns } from '../../../src/lib/loop/in-turns.ts';

describe('mapping in turns', () => {
  it('maps all items in their order', async () => {
    const items = Array.from({ length: 25 }, (_, index) => index);
    expect(await mapInTurns(items, (item) => item * 2, { atOnce: 10 })).toEqual(items.map((item) => item * 2));
    expect(await mapInTurns([], (item) => item)).toEqual([]);
  });

  it('lets others have their turn behind each part, and none where all is one part', async () => {
    const turns: number[] = [];
    let done = 0;
    const count = (): void => {
      turns.push(done);
      if (done < 5) setImmediate(count);
    };
    setImmediate(count);
    await mapInTurns([1, 2, 3, 4, 5], () => (done += 1), { atOnce: 2 });
    expect(turns.slice(0, 2)).toEqual([2, 4]);
    let isInterrupted = false;
    setImmediate(() => {
      isInterrupted = true;
    });
    await mapInTurns([1, 2], (item) => item, { atOnce: 2 });
    expect(isInterrupted).toBe(false);
  });

  it('lets the one with the fewest items left go on first, and the earlier one of two', async () => {
    const ended: string[] = [];
    const run = async (name: string, count: number) => {
      await mapInTurns(Array.from({ length: count }), () => null, { atOnce: 2 });
      ended.push(name);
    };
    await Promise.all([run('long', 12), run('first', 8), run('second', 8), run('short', 3)]);
    expect(ended).toEqual(['short', 'first', 'second', 'long']);
  });

  it('lets what costs next to nothing go on before all others, however much of it there is', async () => {
    const ended: string[] = [];
    const run = async (name: string, count: number, effort: number) => {
      await mapInTurns(Array.from({ length: count }), () => null, { atOnce: 2, effort });
      ended.push(name);
    };
    await Promise.all([run('dear', 6, 1), run('cheap', 20, 0)]);
    expect(ended).toEqual(['cheap', 'dear']);
  });

  it('rejects with what an item throws', async () => {
    const refuse = (item: number): never => {
      throw new Error(`no ${item}`);
    };
    await expect(mapInTurns([1], refuse)).rejects.toThrow('no 1');
  });
});
