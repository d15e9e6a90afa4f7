import { describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';

describe('a manual clock', () => {
  it('that is set keeps its monotonic time and wakes its sleepers when they are due', async () => {
    const clock = createManualClock(1000);
    let woken = false;
    void clock.sleep(50).then(() => {
      woken = true;
    });
    clock.jump(86_400_000);
    expect([clock.now(), clock.monotonic()]).toEqual([86_401_000, 0]);
    await clock.advance(49);
    expect(woken).toBe(false);
    await clock.advance(1);
    clock.jump(-86_400_000);
    expect([woken, clock.now(), clock.monotonic()]).toEqual([true, 1050, 50]);
  });
});
