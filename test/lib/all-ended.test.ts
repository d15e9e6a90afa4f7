import { describe, expect, it } from '@jest/globals';
import { allEnded, closeAll } from '../../src/lib/all-ended.ts';

describe('allEnded', () => {
  it('gives all values in their order', async () => {
    expect(await allEnded([Promise.resolve(1), Promise.resolve(2)])).toEqual([1, 2]);
  });

  it('throws the first failure when the last one has ended', async () => {
    const ended: string[] = [];
    const slow = new Promise<void>((resolve) => setImmediate(resolve)).then(() => ended.push('slow'));
    await expect(allEnded([slow, Promise.reject(new Error('one')), Promise.reject(new Error('two'))])).rejects.toThrow(
      'one',
    );
    expect(ended).toEqual(['slow']);
  });
});

describe('closeAll', () => {
  it('closes the last one first, each once, whatever fails', async () => {
    const closed: number[] = [];
    const closers = [1, 2, 3].map((number) => async () => {
      closed.push(number);
      if (number > 1) throw new Error(`no ${number}`);
    });
    await expect(closeAll(closers)).rejects.toThrow('no 3');
    await closeAll(closers);
    expect(closed).toEqual([3, 2, 1]);
  });
});
