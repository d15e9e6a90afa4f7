import { describe, expect, it } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

describe('calendar functions', () => {
  it.each([
    ['startofday(datetime(2024-03-05 07:08))', '2024-03-05T00:00:00Z'],
    ['startofday(datetime(2024-03-05 07:08), -1)', '2024-03-04T00:00:00Z'],
    ['endofday(datetime(2024-03-05 07:08))', '2024-03-05T23:59:59.9999999Z'],
    ['startofweek(datetime(2024-03-05))', '2024-03-03T00:00:00Z'],
    ['startofweek(datetime(2024-03-03))', '2024-03-03T00:00:00Z'],
    ['endofweek(datetime(2024-03-05), 1)', '2024-03-16T23:59:59.9999999Z'],
    ['startofmonth(datetime(2024-03-05), -3)', '2023-12-01T00:00:00Z'],
    ['endofmonth(datetime(2024-02-05))', '2024-02-29T23:59:59.9999999Z'],
    ['startofyear(datetime(2024-02-05), 1)', '2025-01-01T00:00:00Z'],
    ['endofyear(datetime(2024-02-05))', '2024-12-31T23:59:59.9999999Z'],
    ['startofday(datetime(null))', null],
    ['startofday(datetime(0001-01-01), -1)', null],
    ['datetime_part("Quarter", datetime(2024-05-06))', 2],
    ['datetime_part("week_of_year", datetime(2020-12-31))', 53],
    ['datetime_part("dayOfYear", datetime(2024-12-31))', 366],
    ['datetime_part("millisecond", datetime(2024-01-01 00:00:00.7654321))', 765],
    ['datetime_part("microsecond", datetime(2024-01-01 00:00:00.7654321))', 765_432],
    ['datetime_part("nanosecond", datetime(2024-01-01 00:00:00.7654321))', 765_432_100],
    ['getyear(datetime(1601-01-01))', 1601],
    ['getmonth(datetime(2024-05-06))', 5],
    ['monthofyear(datetime(2024-05-06))', 5],
    ['dayofmonth(datetime(2024-05-06))', 6],
    ['dayofyear(datetime(2024-02-01))', 32],
    ['hourofday(datetime(2024-02-01 23:59))', 23],
    ['week_of_year(datetime(2000-01-01))', 52],
    ['dayofweek(datetime(2024-03-03))', '00:00:00'],
    ['dayofweek(datetime(2024-03-09))', '6.00:00:00'],
    ['dayofweek(datetime(9999-12-25))', '6.00:00:00'],
    ['dayofweek(datetime(9999-12-26))', null],
    ['dayofweek(datetime(null))', null],
  ])('%s', async (expression, expected) => {
    expect(await evaluate(expression)).toEqual(expected);
  });
});
