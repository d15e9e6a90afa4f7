import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Clock, createManualClock } from '../../src/lib/clock.ts';
import { createSteadyTime, type SteadyMark } from '../../src/lib/steady-time.ts';

const START = Date.parse('2026-01-01T12:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** On a machine that tells how long it has been up, and can be suspended. */
function bootedTime() {
  const clock = createManualClock(START);
  let slept = 0;
  const booted = (): Clock => ({ ...clock, sinceBoot: () => ({ boot: 'first', ms: slept + clock.monotonic() }) });
  const suspend = (ms: number): void => {
    slept += ms;
    clock.jump(ms);
  };
  return { clock, booted, suspend, time: createSteadyTime(booted(), null) };
}

describe('steady time', () => {
  it('starts where the wall clock is and goes on with monotonic time', async () => {
    const clock = createManualClock(START);
    const time = createSteadyTime(clock, null);
    await clock.advance(1500);
    expect(time.now()).toBe(START + 1500);
  });

  it('does not follow a clock that is set back, and follows one that is set forward', async () => {
    const clock = createManualClock(START);
    const time = createSteadyTime(clock, null);
    clock.jump(-DAY);
    await clock.advance(1000);
    expect(time.now()).toBe(START + 1000);
    clock.jump(DAY);
    expect(time.now()).toBe(START + 1000 + DAY);
    clock.jump(-DAY);
    await clock.advance(10);
    expect(time.now()).toBe(START + 1010 + DAY);
  });

  it('takes a few seconds of difference for the slow correction of a clock', () => {
    const clock = createManualClock(START);
    const time = createSteadyTime(clock, null);
    clock.jump(5000);
    expect(time.now()).toBe(START);
    clock.jump(5001);
    expect(time.now()).toBe(START + 5001);
  });

  it.each([
    [DAY, DAY],
    [0, 0],
    [-DAY, 0],
  ])('goes on from a mark: %d ms of wall time later it is %d later', (passed, later) => {
    const time = createSteadyTime(createManualClock(START + passed), { at: 42, wall: START });
    expect(time.now()).toBe(42 + later);
  });

  it('does not follow a clock that is set where the machine tells how long it has been up', async () => {
    const { clock, time } = bootedTime();
    clock.jump(DAY);
    await clock.advance(1000);
    expect(time.now()).toBe(START + 1000);
    clock.jump(-2 * DAY);
    expect(time.now()).toBe(START + 1000);
  });

  it('goes on by what the machine was suspended, however the clock was set meanwhile', async () => {
    const { clock, time, suspend } = bootedTime();
    suspend(3 * HOUR);
    expect(time.now()).toBe(START + 3 * HOUR);
    suspend(HOUR);
    clock.jump(DAY);
    expect(time.now()).toBe(START + 4 * HOUR);
    suspend(HOUR);
    clock.jump(-3 * DAY);
    expect(time.now()).toBe(START + 5 * HOUR);
  });

  it('goes on from a mark of the same start of the machine by what that says, and of another one by the wall clock', async () => {
    const { clock, booted, time, suspend } = bootedTime();
    suspend(HOUR);
    clock.jump(DAY);
    const { at, wall, boot } = time.mark();
    expect({ at, boot }).toEqual({ at: START + HOUR, boot: { boot: 'first', ms: HOUR } });
    await clock.advance(1000);
    clock.jump(DAY);
    const from = (mark: SteadyMark): number => createSteadyTime(booted(), mark).now() - at;
    expect(from({ at, wall, boot: { boot: 'first', ms: HOUR } })).toBe(1000);
    expect(from({ at, wall, boot: { boot: 'other', ms: HOUR } })).toBe(1000 + DAY);
    expect(from({ at, wall, boot: { boot: 'first', ms: 2 * HOUR } })).toBe(1000 + DAY);
    expect(from({ at, wall })).toBe(1000 + DAY);
  });

  it('never goes back, and always by at least what monotonic time does', async () => {
    const step = fc.record({ wait: fc.nat(100_000), jump: fc.integer({ min: -2 * DAY, max: 2 * DAY }) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const clock = createManualClock(START);
        const time = createSteadyTime(clock, null);
        let last = time.now();
        for (const { wait, jump } of steps) {
          clock.jump(jump);
          await clock.advance(wait);
          expect(time.now()).toBeGreaterThanOrEqual(last + wait);
          last = time.now();
        }
      }),
      { numRuns: 50 },
    );
  });
});
