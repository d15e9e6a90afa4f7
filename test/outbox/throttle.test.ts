import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/lib/duration.ts';
import { createThrottle, type Throttle } from '../../src/outbox/throttle.ts';

/** `count` deliveries that start and are taken at one instant. */
function take(throttle: Throttle, at: number, count = 1): void {
  for (let taken = 0; taken < count; taken += 1) {
    throttle.started(at);
    throttle.ended(at, true);
  }
}

/** Takes 10 at 0, then refuses one with a pause up to 11 s: 1.1 s a delivery were shown, 1.21 s is the pace behind it. */
function refused(): Throttle {
  const throttle = createThrottle(Number.NEGATIVE_INFINITY);
  take(throttle, 0, 10);
  throttle.started(0);
  throttle.refused(1000, 0, 10_000, true);
  return throttle;
}

/** The gap behind a delivery that starts at `at`. */
function gapAt(throttle: Throttle, at: number): number {
  throttle.started(at);
  return throttle.waitMs(at);
}

describe('a target that refuses nothing', () => {
  it('is sent as much as it takes', () => {
    const throttle = createThrottle(Number.NEGATIVE_INFINITY);
    take(throttle, 0, 100);
    expect([throttle.waitMs(0), throttle.pauseMs(0), throttle.atOnce(4)]).toEqual([0, 0, 4]);
  });
});

describe('a pause', () => {
  it('ends to the millisecond, and one goes ahead alone until it has come to its end', () => {
    const throttle = refused();
    expect([throttle.waitMs(1000), throttle.pauseMs(1000), throttle.atOnce(4)]).toEqual([10_000, 10_000, 1]);
    expect([throttle.waitMs(10_999.5), throttle.pauseMs(11_000), throttle.waitMs(11_000)]).toEqual([1, 0, 0]);
    throttle.started(11_000);
    expect(throttle.atOnce(4)).toBe(1);
    throttle.ended(11_000, false);
    expect(throttle.atOnce(4)).toBe(4);
  });

  it('is not ended by what was under way before it', () => {
    const throttle = refused();
    throttle.ended(10_999, true);
    expect(throttle.atOnce(4)).toBe(1);
  });

  it('that is longer stands, whichever came first', () => {
    const throttle = createThrottle(Number.NEGATIVE_INFINITY);
    throttle.refused(0, 0, 10_000, false);
    throttle.refused(1000, 0, 2000, false);
    expect([throttle.waitMs(1000), throttle.pauseMs(1000)]).toEqual([9000, 9000]);
    throttle.refused(1000, 0, 20_000, false);
    expect(throttle.pauseMs(1000)).toBe(20_000);
  });

  it('that is no 429 slows nothing down behind it', () => {
    const throttle = createThrottle(Number.NEGATIVE_INFINITY);
    take(throttle, 0, 10);
    throttle.refused(1000, 0, 10_000, false);
    expect(gapAt(throttle, 11_000)).toBe(0);
  });
});

