import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/lib/duration.ts';
import { LANES, laneShare } from '../../../src/sources/quota/lanes.ts';
import { callsSince, type Demand, meanRunMs, waitFor } from '../../../src/sources/quota/periods.ts';
import { type QuotaLimits, UNLIMITED } from '../../../src/sources/source.ts';

const NOW = 10 * DAY_MS;

const call = (ago: number, runMs = 0) => ({ at: NOW - ago, runMs });

function waitOf(limits: Partial<QuotaLimits>, rest: Partial<Demand>) {
  return waitFor({ calls: [], now: NOW, share: 1, expectedMs: 0, ...rest, limits: { ...UNLIMITED, ...limits } });
}

/** How many calls a minute go through, one after another at one instant. */
function admitted(callsPerMinute: number, share: number): number {
  let count = 0;
  while (waitOf({ callsPerMinute }, { share, calls: Array(count).fill(call(0)) }) === null) count += 1;
  return count;
}

describe("a lane's share of a limit", () => {
  it('is as DESIGN has it', () => {
    expect(LANES.map(laneShare)).toEqual([1, 1, 0.9, 0.85, 0.8, 0.6]);
  });

  it.each([
    { limit: 10, share: 1, calls: 10 },
    { limit: 9, share: 0.9, calls: 8 },
    { limit: 45, share: 0.85, calls: 38 },
    { limit: 10, share: 0.6, calls: 6 },
    { limit: 1, share: 0.6, calls: 1 },
  ])('is rounded down to whole calls, but never to none: $share of $limit', ({ limit, share, calls }) => {
    expect(admitted(limit, share)).toBe(calls);
  });

  it('holds for run time to the millisecond', () => {
    const limits = { runSecondsPerHour: 100 };
    const demand = { share: 0.9, expectedMs: 10 * SECOND_MS };
    expect(waitOf(limits, { ...demand, calls: [call(1, 80 * SECOND_MS)] })).toBeNull();
    expect(waitOf(limits, { ...demand, calls: [call(1, 80 * SECOND_MS + 1)] })).toMatchObject({
      reason: 'runSecondsPerHour',
    });
  });
});

describe('a sliding period', () => {
  it.each([
    ['callsPerMinute', MINUTE_MS],
    ['callsPerHour', HOUR_MS],
  ] as const)('of %s ends to the millisecond', (limit, periodMs) => {
    expect(waitOf({ [limit]: 1 }, { calls: [call(periodMs)] })).toBeNull();
    expect(waitOf({ [limit]: 1 }, { calls: [call(periodMs - 1)] })).toEqual({ until: NOW + 1, reason: limit });
  });

  it.each([
    ['runSecondsPerHour', HOUR_MS],
    ['runSecondsPerDay', DAY_MS],
  ] as const)('of %s ends to the millisecond', (limit, periodMs) => {
    const full = SECOND_MS;
    expect(waitOf({ [limit]: 1 }, { calls: [call(periodMs, full)] })).toBeNull();
    expect(waitOf({ [limit]: 1 }, { calls: [call(periodMs - 1, full)] })).toEqual({ until: NOW + 1, reason: limit });
  });

  it('waits for as many calls to leave as make room, and for no more', () => {
    const calls = [call(50_000), call(40_000), call(30_000)];
    expect(waitOf({ callsPerMinute: 2 }, { calls })).toMatchObject({ until: NOW + 20_000 });
    const timed = [call(50_000, 4000), call(40_000, 4000), call(30_000, 4000)];
    const wait = waitOf({ runSecondsPerHour: 10 }, { calls: timed, expectedMs: 3000 });
    expect(wait).toMatchObject({ until: NOW + HOUR_MS - 40_000 });
  });

  it('that is full to the millisecond has no room even for a call that takes no time', () => {
    expect(waitOf({ runSecondsPerHour: 1 }, { calls: [call(1, 999)] })).toBeNull();
    expect(waitOf({ runSecondsPerHour: 1 }, { calls: [call(1, 1000)] })).not.toBeNull();
  });

  it('that is empty takes a call longer than itself, and one without run time stands in nobody’s way', () => {
    expect(waitOf({ runSecondsPerHour: 1 }, { expectedMs: 9000 })).toBeNull();
    expect(waitOf({ runSecondsPerHour: 1 }, { calls: [call(1, 0)], expectedMs: 9000 })).toBeNull();
  });

  it('that waits longest is the one named, the first of equals', () => {
    const calls = [call(10_000, 5000)];
    expect(waitOf({ callsPerMinute: 1, runSecondsPerDay: 5, runSecondsPerHour: 5 }, { calls })).toMatchObject({
      reason: 'runSecondsPerDay',
    });
    expect(waitOf({ callsPerHour: 1, runSecondsPerHour: 5 }, { calls })).toMatchObject({ reason: 'callsPerHour' });
  });
});

describe('the calls of a period', () => {
  it('are those that began after its start, wherever it lies', () => {
    const calls = [1, 2, 2, 3, 5].map((at) => ({ at, runMs: at }));
    const ats = (since: number) => callsSince(calls, since).map(({ at }) => at);
    expect([0, 1, 2, 3, 4, 5].map(ats)).toEqual([[1, 2, 2, 3, 5], [2, 2, 3, 5], [3, 5], [5], [5], []]);
  });

  it('of the last day have the mean run time that is expected of the next', () => {
    expect(meanRunMs([], NOW)).toBe(0);
    expect(meanRunMs([call(DAY_MS, 900), call(DAY_MS - 1, 20), call(0, 10)], NOW)).toBe(15);
  });
});
