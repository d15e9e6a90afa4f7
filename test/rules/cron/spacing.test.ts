import { describe, expect, it } from '@jest/globals';
import { Cron } from 'croner';
import fc from 'fast-check';
import { runsAgain, scheduleSpacing } from '../../../src/rules/cron/spacing.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const schedule = (cron: string) => ({ kind: 'cron', cron, timezone: 'Europe/Berlin', lookbackMs: null }) as const;

describe('scheduleSpacing', () => {
  it.each([
    ['* * * * *', MINUTE, MINUTE],
    ['*/15 6-20 * * 1-5', 15 * MINUTE, 2 * DAY + 555 * MINUTE],
    ['0 8 * * MON-FRI', DAY, 3 * DAY],
    ['30 3 1,15 * *', 14 * DAY, 17 * DAY],
    ['0 0 1 1 *', 365 * DAY, 365 * DAY],
    ['0 0 * 1-3 *', DAY, 276 * DAY],
    ['0 0 29 2 *', 4 * 365 * DAY + DAY, 4 * 365 * DAY + DAY],
  ])('knows %s', (cron, shortestMs, longestMs) => {
    expect(scheduleSpacing(schedule(cron))).toMatchObject({ shortestMs, longestMs });
  });

  it('takes an interval as it is', () => {
    const spacing = scheduleSpacing({ kind: 'every', everyMs: 9, lookbackMs: null });
    expect(spacing).toEqual({ shortestMs: 9, longestMs: 9, lengths: [9] });
  });

  it('agrees with the runs one by one', () => {
    const field = (max: number) =>
      fc.array(fc.integer({ min: 0, max }), { minLength: 1, maxLength: 3 }).map((all) => all.join());
    fc.assert(
      fc.property(field(59), field(23), field(6), (minutes, hours, weekdays) => {
        const cron = `${minutes} ${hours} * * ${weekdays}`;
        const runs = new Cron(cron, { utcOffset: 0, paused: true }).nextRuns(80, new Date(Date.UTC(2026, 0, 4)));
        const spacing = runs.slice(1).map((run, index) => run.getTime() - (runs[index]?.getTime() ?? 0));
        const found = scheduleSpacing(schedule(cron))?.lengths ?? [];
        expect([...found].sort((a, b) => a - b)).toEqual([...new Set(spacing)].sort((a, b) => a - b));
      }),
      { numRuns: 30 },
    );
  });
});

describe('runsAgain', () => {
  it('tells what never comes', () => {
    expect([runsAgain(schedule('0 0 31 2 *')), runsAgain(schedule('0 0 29 2 *'))]).toEqual([false, true]);
    expect(() => runsAgain(schedule('61 * * * *'))).toThrow();
  });
});
