import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  calendarDay,
  datetimeOf,
  dayNumber,
  dayOfWeek,
  dayOfYear,
  daysInMonth,
  isoWeek,
  partsOf,
  splitDay,
} from '../../../src/engine/values/calendar.ts';
import { parseDatetime } from '../../../src/engine/values/datetime.ts';
import { datetimeOfUnix, unixOfDatetime } from '../../../src/engine/values/ticks.ts';

const milliseconds = fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 });

describe('calendar', () => {
  it('agrees with the platform over all years', () => {
    fc.assert(
      fc.property(milliseconds, (unix) => {
        const date = new Date(unix);
        const parts = partsOf(datetimeOfUnix(unix));
        expect([parts.year, parts.month, parts.day]).toEqual([
          date.getUTCFullYear(),
          date.getUTCMonth() + 1,
          date.getUTCDate(),
        ]);
        expect([parts.hour, parts.minute, parts.second]).toEqual([
          date.getUTCHours(),
          date.getUTCMinutes(),
          date.getUTCSeconds(),
        ]);
        expect(parts.ticks).toBe(date.getUTCMilliseconds() * 10_000);
        expect(dayOfWeek(splitDay(datetimeOfUnix(unix)).days)).toBe(date.getUTCDay());
      }),
    );
  });

  it('puts parts together again', () => {
    fc.assert(
      fc.property(milliseconds, (unix) => {
        const datetime = datetimeOfUnix(unix);
        expect(datetimeOf(partsOf(datetime))).toBe(datetime);
        expect(unixOfDatetime(datetime)).toBe(unix);
      }),
    );
  });

  it('turns days into dates and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: -719_162, max: 2_932_896 }), (days) => {
        const { year, month, day } = calendarDay(days);
        expect(dayNumber(year, month, day)).toBe(days);
        expect(day).toBeLessThanOrEqual(daysInMonth(year, month));
      }),
    );
  });

  it.each([
    ['2020-12-31', 53],
    ['2020-06-15', 25],
    ['1970-01-01', 1],
    ['2000-01-01', 52],
    ['2021-01-03', 53],
    ['2021-01-04', 1],
  ])('knows the ISO week of %s', (date, week) => {
    expect(isoWeek(splitDay(parseDatetime(date) ?? 0).days)).toBe(week);
  });

  it('counts days of the year, leap years too', () => {
    expect(dayOfYear(dayNumber(2024, 12, 31))).toBe(366);
    expect(dayOfYear(dayNumber(1900, 12, 31))).toBe(365);
  });

  it.each([
    [{ year: 0 }],
    [{ year: 10_000 }],
    [{ month: 13 }],
    [{ month: 2, day: 30 }],
    [{ day: 0 }],
    [{ hour: 24 }],
    [{ minute: 60 }],
    [{ second: 60 }],
    [{ year: Number.NaN }],
  ])('refuses %j', (wrong) => {
    expect(datetimeOf({ year: 2020, month: 1, day: 1, hour: 0, minute: 0, second: 0, ticks: 0, ...wrong })).toBeNull();
  });
});
