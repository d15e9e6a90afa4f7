import { describe, expect, it } from '@jest/globals';
import { evaluate, rowsOf } from '../evaluate.ts';

describe('datetimes', () => {
  it.each([
    ['now()', '2026-01-01T12:00:00Z'],
    ['now(-1h)', '2026-01-01T11:00:00Z'],
    ['datetime(2017 - 08 - 1)', '2017-08-01T00:00:00Z'],
    ['datetime(8:05)', '2026-01-01T08:05:00Z'],
    ['datetime(25:00)', null],
    ['todatetime("2017 -08- 01 10:30")', '2017-08-01T10:30:00Z'],
    ['datetime_part("weekOfYear", datetime(2017-10-30))', 44],
    ['ago(1d)', '2025-12-31T12:00:00Z'],
    ['ago(timespan(null))', null],
    ['datetime_add("month", 1, datetime(2020-01-31))', '2020-02-29T00:00:00Z'],
    ['datetime_add("Year", -1, datetime(2020-02-29))', '2019-02-28T00:00:00Z'],
    ['datetime_add("quarter", 1, datetime(2020-11-30))', '2021-02-28T00:00:00Z'],
    ['datetime_add("week", 2, datetime(2020-01-01))', '2020-01-15T00:00:00Z'],
    ['datetime_add("second", 90, datetime(2020-01-01))', '2020-01-01T00:01:30Z'],
    ['datetime_add("nanosecond", 100, datetime(2020-01-01))', '2020-01-01T00:00:00.0000001Z'],
    ['datetime_add("year", 9000, datetime(2020-01-01))', null],
    ['datetime_add("day", 1, datetime(null))', null],
    ['datetime_diff("year", datetime(2017-01-01), datetime(2000-12-31))', 17],
    ['datetime_diff("quarter", datetime(2017-07-01), datetime(2017-03-30))', 2],
    ['datetime_diff("month", datetime(2017-01-01), datetime(2015-12-30))', 13],
    ['datetime_diff("week", datetime(2017-10-29), datetime(2017-09-30 23:59))', 5],
    ['datetime_diff("day", datetime(2017-10-29), datetime(2017-09-30 23:59))', 29],
    ['datetime_diff("hour", datetime(2017-10-31 01:00), datetime(2017-10-30 23:59))', 2],
    ['datetime_diff("second", datetime(2017-10-30 23:00:10.1), datetime(2017-10-30 23:00:00.9))', 10],
    ['datetime_diff("nanosecond", datetime(2017-01-01), datetime(2017-01-01 00:00:00.0000007))', -700],
    ['datetime_diff("day", datetime(1601-01-01), datetime(2020-01-01))', -153_036],
    ['datetime_diff("day", datetime(null), datetime(2020-01-01))', null],
    ['make_datetime(2017, 10, 1)', '2017-10-01T00:00:00Z'],
    ['make_datetime(2017, 10, 1, 12, 11, 1.5)', '2017-10-01T12:11:01.5Z'],
    ['make_datetime(2017, 13, 1)', null],
    ['make_timespan(1, 30)', '01:30:00'],
    ['make_timespan(1, 12, 30, 55.5)', '1.12:30:55.5000000'],
    ['make_timespan(1, 12, 30)', '01:12:30'],
    ['make_timespan(1, 12, 30.5)', '01:12:30.5000000'],
    ['make_timespan(25, 0, 0)', null],
    ['totimespan("20000d")', '20000.00:00:00'],
    ['10675199d', '10675199.00:00:00'],
    ['totimespan("10675200d")', null],
    ['ago(20000d) < datetime(1972-01-01)', true],
    ['endofyear(datetime(9999-05-05))', '9999-12-31T23:59:59.9999999Z'],
    ['endofmonth(datetime(9999-12-05))', '9999-12-31T23:59:59.9999999Z'],
    ['endofday(datetime(9999-12-31))', '9999-12-31T23:59:59.9999999Z'],
    ['endofyear(datetime(9999-05-05), 1)', null],
    ['startofday(datetime(2026-01-01), int(null))', null],
    ['unixtime_seconds_todatetime(1546300800)', '2019-01-01T00:00:00Z'],
    ['unixtime_seconds_todatetime(-1)', '1969-12-31T23:59:59Z'],
    ['unixtime_milliseconds_todatetime(1546300800123)', '2019-01-01T00:00:00.123Z'],
    ['unixtime_microseconds_todatetime(1546300800000001)', '2019-01-01T00:00:00.000001Z'],
    ['unixtime_nanoseconds_todatetime(1546300800000000000)', '2019-01-01T00:00:00Z'],
    ['unixtime_seconds_todatetime(1e300)', null],
    ['datetime_utc_to_local(datetime(2022-07-01 12:00), "Europe/Berlin")', '2022-07-01T14:00:00Z'],
    ['datetime_utc_to_local(datetime(2022-01-01 12:00:00.1), "US/Pacific")', '2022-01-01T04:00:00.1Z'],
    ['datetime_utc_to_local(datetime(2022-01-01), "Nowhere/City")', null],
    ['datetime_local_to_utc(datetime(2022-07-01 14:00), "Europe/Berlin")', '2022-07-01T12:00:00Z'],
    ['datetime_local_to_utc(datetime(2022-10-30 02:30), "Europe/Berlin")', '2022-10-30T01:30:00Z'],
  ])('%s', async (expression, expected) => {
    expect(await evaluate(expression)).toEqual(expected);
  });
});

describe('parts of times', () => {
  it('take the name of a constant, and no column', async () => {
    const query = "let unit = 'day'; print datetime_diff(unit, datetime(2020-01-03), datetime(2020-01-01))";
    expect(await rowsOf(query)).toEqual([[2]]);
    await expect(rowsOf("print unit = 'day' | extend n = datetime_diff(unit, now(), now())")).rejects.toThrow(
      /literal/,
    );
  });
});
