import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createManualClock } from '../../../src/lib/clock.ts';
import { createServiceClock } from '../../../src/run/clock/service-clock.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const T0 = Date.parse('2026-01-10T12:00:00Z');

/** A clock of ours that is `ahead` of the service's, and the service's clock as answers tell it. */
function setUp(ahead = 0, storedSkewMs = 0) {
  const clock = createManualClock(T0 + ahead);
  const serviceClock = createServiceClock(clock, storedSkewMs);
  const trueNow = (): number => T0 + clock.monotonic();
  /** An answer after so many seconds that is `off` by so much. */
  const hear = async (seconds: number, off = 0): Promise<void> => {
    await clock.advance(seconds * SECOND);
    serviceClock.observe(trueNow() + off);
  };
  return { clock, serviceClock, trueNow, hear };
}

describe("the service's clock", () => {
  it('is not known before an answer', async () => {
    const { serviceClock } = setUp();
    expect([serviceClock.now(), serviceClock.skewMs(), serviceClock.isSure()]).toEqual([null, null, false]);
  });

  it('is set at once by a first answer that our clock bears out', async () => {
    const { serviceClock, hear, trueNow } = setUp(50 * SECOND);
    await hear(1);
    expect([serviceClock.now(), serviceClock.skewMs(), serviceClock.isSure()]).toEqual([trueNow(), 50 * SECOND, true]);
  });

  it('is set at once where our clock is as far off as it was before', async () => {
    const { serviceClock, hear, trueNow } = setUp(3 * DAY, 3 * DAY - 10 * SECOND);
    await hear(1);
    expect(serviceClock.now()).toBe(trueNow());
  });

  it.each([DAY, -DAY, 2 * MINUTE])('takes three answers that agree where our clock is off by %d ms', async (ahead) => {
    const { serviceClock, hear, trueNow } = setUp(ahead);
    await hear(0);
    await hear(10);
    expect(serviceClock.now()).toBeNull();
    await hear(10);
    expect(serviceClock.now()).toBe(trueNow());
    expect(serviceClock.skewMs()).toBe(ahead);
  });

  it('is not set by a first answer that is wrong, nor by two of them', async () => {
    const { serviceClock, hear, trueNow } = setUp();
    await hear(0, -DAY);
    await hear(10, -DAY);
    await hear(10);
    await hear(10);
    expect(serviceClock.now()).toBeNull();
    await hear(10);
    expect(serviceClock.now()).toBe(trueNow());
  });

  it('takes answers that come all at once for one', async () => {
    const { serviceClock, hear } = setUp(DAY);
    for (let index = 0; index < 9; index++) await hear(1);
    expect(serviceClock.now()).toBeNull();
  });

  it.each([-DAY, DAY, Date.parse('2019-05-05T00:00:00Z') - T0])(
    'is not changed by one answer that is %d ms off',
    async (off) => {
      const { serviceClock, hear, trueNow } = setUp();
      await hear(1);
      await hear(60, off);
      expect([serviceClock.now(), serviceClock.isSure()]).toEqual([trueNow(), false]);
      for (let index = 0; index < 3; index++) await hear(10);
      expect([serviceClock.now(), serviceClock.isSure(), serviceClock.settings()]).toEqual([trueNow(), true, 1]);
    },
  );

  it('is set anew by three that agree, and says so', async () => {
    const { serviceClock, hear, trueNow } = setUp();
    await hear(1);
    let told = 0;
    const unlisten = serviceClock.listen(() => {
      told += 1;
    });
    for (let index = 0; index < 3; index++) await hear(10, -DAY);
    expect([serviceClock.now(), serviceClock.settings(), told]).toEqual([trueNow() - DAY, 2, 2]);
    unlisten();
    serviceClock.doubt();
    expect(told).toBe(2);
  });

  it('is not led away by answers that go further off step by step', async () => {
    const { serviceClock, hear, trueNow } = setUp();
    await hear(1);
    for (let step = 1; step <= 60; step += 1) {
      await hear(10, step * 50 * SECOND);
      if (!serviceClock.isSure()) break;
    }
    expect(serviceClock.isSure()).toBe(false);
    expect(Math.abs((serviceClock.now() ?? 0) - trueNow())).toBeLessThanOrEqual(MINUTE);
  });

  it('goes by monotonic time: our own clock may be set as it likes', async () => {
    const { clock, serviceClock, hear, trueNow } = setUp();
    await hear(1);
    clock.jump(-3 * DAY);
    await clock.advance(MINUTE);
    expect([serviceClock.now(), serviceClock.skewMs()]).toEqual([trueNow(), -3 * DAY]);
  });

  it('follows small differences and never goes back by them', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: -29_000, max: 29_000 }), { maxLength: 20 }), async (offs) => {
        const { serviceClock, hear, trueNow } = setUp();
        let before = 0;
        for (const off of offs) {
          await hear(7, off);
          const now = serviceClock.now() ?? 0;
          expect(now).toBeGreaterThanOrEqual(before);
          expect(Math.abs(now - trueNow())).toBeLessThanOrEqual(29_000);
          before = now;
        }
        expect(serviceClock.settings()).toBe(offs.length === 0 ? 0 : 1);
      }),
    ));

  it('that is doubted goes on, and is confirmed by answers that agree with it', async () => {
    const { serviceClock, hear, trueNow } = setUp();
    await hear(1);
    serviceClock.doubt();
    await hear(10);
    await hear(10);
    expect([serviceClock.now(), serviceClock.isSure()]).toEqual([trueNow(), false]);
    await hear(10);
    expect([serviceClock.isSure(), serviceClock.settings()]).toEqual([true, 1]);
  });
});
