import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RunnableRule } from '../../src/rules/rule.ts';
import { createTimetable } from '../../src/run/schedule.ts';
import { DEFAULT_WINDOW_SETTINGS, delayOf } from '../../src/run/windows.ts';
import type { QuotaLimits } from '../../src/sources/source.ts';
import { costOf } from '../../src/trial/backtest-cost.ts';
import { gridWindows, mergesWindows, planBacktest } from '../../src/trial/backtest-plan.ts';
import { makeRule } from '../run/make-rule.ts';
import { tries } from '../tries.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-01-20T12:00:00Z');
const LIMITS = { now: NOW, retentionMs: 30 * DAY, settings: DEFAULT_WINDOW_SETTINGS };

function every(everyMs: number, over: Partial<RunnableRule> = {}): RunnableRule {
  return makeRule({ schedule: { kind: 'every', everyMs, lookbackMs: null }, lookbackMs: everyMs, ...over });
}

function set(over: Partial<RunnableRule> = {}): RunnableRule {
  return every(HOUR, { effectiveShape: 'set', lookbackMs: 6 * HOUR, ...over });
}

describe('the windows of a backtest', () => {
  it('have their L on the grid of the rule, within the time asked for', () => {
    const range = { from: NOW - 2 * DAY, to: NOW - DAY };
    const { times } = planBacktest(set(), range, LIMITS);
    const delay = delayOf(set(), DEFAULT_WINDOW_SETTINGS);
    const timetable = createTimetable(set().schedule, 'rule');
    expect(times).toHaveLength(24);
    for (const time of times) {
      expect(timetable.latest(time + delay)).toBe(time + delay);
      expect(time > range.from && time <= range.to).toBe(true);
    }
  });

  it('of a set are asked exactly as scheduled', () => {
    const { windows, times } = planBacktest(set(), { from: NOW - DAY, to: NOW }, LIMITS);
    expect(windows.map((window) => window.asked)).toEqual(
      times.map((time) => ({ from: time - 6 * HOUR, to: time, basis: 'ingestion' })),
    );
  });

  it('of a stream cover the time without a hole, in slices of at most an hour or the interval', () => {
    const interval = fc.integer({ min: 1, max: 300 }).map((minutes) => minutes * MINUTE);
    fc.assert(
      fc.property(interval, fc.integer({ min: 1, max: 72 }), (everyMs, hours) => {
        const to = NOW - HOUR;
        const from = to - hours * HOUR - everyMs;
        const { windows, times } = planBacktest(every(everyMs), { from, to }, LIMITS);
        for (const [index, { core }] of windows.entries()) {
          expect(core.from).toBe(windows[index - 1]?.core.to ?? (times[0] ?? 0) - everyMs);
          expect(core.to - core.from).toBeLessThanOrEqual(Math.max(everyMs, HOUR));
          expect(times).toContain(core.to);
        }
        expect(windows.at(-1)?.core.to).toBe(times.at(-1));
      }),
      { numRuns: tries(20, 50) },
    );
  });

  it('of a stream can be had one by one again', () => {
    const rule = every(15 * MINUTE);
    const plan = planBacktest(rule, { from: NOW - DAY, to: NOW }, LIMITS);
    const single = plan.windows.flatMap((window) => gridWindows(plan, window, DEFAULT_WINDOW_SETTINGS));
    expect(plan.windows.length).toBeLessThan(plan.times.length / 3);
    expect(single.map((window) => window.logicalTime)).toEqual(plan.times);
    for (const [index, { core }] of single.entries()) if (index > 0) expect(core.from).toBe(single[index - 1]?.core.to);
  });

  it('end where the service has answers by now', () => {
    const { times } = planBacktest(set(), { from: NOW - DAY, to: NOW + DAY }, LIMITS);
    expect(times.at(-1)).toBeLessThanOrEqual(NOW - 2 * MINUTE);
  });

  it('that need more than the source keeps are left out and counted', () => {
    const range = { from: NOW - 31 * DAY, to: NOW - 29 * DAY };
    const { times, skipped } = planBacktest(set(), range, LIMITS);
    expect(times[0]).toBeGreaterThanOrEqual(NOW - 30 * DAY + 6 * HOUR);
    expect(skipped + times.length).toBe(48);
  });

  it.each([
    ['snapshots', makeRule({ effectiveShape: 'snapshot', lookbackMs: 0 }), NOW - DAY, /no window/],
    ['times without a run', every(DAY), NOW - MINUTE, /No run of rule rule falls between/],
    ['times long gone', set(), NOW - 40 * DAY, /older than the 30d/],
    ['far too many runs', every(1000), NOW - 20 * DAY, /more than 100000 runs/],
  ])('are refused for %s', (_, rule, from, message) => {
    const to = Math.min(NOW, from + 20 * DAY, from < NOW - 30 * DAY ? NOW - 35 * DAY : NOW);
    expect(() => planBacktest(rule, { from, to }, LIMITS)).toThrow(message);
  });
});

describe('merging', () => {
  const merging = every(15 * MINUTE);
  const withAlert = (over: Partial<RunnableRule['alert']>): RunnableRule => ({
    ...merging,
    alert: { ...merging.alert, ...over },
  });
  const withThreshold = (over: Partial<RunnableRule['threshold']>): RunnableRule => ({
    ...merging,
    threshold: { ...merging.threshold, ...over },
  });

  it.each([
    ['every row is a hit', true, merging],
    ['every row is a hit, said otherwise', true, withThreshold({ operator: '>=', value: 1 })],
    ['nothing is suppressed', true, withAlert({ suppressMs: 0 })],
    ['the shape is a set', false, set()],
    ['the query asks for the time', false, makeRule({}, { usesTime: true })],
    ['rows share a dedup key', false, withAlert({ dedupColumns: ['DeviceId'] })],
    ['alerts open a quiet time', false, withAlert({ suppressMs: HOUR })],
    ['alerts are of groups', false, withAlert({ per: 'group' })],
    ['a number of rows decides', false, withThreshold({ value: 5 })],
    ['an aggregate decides', false, withThreshold({ measure: 'sum', column: 'Count' })],
    ['rows are grouped', false, withThreshold({ groupBy: ['DeviceId'] })],
  ])('where %s: %s', (_, expected, rule) => {
    expect(mergesWindows(rule)).toBe(expected);
  });
});

describe('the cost', () => {
  const limits: QuotaLimits = {
    callsPerMinute: 40,
    callsPerHour: 100,
    runSecondsPerHour: null,
    runSecondsPerDay: null,
    concurrency: 3,
  };
  const range = { from: NOW - 5 * DAY, to: NOW };

  it('is one call a window, and its share of the hour', () => {
    const cost = costOf([planBacktest(set(), range, LIMITS)], limits);
    expect(cost).toEqual({ calls: 120, callsPerHour: 100, shareOfHour: 1.2, atLeastMs: HOUR });
  });

  it('counts both rules, and one look at each unknown table', () => {
    const rule = set();
    const tables = rule.prepared.tables.map((table) => ({ ...table, table: 'Custom_CL', known: false }));
    const unknown = { ...rule, prepared: { ...rule.prepared, tables } };
    const plans = [planBacktest(unknown, range, LIMITS), planBacktest(unknown, range, LIMITS)];
    expect(costOf(plans, limits).calls).toBe(241);
  });

  it('has no share where the source has no limit', () => {
    const cost = costOf([planBacktest(set(), range, LIMITS)], { ...limits, callsPerHour: null });
    expect(cost).toEqual({ calls: 120, callsPerHour: null, shareOfHour: null, atLeastMs: 4 * MINUTE });
  });
});
