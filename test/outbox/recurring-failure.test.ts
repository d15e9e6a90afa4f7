import { describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { createRecurringFailure } from '../../src/outbox/recurring-failure.ts';

describe('a failure that comes again and again', () => {
  it('is news once a minute, by its code, and at once when it has gone well between', async () => {
    const clock = createManualClock(0);
    const failure = createRecurringFailure(clock);
    const asked = (): boolean[] => ['STATE_FULL', 'STATE_FAILED'].map(failure.isNews);
    expect(asked()).toEqual([true, true]);
    await clock.advance(59_999);
    expect(asked()).toEqual([false, false]);
    await clock.advance(1);
    expect(failure.isNews('STATE_FULL')).toBe(true);
    expect(failure.isNews('STATE_FULL')).toBe(false);
    failure.over();
    expect(failure.isNews('STATE_FULL')).toBe(true);
  });
});
