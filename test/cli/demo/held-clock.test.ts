import { describe, expect, it } from '@jest/globals';
import { createHeldClock } from '../../../src/cli/demo/held-clock.ts';
import { createFastClock, createManualClock } from '../../../src/lib/clock.ts';

const T0 = Date.parse('2026-01-10T12:00:00Z');

describe('a held clock', () => {
  it('stands still until it is let go, and then goes on from there', async () => {
    const base = createManualClock(T0);
    const held = createHeldClock(base);
    await base.advance(5000);
    expect([held.now(), held.monotonic()]).toEqual([T0, 0]);
    held.release();
    await base.advance(3000);
    held.release();
    expect([held.now(), held.monotonic()]).toEqual([T0 + 3000, 3000]);
  });

  it('lets nobody wake before, and everybody after as long as they asked for', async () => {
    const base = createManualClock(T0);
    const held = createHeldClock(base);
    const fast = createFastClock(T0, 60, held);
    const woken: string[] = [];
    const early = fast.sleep(60_000).then(() => woken.push('early'));
    await base.advance(10_000);
    expect(woken).toEqual([]);
    held.release();
    await base.advance(999);
    expect(woken).toEqual([]);
    await base.advance(1);
    await early;
    expect(fast.now()).toBe(T0 + 60_000);
  });

  it('can be held again, as often as it is released: who sleeps then wakes later by as much', async () => {
    const base = createManualClock(T0);
    const held = createHeldClock(base);
    held.release();
    let woken = 0;
    const asleep = held.sleep(1000).then(() => {
      woken = held.now();
    });
    await base.advance(400);
    held.hold();
    held.hold();
    await base.advance(5000);
    held.release();
    await base.advance(5000);
    expect([held.now(), woken]).toEqual([T0 + 400, 0]);
    held.release();
    await base.advance(599);
    expect(woken).toBe(0);
    await base.advance(1);
    await asleep;
    expect(woken).toBe(T0 + 1000);
  });

  it('can be left by whoever gives up waiting', async () => {
    const held = createHeldClock(createManualClock(T0));
    const stop = new AbortController();
    const asleep = held.sleep(1000, stop.signal);
    stop.abort(new Error('enough'));
    await expect(asleep).rejects.toThrow('enough');
  });
});
