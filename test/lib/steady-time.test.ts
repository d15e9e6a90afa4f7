import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createManualClock } from '../../src/lib/clock.ts';
import { createSteadyTime } from '../../src/lib/steady-time.ts';

const START = Date.parse('2026-01-01T12:00:00Z');
const DAY = 86_400_000;

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
