import { describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { createTicker } from '../../src/targets/ticker.ts';

describe('a ticker', () => {
  it('ticks while there is something to watch, and again after a new start', async () => {
    const clock = createManualClock(0);
    const at: number[] = [];
    let left = 2;
    const ticker = createTicker(clock, 10, () => {
      at.push(clock.now());
      left -= 1;
      return left > 0;
    });
    ticker.start();
    ticker.start();
    await clock.advance(100);
    expect(at).toEqual([10, 20]);
    left = 1;
    ticker.start();
    await clock.advance(100);
    expect(at).toEqual([10, 20, 110]);
  });

  it('may be stopped and started anew by what it ticks for, and never ticks twice at a time', async () => {
    const clock = createManualClock(0);
    const at: number[] = [];
    const ticker = createTicker(clock, 10, () => {
      at.push(clock.now());
      if (at.length === 1) {
        ticker.stop();
        ticker.start();
      }
      return at.length < 3;
    });
    ticker.start();
    await clock.advance(15);
    ticker.start();
    await clock.advance(100);
    expect(at).toEqual([10, 20, 30]);
    ticker.start();
    await clock.advance(10);
    expect(at).toHaveLength(4);
  });

  it('stops at once and can start anew', async () => {
    const clock = createManualClock(0);
    let ticks = 0;
    const ticker = createTicker(clock, 10, () => {
      ticks += 1;
      return false;
    });
    ticker.start();
    ticker.stop();
    ticker.stop();
    await clock.advance(50);
    expect(ticks).toBe(0);
    ticker.start();
    await clock.advance(50);
    expect(ticks).toBe(1);
  });
});
