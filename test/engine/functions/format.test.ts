import { describe, expect, it } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

const DATE = 'datetime(2009-06-05 13:04:09.0617)';

describe('formats', () => {
  it.each([
    [`format_datetime(${DATE}, "yyyy-MM-dd HH:mm:ss.fff")`, '2009-06-05 13:04:09.061'],
    [`format_datetime(${DATE}, "y-M-d [h:m:s tt]")`, '9-6-5 [1:4:9 PM]'],
    [`format_datetime(${DATE}, "yy/MM/dd hh")`, '09/06/05 01'],
    [`format_datetime(${DATE}, "s.FFFFFFF")`, '9.0617'],
    [`format_datetime(${DATE}, "F")`, ''],
    ['format_datetime(datetime(2020-01-01), "h tt")', '12 AM'],
    ['format_datetime(datetime(null), "yyyy")', ''],
    ['format_timespan(time(1.13:04:09.5), "d.hh:mm:ss.f")', '1.13:04:09.5'],
    ['format_timespan(time(1.13:04:09.5), "dddd H:m:s")', '0001 13:4:9'],
    ['format_timespan(-1h, "hh:mm")', '-01:00'],
    ['format_datetime(datetime(2007-03-09), "dd MMM yyyy, dddd")', '09 033 2007, 0909'],
    ['format_datetime(datetime(2007-03-09), "yyy")', '077'],
    ['format_timespan(timespan(null), "hh")', ''],
    ['format_bytes(564)', '564 Bytes'],
    ['format_bytes(10332, 1)', '10.1 KB'],
    ['format_bytes(20010332, 2)', '19.08 MB'],
    ['format_bytes(20010332, 0, "KB")', '19541 KB'],
    ['format_bytes(0)', '0 Bytes'],
    ['format_bytes(real(null))', ''],
  ])('%s', async (expression, expected) => {
    expect(await evaluate(expression)).toEqual(expected);
  });

  it.each(['format_datetime(now(), "yyyy-MM-ddTHH:mm")', 'format_timespan(1h, "c")', 'format_timespan(1h, "yyyy")'])(
    '%s ends the query',
    async (expression) => {
      await expect(evaluate(expression)).rejects.toThrow(expect.objectContaining({ code: 'KQL_FAILED' }));
    },
  );
});
