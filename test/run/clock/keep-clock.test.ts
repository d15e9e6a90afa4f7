import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { keepClock } from '../../../src/run/clock/keep-clock.ts';
import { readSkew } from '../../../src/run/clock/stored-skew.ts';
import { DAY, HOUR, MINUTE } from '../story.ts';
import { type ClockWish, clockBench } from './clock-bench.ts';

const enders: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of enders.splice(0)) await end();
});

function keeping(wish: ClockWish) {
  const place = clockBench(wish);
  const { bench } = place;
  const stop = new AbortController();
  const done = keepClock(bench.tenant, bench.deps, stop.signal);
  enders.push(async () => {
    stop.abort();
    await bench.clock.advance(0);
    await done;
  });
  const health = async () => (await bench.store.openHealth()).map(({ code, subject }) => [code, subject]);
  return { ...place, health, serviceClock: bench.tenant.serviceClock };
}

describe('the clock at a start', () => {
  it('costs no call where our clock bears out what the login says', async () => {
    const { clock, asked, serviceClock, trueNow } = keeping({ ahead: 40_000 });
    await clock.advance(10);
    expect([serviceClock.now(), asked]).toEqual([trueNow(), []]);
  });

  it('costs one where the login says nothing of the time', async () => {
    const { clock, asked, serviceClock, trueNow } = keeping({ login: 'is silent' });
    await clock.advance(10);
    expect([serviceClock.now(), asked]).toEqual([trueNow(), [0]]);
  });

  it.each([DAY, -DAY, 2 * DAY])(
    'is known after 20 seconds where ours is %d ms ahead, and the skew is kept',
    async (ahead) => {
      const { bench, clock, asked, serviceClock, trueNow } = keeping({ ahead });
      await clock.advance(19_999);
      expect(serviceClock.now()).toBeNull();
      await clock.advance(2);
      expect([serviceClock.now(), asked]).toEqual([trueNow(), [10, 20]]);
      expect(await readSkew(bench.store.cache, 'default')).toBe(ahead);
    },
  );

  it('is asked for again and again while nobody answers, at most once in ten seconds', async () => {
    let up = false;
    const { clock, asked, serviceClock, trueNow } = keeping({ login: 'is silent', off: () => (up ? 0 : null) });
    await clock.advance(10 * MINUTE);
    expect(asked.slice(0, 5)).toEqual([0, 10, 30, 70, 130]);
    expect(asked.length).toBeLessThan(15);
    up = true;
    await clock.advance(MINUTE);
    expect(serviceClock.now()).toBe(trueNow());
  });

  it('stays unknown where every answer tells another time: three calls in 15 minutes, and an alert that bears our clock', async () => {
    let calm = false;
    const { bench, clock, asked, serviceClock, health } = keeping({ off: (nth) => (calm ? 0 : (nth + 1) * HOUR) });
    await clock.advance(14 * MINUTE);
    expect([serviceClock.now(), asked, await health()]).toEqual([null, [10, 20, 30], []]);
    await clock.advance(2 * MINUTE);
    expect(await health()).toEqual([['clock-unknown', 'default']]);
    const [entry] = await bench.store.pending('soar', {
      now: clock.now(),
      limit: 9,
      except: new Set(),
      ignoreBackoff: true,
    });
    expect(entry?.alert).toMatchObject({ status: 'firing', severity: 'high' });
    expect(Math.abs(Date.parse(entry?.alert.time ?? '') - clock.now())).toBeLessThan(3 * MINUTE);
    calm = true;
    await clock.advance(16 * MINUTE);
    expect([serviceClock.isSure(), await health()]).toEqual([true, []]);
  });
});

describe('the clock in use', () => {
  it('that one answer contradicts is asked for three times, and stays', async () => {
    const { bench, clock, asked, serviceClock, trueNow } = keeping({});
    await clock.advance(MINUTE);
    serviceClock.observe(trueNow() - DAY);
    await clock.advance(10 * MINUTE);
    expect(asked).toEqual([70, 80, 90]);
    expect([serviceClock.now(), serviceClock.isSure(), serviceClock.settings()]).toEqual([trueNow(), true, 1]);
    expect((await bench.tenant.meter.usage()).callsLastHour).toBe(3);
  });

  it('costs at most one round in 15 minutes however often it is contradicted', async () => {
    const { clock, asked, serviceClock, trueNow } = keeping({});
    for (let minute = 0; minute < 29; minute += 1) {
      await clock.advance(MINUTE);
      serviceClock.observe(trueNow() - (minute % 2) * DAY);
    }
    expect(asked.length).toBeLessThanOrEqual(6);
    expect(serviceClock.now()).toBe(trueNow());
  });

  it('that stays contradicted is asked for anew a quarter of an hour after the last round began, and no sooner', async () => {
    const { clock, asked, serviceClock, trueNow } = keeping({ off: (nth) => nth * DAY });
    await clock.advance(MINUTE);
    serviceClock.observe(trueNow() - DAY);
    await clock.advance(20 * MINUTE);
    const [first = 0] = asked;
    expect(asked.map((time) => time - first)).toEqual([0, 10, 20, 900, 910, 920]);
    expect(serviceClock.isSure()).toBe(false);
  });

  it('is kept by nobody who listens when the work has ended', async () => {
    const { bench, clock } = clockBench({});
    const { serviceClock } = bench.tenant;
    let listening = 0;
    const listen: typeof serviceClock.listen = (listener) => {
      listening += 1;
      const unlisten = serviceClock.listen(listener);
      return () => {
        listening -= 1;
        unlisten();
      };
    };
    const stop = new AbortController();
    const done = keepClock({ ...bench.tenant, serviceClock: { ...serviceClock, listen } }, bench.deps, stop.signal);
    await clock.advance(1);
    expect([listening, getEventListeners(stop.signal, 'abort').length > 0]).toEqual([1, true]);
    stop.abort();
    await clock.advance(0);
    await done;
    expect([listening, getEventListeners(stop.signal, 'abort')]).toEqual([0, []]);
  });

  it('is set anew within half a minute where the machine has slept for a day', async () => {
    let slept = 0;
    const { clock, serviceClock, trueNow } = keeping({ off: () => slept });
    await clock.advance(MINUTE);
    slept = DAY;
    serviceClock.doubt();
    await clock.advance(30_000);
    expect([serviceClock.now(), serviceClock.settings()]).toEqual([trueNow() + DAY, 2]);
  });
});
