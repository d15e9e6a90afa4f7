import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  createTimetable,
  intervalOf,
  logicalGrid,
  phaseOf,
  runsPerDay,
  scheduledBackwards,
  timetableOf,
} from '../../src/run/schedule.ts';
import { makeRule } from './make-rule.ts';

const MINUTE = 60_000;
const every = (everyMs: number) => createTimetable({ kind: 'every', everyMs, lookbackMs: null }, 'a-rule');
const cron = (pattern: string, timezone = 'UTC') =>
  createTimetable({ kind: 'cron', cron: pattern, timezone, lookbackMs: null }, 'a-rule');
const at = (iso: string) => Date.parse(iso);

describe('interval rules', () => {
  it('have one fixed grid: next follows latest by exactly one interval', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 86_400_000 }), fc.integer({ min: 0, max: 4e12 }), (everyMs, time) => {
        const timetable = every(everyMs);
        const latest = timetable.latest(time) ?? Number.NaN;
        expect(latest).toBeLessThanOrEqual(time);
        expect(timetable.next(time)).toBe(latest + everyMs);
        expect(timetable.next(time)).toBeGreaterThan(time);
      }),
    );
  });

  it('spread over the interval by their id, in whole seconds, at most an hour', () => {
    const phases = Array.from({ length: 200 }, (_, index) => phaseOf(`rule-${index}`, 15 * MINUTE));
    expect(new Set(phases).size).toBeGreaterThan(100);
    expect(phases.every((phase) => phase % 1000 === 0 && phase < 15 * MINUTE)).toBe(true);
    expect(phaseOf('rule-1', 24 * 60 * MINUTE)).toBeLessThan(60 * MINUTE);
    expect(phaseOf('rule-1', 1000)).toBe(0);
  });
});

describe('cron rules', () => {
  it('fire at local wall time, across the change to summer time', () => {
    const timetable = cron('30 8 * * *', 'Europe/Berlin');
    expect(timetable.next(at('2026-03-28T12:00:00Z'))).toBe(at('2026-03-29T06:30:00Z'));
    expect(timetable.latest(at('2026-03-29T06:29:59.999Z'))).toBe(at('2026-03-28T07:30:00Z'));
  });

  it('count the very instant as the latest, and not as the next', () => {
    const timetable = cron('*/15 * * * *');
    expect(timetable.latest(at('2026-01-05T06:15:00Z'))).toBe(at('2026-01-05T06:15:00Z'));
    expect(timetable.next(at('2026-01-05T06:15:00Z'))).toBe(at('2026-01-05T06:30:00Z'));
  });
});

describe('scheduledBackwards', () => {
  it('gives what lies behind one instant up to and with another, newest first', () => {
    const timetable = cron('0 * * * *');
    const times = [...scheduledBackwards(timetable, at('2026-01-01T00:00:00Z'), at('2026-01-01T03:00:00Z'))];
    expect(times).toEqual(['03', '02', '01'].map((hour) => at(`2026-01-01T${hour}:00:00Z`)));
  });

  it('makes no more of them than are taken', () => {
    const [newest] = scheduledBackwards(cron('* * * * *'), 0, at('2026-01-01T03:30:59Z'));
    expect(newest).toBe(at('2026-01-01T03:30:00Z'));
  });
});

describe('logicalGrid', () => {
  it('is the timetable less the delay', () => {
    const grid = logicalGrid(cron('0 * * * *'), 2 * MINUTE);
    expect(grid.latest(at('2026-01-01T02:58:00Z'))).toBe(at('2026-01-01T02:58:00Z'));
    expect(grid.next(at('2026-01-01T02:58:00Z'))).toBe(at('2026-01-01T03:58:00Z'));
    const never = logicalGrid({ latest: () => null, next: () => null }, 2 * MINUTE);
    expect([never.latest(0), never.next(0)]).toEqual([null, null]);
  });
});

describe('runsPerDay', () => {
  const cronOf = (text: string) => ({ kind: 'cron', cron: text, timezone: 'Europe/Berlin', lookbackMs: null }) as const;
  const spring = at('2026-03-29T01:30:00Z');

  it.each([
    ['*/15 * * * *', 96],
    ['*/15 6-20 * * 1-5', 60],
    ['0 6 1 1 *', 0],
  ])('of %s is %d, whatever day it is and whatever the clocks do', (text, runs) => {
    expect(runsPerDay(cronOf(text), spring)).toBe(runs);
  });

  it('of an interval is its share of a day', () => {
    expect(runsPerDay({ kind: 'every', everyMs: 90 * MINUTE, lookbackMs: null }, spring)).toBe(16);
  });
});

describe('the interval of a rule', () => {
  it.each([
    ['*/15 6-20 * * 1-5', 15 * MINUTE],
    ['0 6 * * *', 24 * 60 * MINUTE],
    ['0 6 30 2 *', 24 * 60 * MINUTE],
  ])('with %s is %d ms: the shortest time between two runs, or a day where there are no two', (text, intervalMs) => {
    expect(intervalOf({ schedule: { kind: 'cron', cron: text, timezone: 'UTC', lookbackMs: null } })).toBe(intervalMs);
  });

  it('without a cron is its own', () => {
    expect(intervalOf({ schedule: { kind: 'every', everyMs: 7 * MINUTE, lookbackMs: null } })).toBe(7 * MINUTE);
  });
});

describe('the timetable of a rule', () => {
  const daily = { kind: 'cron', cron: '0 6 * * *', timezone: 'Europe/Berlin', lookbackMs: null } as const;
  const DAY = 24 * 60 * MINUTE;
  /** The day on which the clocks of Berlin are set back has 25 hours. */
  const autumn = at('2026-10-24T04:00:00Z');
  const nextOf = (over: Parameters<typeof makeRule>[0]) =>
    (timetableOf(makeRule({ schedule: daily, lookbackMs: DAY, ...over })).next(autumn) ?? 0) - autumn;

  it('has a run more for a set where a change of clocks tears a hole, and where the hole is not meant', () => {
    expect(nextOf({ effectiveShape: 'set' })).toBe(DAY);
    expect(nextOf({ effectiveShape: 'set', lookbackMs: DAY + 60 * MINUTE })).toBe(DAY + 60 * MINUTE);
    expect(nextOf({ effectiveShape: 'stream' })).toBe(DAY + 60 * MINUTE);
    expect(nextOf({ effectiveShape: 'set', schedule: { ...daily, pauses: 'accepted' } })).toBe(DAY + 60 * MINUTE);
  });
});

describe('a week without a run', () => {
  const weekly = { kind: 'cron', cron: '0 6 1-7 2 1', timezone: 'UTC', lookbackMs: null } as const;

  it('costs nothing, and one with a run in it costs what that day does', () => {
    const run = createTimetable(weekly, 'a-rule').next(at('2026-01-01T00:00:00Z')) ?? 0;
    expect(runsPerDay(weekly, run - 7 * 24 * 60 * MINUTE)).toBe(1);
    expect(runsPerDay(weekly, run - 7 * 24 * 60 * MINUTE - 1)).toBe(0);
  });
});
