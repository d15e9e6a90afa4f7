import { describe, expect, it } from '@jest/globals';
import { learnClock } from '../../../src/run/clock/learn-clock.ts';
import { DAY, HOUR } from '../story.ts';
import { type ClockWish, clockBench } from './clock-bench.ts';

async function learning(wish: ClockWish, waitMs: number) {
  const place = clockBench(wish);
  const { bench, clock } = place;
  const { serviceClock } = bench.tenant;
  const options = { deadline: clock.monotonic() + waitMs, signal: new AbortController().signal };
  const learnt = learnClock(bench.tenant, options, { clock, cache: bench.store.cache }).then(
    () => null,
    (error) => error.code,
  );
  await clock.advance(HOUR);
  return {
    ...place,
    code: await learnt,
    offBy: serviceClock.now() === null ? null : (serviceClock.now() ?? 0) - place.trueNow(),
  };
}

describe('learnClock', () => {
  it('costs no call where our clock bears out what the login says', async () => {
    expect(await learning({}, 0)).toMatchObject({ code: null, offBy: 0, asked: [] });
  });

  it.each([DAY, -DAY])(
    'takes two answers that agree where our clock is %d ms ahead, without waiting',
    async (ahead) => {
      expect(await learning({ ahead }, 0)).toMatchObject({ code: null, offBy: 0, asked: [0] });
    },
  );

  it('waits for a second one where the first is wrong', async () => {
    expect(await learning({ off: (nth) => (nth === 0 ? -DAY : 0) }, 30_000)).toMatchObject({
      code: null,
      offBy: 0,
      asked: [0, 10],
    });
  });

  it('ends with SOURCE_CLOCK where no two agree in time', async () => {
    const off = (nth: number): number => (nth + 1) * HOUR;
    expect(await learning({ off }, 0)).toMatchObject({ code: 'SOURCE_CLOCK', offBy: null, asked: [0] });
    expect(await learning({ off }, 30_000)).toMatchObject({ code: 'SOURCE_CLOCK', asked: [0, 10, 20, 30] });
  });

  it('ends with what stands in the way where no answer comes, and tries as long as it may', async () => {
    expect(await learning({ login: 'is away', off: () => null }, 0)).toMatchObject({
      code: 'SOURCE_NETWORK',
      asked: [],
    });
    const patient = await learning({ login: 'is away', off: (nth) => (nth < 3 ? null : 0) }, 30_000);
    expect(patient).toMatchObject({ code: null, offBy: 0, asked: [2, 12, 22] });
  });
});
