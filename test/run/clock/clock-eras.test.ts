import { describe, expect, it } from '@jest/globals';
import { createMemoryCache } from '../../../src/lib/cache.ts';
import { createManualClock } from '../../../src/lib/clock.ts';
import { createClockEras, type KeptEras } from '../../../src/run/clock/clock-eras.ts';
import { openServiceClock } from '../../../src/run/clock/open-clock.ts';
import { keepEras, readEras } from '../../../src/run/clock/stored-eras.ts';
import { HOUR, MINUTE, T0 } from '../story.ts';

/** A clock of a machine that was started an hour before T0, as `boot` names it. */
function machine(boot = 'first') {
  const clock = createManualClock(T0);
  const booted = { ...clock, sinceBoot: () => ({ boot, ms: HOUR + clock.monotonic() }) };
  return { clock, booted, trueNow: () => T0 + clock.monotonic() };
}

describe('what a clock went by', () => {
  it('was ahead where it was off by more than a minute, from the beginning of the earliest such era on', async () => {
    const { clock, trueNow } = machine();
    const eras = createClockEras(clock);
    eras.note(trueNow());
    expect(eras.aheadSince('rule', trueNow())).toBeNull();
    expect([createClockEras(clock).knownSince(T0), eras.knownSince(trueNow())]).toEqual([null, T0]);
    await clock.advance(HOUR);
    expect(eras.knownSince(trueNow() + 5)).toBe(T0 + 5);
    eras.note(trueNow() + MINUTE + 1);
    await clock.advance(HOUR);
    eras.note(trueNow() + 3 * HOUR);
    await clock.advance(HOUR);
    expect(eras.aheadSince('rule', trueNow())).toBe(T0 + HOUR);
    expect(eras.aheadSince('rule', trueNow() + 1)).toBe(T0 + 2 * HOUR + 1);
    expect(eras.aheadSince('rule', trueNow() + 3 * HOUR - MINUTE)).toBeNull();
  });

  it('was not ahead because the machine slept: what it says then has stood, and is behind', async () => {
    const { clock } = machine();
    let slept = 0;
    const eras = createClockEras({ ...clock, sinceBoot: () => ({ boot: 'first', ms: slept + clock.monotonic() }) });
    eras.note(T0);
    slept = 2 * HOUR;
    expect(eras.now()).toBe(T0 + 2 * HOUR);
    expect(eras.aheadSince('rule', eras.now() ?? 0)).toBeNull();
    expect(eras.aheadSince('rule', T0)).not.toBeNull();
    expect(createClockEras(clock).now()).toBeNull();
  });

  it('is one era as long as it does not move by more than a minute', async () => {
    const { clock, trueNow } = machine();
    const eras = createClockEras(clock);
    eras.note(trueNow() + 10 * MINUTE);
    await clock.advance(HOUR);
    eras.note(trueNow() + 11 * MINUTE);
    expect(eras.aheadSince('rule', trueNow())).toBe(T0);
  });

  it('is judged once for each rule, and again from then on where the judge was ahead itself', async () => {
    const { clock, trueNow } = machine();
    const eras = createClockEras(clock);
    eras.note(trueNow() + 3 * HOUR);
    await clock.advance(HOUR);
    eras.note(trueNow() + 2 * HOUR);
    await clock.advance(MINUTE);
    expect(eras.aheadSince('a', trueNow() + 2 * HOUR)).toBe(T0 + 2 * HOUR);
    eras.judge('a');
    await clock.advance(MINUTE);
    expect(eras.aheadSince('a', trueNow() + 2 * HOUR)).toBeNull();
    expect(eras.aheadSince('b', trueNow() + 2 * HOUR)).toBe(T0 + 2 * HOUR);
    expect(eras.aheadSince('a', trueNow())).toBe(T0 + HOUR + MINUTE);
  });

  it('is remembered fifty eras long', async () => {
    const { clock } = machine();
    const eras = createClockEras(clock);
    for (let nth = 1; nth <= 51; nth += 1) {
      eras.note(T0 + nth * HOUR);
      await clock.advance(1);
    }
    expect(eras.aheadSince('rule', T0)).toBe(T0 - 50);
  });
});

describe('what was judged', () => {
  it('is remembered of ten thousand rules, those judged last', () => {
    const { booted, trueNow } = machine();
    const eras = createClockEras(booted);
    eras.note(trueNow() + 3 * HOUR);
    const judged = (): readonly string[] => (eras.changed()?.judged ?? []).map(([id]) => id);
    for (let nth = 0; nth < 10_000; nth += 1) eras.judge(`r${nth}`);
    eras.judge('r0');
    expect(judged()).toHaveLength(10_000);
    eras.judge('new');
    const left = judged();
    expect([left.length, left.includes('r0'), left.includes('r1'), left.includes('r2')]).toEqual([
      10_000,
      true,
      false,
      true,
    ]);
  });
});

describe('what an earlier process went by', () => {
  it('is known as long as the machine runs on, with what was judged of it', async () => {
    const { clock, booted, trueNow } = machine();
    const eras = createClockEras(booted);
    eras.note(trueNow() + HOUR);
    const kept = eras.changed();
    expect([kept?.boot, eras.changed()]).toEqual(['first', null]);
    await clock.advance(HOUR);
    const later = createClockEras(booted, kept);
    later.note(trueNow() + HOUR);
    expect(later.changed()).toBeNull();
    expect(later.aheadSince('rule', trueNow())).toBe(T0);
    later.judge('rule');
    await clock.advance(MINUTE);
    const judged = later.changed();
    expect(createClockEras(booted, judged).aheadSince('rule', trueNow())).toBe(T0 + HOUR);
    expect(createClockEras(booted, judged).aheadSince('other', trueNow())).toBe(T0);
    expect(createClockEras(machine('second').booted, judged).aheadSince('other', T0)).toBeNull();
  });

  it('is not kept where the machine does not tell since when it runs', () => {
    const { clock, trueNow } = machine();
    const kept: KeptEras = { boot: '', eras: [{ at: 0, offset: T0 + HOUR }], judged: [] };
    const eras = createClockEras(clock, kept);
    eras.note(trueNow());
    expect([eras.aheadSince('rule', trueNow()), eras.changed()]).toEqual([null, null]);
  });

  it.each(['local', 'graph'] as const)('is kept for each tenant of a %s source', async (api) => {
    const { clock, booted, trueNow } = machine();
    const cache = createMemoryCache();
    const deps = { clock: booted, cache };
    const serviceClock = await openServiceClock('a', { api }, deps);
    clock.jump(HOUR);
    serviceClock.set(trueNow() + HOUR);
    serviceClock.now();
    await keepEras({ name: 'a', serviceClock }, cache);
    expect([(await readEras(cache, 'a'))?.boot, await readEras(cache, 'b')]).toEqual(['first', null]);
    await clock.advance(HOUR);
    clock.jump(-HOUR);
    const again = await openServiceClock('a', { api }, deps);
    expect(again.eras.aheadSince('rule', trueNow())).toBe(T0);
  });
});
