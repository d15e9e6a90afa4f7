import { describe, expect, it } from '@jest/globals';
import { isLagging, lagOf, oldestUnanswered, riseAfter } from '../../src/run/lag.ts';
import type { LedgerEntry } from '../../src/state/store.ts';
import { DAY, HOUR, MINUTE } from './story.ts';

const hourly = {
  next: (time: number) => (Math.floor(time / HOUR) + 1) * HOUR,
  latest: (time: number) => Math.floor(time / HOUR) * HOUR,
};
const DELAY = 2 * MINUTE;
const pending = (from: number, to: number): LedgerEntry => ({
  id: 'p',
  from,
  to,
  logicalTime: to,
  attempts: 0,
  outcome: 'pending',
  reason: null,
});

describe('lag', () => {
  it('runs from the oldest scheduled time that is not answered', () => {
    const upToDate = { frontier: 10 * HOUR - DELAY, ledger: [] };
    expect(oldestUnanswered('stream', upToDate, hourly, DELAY)).toBe(11 * HOUR);
    expect(lagOf(11 * HOUR, 10 * HOUR + 59 * MINUTE)).toBe(0);
    expect(lagOf(11 * HOUR, 13 * HOUR)).toBe(2 * HOUR);
    expect(lagOf(null, 13 * HOUR)).toBe(0);
    expect(oldestUnanswered('stream', { frontier: null, ledger: [] }, hourly, DELAY)).toBeNull();
  });

  it('of a stream begins behind what is covered without a hole, of a set at its oldest window', () => {
    const ledger = [pending(5 * HOUR - DELAY, 8 * HOUR - DELAY), { ...pending(0, HOUR), outcome: 'gap' as const }];
    const state = { frontier: 10 * HOUR - DELAY, ledger };
    expect(oldestUnanswered('stream', state, hourly, DELAY)).toBe(6 * HOUR);
    expect(oldestUnanswered('set', state, hourly, DELAY)).toBe(8 * HOUR);
    const part = { ...state, ledger: ledger.map((entry) => ({ ...entry, attempts: 1 })) };
    expect(oldestUnanswered('stream', part, hourly, DELAY)).toBe(11 * HOUR);
    expect(oldestUnanswered('set', part, hourly, DELAY)).toBe(8 * HOUR);
  });

  it('is too much beyond two intervals and a quarter of an hour, until the rule has caught up', () => {
    const most = 2 * HOUR + 15 * MINUTE;
    expect([isLagging(most, HOUR, false), isLagging(most + 1, HOUR, false)]).toEqual([false, true]);
    expect([isLagging(HOUR, HOUR, true), isLagging(HOUR + 1, HOUR, true)]).toEqual([false, true]);
  });

  it.each([
    [MINUTE, 15 * MINUTE],
    [10 * MINUTE, 40 * MINUTE],
    [DAY, 2 * HOUR],
  ])('lets a turn of a rule of %d ms rise after %d ms', (interval, rise) => {
    expect(riseAfter(interval)).toBe(rise);
  });
});