describe('the pace behind a 429', () => {
  it('is a tenth below what the target took until the pause was over', () => {
    expect(gapAt(refused(), 11_000)).toBe(1210);
  });

  it('is not slowed down once more by what was under way then', () => {
    const throttle = refused();
    throttle.refused(1500, 999, 9500, true);
    expect(gapAt(throttle, 11_000)).toBe(1210);
    throttle.refused(1500, 1000, 9500, true);
    expect(gapAt(throttle, 11_000)).toBe(1210);
    throttle.refused(11_500, 11_000, 5000, true);
    expect(gapAt(throttle, 16_500)).toBeGreaterThan(1210);
  });

  it('grows back by a hundredth with each delivery, and by a tenth once twice as many were taken', () => {
    const throttle = refused();
    let [at, gap] = [11_000, 1210];
    for (let taken = 1; taken <= 23; taken += 1) {
      expect(gapAt(throttle, at)).toBe(Math.ceil(gap - 1e-6));
      throttle.ended(at, true);
      gap *= taken <= 20 ? 0.99 : 0.9;
      at += 2000;
    }
  });

  it.each([
    { before: 30, slowly: 60 },
    { before: 5, slowly: 20 },
  ])('trusts a target that took $before before only after twice as many, and 20 at least', ({ before, slowly }) => {
    const throttle = createThrottle(Number.NEGATIVE_INFINITY);
    take(throttle, 0, before);
    throttle.started(0);
    throttle.refused(1000, 0, before * 1000 - 1000, true);
    let gap = 1100;
    for (let taken = 1; taken <= slowly + 1; taken += 1) {
      const at = before * 1000 + taken * 2000;
      expect(gapAt(throttle, at)).toBe(Math.ceil(gap - 1e-6));
      throttle.ended(at, true);
      gap *= taken <= slowly ? 0.99 : 0.9;
    }
  });

  it('does not grow by what the target took not, nor by what began before the refusal', () => {
    const throttle = refused();
    throttle.ended(999, true);
    throttle.ended(1000, true);
    throttle.started(11_000);
    throttle.ended(11_000, false);
    expect(gapAt(throttle, 13_000)).toBe(1210);
  });

  it('is a delivery a minute at the least, and a millisecond between two at the most', () => {
    const slow = createThrottle(Number.NEGATIVE_INFINITY);
    slow.started(0);
    slow.refused(1000, 0, HOUR_MS, true);
    expect(gapAt(slow, HOUR_MS + 1000)).toBe(MINUTE_MS);
    const fast = createThrottle(Number.NEGATIVE_INFINITY);
    take(fast, 0, 1000);
    fast.started(0);
    fast.refused(1, 0, 1, true);
    expect(gapAt(fast, 2)).toBe(1);
    fast.ended(2, true);
    expect(gapAt(fast, 3)).toBe(0);
    const between = createThrottle(Number.NEGATIVE_INFINITY);
    take(between, 0, 4);
    between.started(0);
    between.refused(2, 0, 4, true);
    expect(gapAt(between, 6)).toBe(2);
    between.ended(6, true);
    expect(gapAt(between, 10)).toBe(2);
  });

  it('is measured from the start of a stretch, which ends with ten seconds of nothing to send', () => {
    const gapAfterIdle = (idleMs: number) => {
      const throttle = createThrottle(Number.NEGATIVE_INFINITY);
      take(throttle, 0, 10);
      take(throttle, idleMs, 10);
      throttle.started(idleMs);
      throttle.refused(idleMs, idleMs, 20_000, true);
      return gapAt(throttle, idleMs + 20_000);
    };
    expect(gapAfterIdle(10 * SECOND_MS)).toBe((1.1 * 30_000) / 20);
    expect(gapAfterIdle(10 * SECOND_MS + 1)).toBe((1.1 * 20_000) / 10);
  });

  it('is measured from the start of a stretch, which ends with two gaps of nothing to send', () => {
    const gapAfterIdle = (idleMs: number) => {
      const throttle = createThrottle(Number.NEGATIVE_INFINITY);
      throttle.started(0);
      throttle.refused(1000, 0, HOUR_MS, true);
      const at = HOUR_MS + 1000;
      throttle.started(at);
      throttle.refused(at + 1, at, MINUTE_MS - 1, true);
      const slow = at + MINUTE_MS;
      throttle.started(slow);
      throttle.ended(slow, true);
      throttle.started(slow + idleMs);
      throttle.refused(slow + idleMs, slow + idleMs, 30_000, true);
      return gapAt(throttle, slow + idleMs + 30_000);
    };
    const gap = 0.99 * MINUTE_MS;
    expect(gapAfterIdle(2 * gap)).toBe(MINUTE_MS);
    expect(gapAfterIdle(2 * gap + 1)).toBe(33_000);
  });

  it('is measured anew from the end of a pause on', () => {
    const throttle = refused();
    for (let taken = 0; taken < 5; taken += 1) take(throttle, 11_000 + taken * 2000);
    throttle.started(21_000);
    throttle.refused(21_000, 21_000, 10_000, true);
    expect(gapAt(throttle, 31_000)).toBe((1.1 * 20_000) / 5);
  });

  it('is forgotten after a quarter of an hour of rest', () => {
    const gapAfterRest = (restMs: number) => {
      const throttle = refused();
      return gapAt(throttle, 11_000 + restMs);
    };
    expect(gapAfterRest(15 * MINUTE_MS)).toBe(1210);
    expect(gapAfterRest(15 * MINUTE_MS + 1)).toBe(0);
  });
});

describe('a pause from before a restart', () => {
  it('is kept to its end', () => {
    const throttle = createThrottle(5000);
    expect([throttle.pauseMs(1000), throttle.waitMs(1000), throttle.waitMs(5000)]).toEqual([4000, 4000, 0]);
    throttle.refused(1000, 1000, 100, false);
    expect(throttle.pauseMs(1000)).toBe(4000);
  });
});
