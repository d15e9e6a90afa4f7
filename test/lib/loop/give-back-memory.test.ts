import { describe, expect, it } from '@jest/globals';
import { giveBackMemory } from '../../../src/lib/loop/give-back-memory.ts';

describe('memory that is no longer needed', () => {
  it('is given back, more than once, and nothing that is needed', async () => {
    const needed = Array.from({ length: 1000 }, (_, index) => ({ index }));
    let dropped: object | null = Array.from({ length: 200_000 }, (_, index) => ({ index }));
    const seen = new WeakRef(dropped);
    dropped = null;
    await giveBackMemory();
    await giveBackMemory();
    expect(seen.deref()).toBeUndefined();
    expect(needed[999]).toEqual({ index: 999 });
  });
});
