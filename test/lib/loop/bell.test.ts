import { expect, it } from '@jest/globals';
import { createBell } from '../../../src/lib/bell.ts';
import { createManualClock } from '../../../src/lib/clock.ts';

it('a bell tells a ring from time that passes, keeps a ring for who comes later, and leaves no sleeper behind', async () => {
  const manual = createManualClock(0);
  const sleeping = new Set<number>();
  let sleeps = 0;
  const clock = {
    ...manual,
    sleep: async (ms: number, signal?: AbortSignal) => {
      sleeps += 1;
      const id = sleeps;
      sleeping.add(id);
      await manual.sleep(ms, signal).finally(() => sleeping.delete(id));
    },
  };
  const bell = createBell(clock);
  const waits = async (act: () => unknown): Promise<readonly [boolean, number]> => {
    const waited = bell.wait(10);
    await act();
    return [await waited, sleeping.size];
  };
  const passes = () => manual.advance(10);
  for (const _ of [1, 2]) {
    expect(await waits(passes)).toEqual([false, 0]);
    expect(await waits(passes)).toEqual([false, 0]);
    expect(await waits(bell.ring)).toEqual([true, 0]);
  }
  bell.ring();
  expect([await bell.wait(10), sleeps]).toEqual([true, 6]);
});
