import { describe, expect, it } from '@jest/globals';
import { createMemoryCache } from '../../../src/lib/cache.ts';
import { createManualClock } from '../../../src/lib/clock.ts';
import { agreedOffset } from '../../../src/run/clock/agreement.ts';
import { openServiceClock } from '../../../src/run/clock/open-clock.ts';
import { ourServiceClock } from '../../../src/run/clock/our-service-clock.ts';
import { readSkew, rememberSkew } from '../../../src/run/clock/stored-skew.ts';
import { createJumpWatch } from '../../../src/run/desk/jump-watch.ts';
import { HOUR, MINUTE, T0 } from '../story.ts';

const samples = (...offsets: number[]) => offsets.map((offset, index) => ({ offset, at: index }));

describe('answers that tell the time', () => {
  it('agree within ten seconds, on the middle one, the latest of them alone', () => {
    expect(agreedOffset(samples(5, 10_005, 7), 3)).toBe(7);
    expect(agreedOffset(samples(5, 10_006, 7), 3)).toBeNull();
    expect(agreedOffset(samples(99_999, 5, 6, 7), 3)).toBe(6);
    expect(agreedOffset(samples(7, 5), 2)).toBe(7);
  });

  it('are too few before there are so many', () => {
    expect([agreedOffset(samples(1, 2), 3), agreedOffset([], 2)]).toEqual([null, null]);
  });
});

describe('our own clock as that of a service', () => {
  it('is set anew when somebody sets it by more than a minute', async () => {
    const clock = createManualClock(T0);
    const ours = ourServiceClock(clock);
    await clock.advance(HOUR);
    expect([ours.now(), ours.settings(), ours.skewMs(), ours.isSure(), ours.hasHeard(), ours.sampleInMs()]).toEqual([
      T0 + HOUR,
      0,
      0,
      true,
      true,
      0,
    ]);
    clock.jump(MINUTE);
    expect(ours.settings()).toBe(0);
    clock.jump(1);
    expect([ours.settings(), ours.now()]).toEqual([1, T0 + HOUR + MINUTE + 1]);
    clock.jump(-HOUR);
    expect(ours.now()).toBe(T0 + MINUTE + 1);
    expect(ours.settings()).toBe(2);
    expect(ours.eras.aheadSince('rule', T0 + MINUTE + 1)).toBe(T0 + MINUTE + 1 - HOUR);
    ours.eras.judge('rule');
    expect(ours.eras.aheadSince('rule', T0 + MINUTE + 1)).toBeNull();
  });

  it('is that of a local source, and of no other', async () => {
    const clock = createManualClock(T0);
    const cache = createMemoryCache();
    const [local, graph] = await Promise.all(
      (['local', 'graph'] as const).map((api) => openServiceClock('t', { api }, { clock, cache })),
    );
    expect([local?.now(), graph?.now()]).toEqual([T0, null]);
  });
});

describe('the skew that was known last', () => {
  it('is kept for each tenant in whole milliseconds, and makes the first answer believed that bears it out', async () => {
    const cache = createMemoryCache();
    expect(await readSkew(cache, 'a')).toBeNull();
    await rememberSkew(cache, 'a', HOUR + 0.6);
    expect([await readSkew(cache, 'a'), await readSkew(cache, 'b')]).toEqual([HOUR + 1, null]);
    const clock = createManualClock(T0);
    for (const [tenant, known] of [
      ['a', T0 - HOUR],
      ['b', null],
    ] as const) {
      const service = await openServiceClock(tenant, { api: 'graph' }, { clock, cache });
      service.observe(T0 - HOUR);
      expect(service.now()).toBe(known);
    }
  });
});

describe('a look at our clock', () => {
  it('finds a jump of more than five seconds, once, and no drift', async () => {
    const clock = createManualClock(T0);
    const moved = createJumpWatch(clock);
    await clock.advance(HOUR);
    expect(moved()).toBe(0);
    clock.jump(5000);
    expect(moved()).toBe(0);
    clock.jump(5001);
    expect([moved(), moved()]).toEqual([5001, 0]);
    clock.jump(-5001);
    expect([moved(), moved()]).toEqual([-5001, 0]);
  });
});
