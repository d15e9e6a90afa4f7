import { describe, expect, it } from '@jest/globals';
import { ask } from '../ask.ts';
import { rowsOf } from '../evaluate.ts';

describe('a limit stops the range that it is behind', () => {
  it.each([
    ['range x from 1 to 1000000000000 step 1 | take 2', [[1], [2]]],
    [
      'range x from 1 to 1000000000000 step 1 | where x % 5000 == 0 | extend y = x + 1 | take 2',
      [
        [5000, 5001],
        [10000, 10001],
      ],
    ],
    ['range x from 1000000000000 to 1 step -1 | project z = x | limit 1', [[1000000000000]]],
    ['range x from datetime(2020-01-01) to datetime(2024-01-01) step 1tick | take 1', [['2020-01-01T00:00:00Z']]],
    [
      'range x from 1 to 1000000000000 step 1 | mv-expand y = pack_array(x, x) to typeof(long) | take 3',
      [
        [1, 1],
        [1, 1],
        [2, 2],
      ],
    ],
    ['range x from 1 to 3 step 1 | take 9', [[1], [2], [3]]],
    ['range x from 1 to 3 step 1 | where x > 9 | take 9', []],
    ['range x from 3 to 1 step 1 | take 9', []],
    ['range x from 1 to 5000 step 1 | take 0', []],
  ])('%s', async (query, expected) => {
    expect(await rowsOf(query)).toEqual(expected);
  });

  it('gives the rows that the whole range would give', async () => {
    const pipe = 'range x from 1 to 9000 step 1 | where x % 3 == 0 | extend y = x * 2 | where y % 4 == 0';
    expect(await rowsOf(`${pipe} | take 700`)).toEqual(await rowsOf(`${pipe} | sort by x asc | take 700`));
  });

  it('leaves operators that look at other rows alone', async () => {
    expect(await rowsOf('range x from 1 to 5 step 1 | serialize | extend p = prev(x) | take 2')).toEqual([
      [1, null],
      [2, 1],
    ]);
  });
});

/** Each of these tables is twice the one before. */
function doubled(count: number): string {
  return Array.from({ length: count }, (_, at) => `let t${at + 1} = union t${at}, t${at};`).join(' ');
}

const EVENTS = 'range x from 1 to 10000 step 1 | extend t = datetime(2020-01-01) + x * 1m | evaluate';

describe('work that makes no rows', () => {
  it.each([
    'series_fir(range(0, 100000), range(1, 10000))',
    'series_iir(range(0, 100000), range(1, 5000), range(1, 5000))',
    'series_decompose_anomalies(range(0, 100000))',
    'series_seasonal(range(0, 100000))',
    'series_fit_2lines_dynamic(range(0, 100000))',
    `${EVENTS} sliding_window_counts(x, t, datetime(2020-01-01), datetime(2020-02-01), 1d, 1s)`,
    `${EVENTS} active_users_count(x, t, datetime(2020-01-01), datetime(2020-02-01), 1d, 1h, 1, 1d)`,
    'series_periods_detect(range(0, 100000), 0.0, 50000.0, 2)',
    'series_periods_validate(range(0, 100000), 14.0)',
  ])('ends with the time that it may take: %s', async (expression) => {
    let ms = 0;
    const elapsed = (): number => {
      ms += 1;
      return ms;
    };
    const query = expression.startsWith('range x') ? expression : `print ${expression}`;
    await expect(ask(query, {}, { elapsed, limits: { ms: 20 } })).rejects.toMatchObject({
      code: 'KQL_BUDGET',
    });
  });
});

describe('budgets', () => {
  it.each([
    ['range x from 1 to 100000 step 1 | summarize count()', { bytes: 100_000 }],
    ['range x from datetime(2020-01-01) to datetime(2021-01-01) step 1tick | count', {}],
    ['range x from 1 to 1000 step 1 | mv-expand y = range(1, 100, 1) | count', { bytes: 1_000_000 }],
    ['range x from 1 to 1000000000000 step 1 | where x < 0 | take 1', { rows: 100_000 }],
    [`print strlen(tostring(parse_json('${'['.repeat(600)}${']'.repeat(600)}')))`, {}],
    [`print extract_json('$.a', '${'['.repeat(600)}${']'.repeat(600)}')`, {}],
    [`print parse_xml('${'<a>'.repeat(300)}${'</a>'.repeat(300)}')`, {}],
    [
      'range x from 1 to 3000 step 1 | extend b = bag_pack(strcat("k", x), x) | evaluate bag_unpack(b) | count',
      { rows: 1_000_000 },
    ],
    [`let t0 = print x = 1; ${doubled(40)} t40 | count`, {}],
    [`print x = 1${' + 1'.repeat(5000)}`, {}],
    [`print bag_set_key(dynamic({}), '$${'.a'.repeat(600)}', 1)`, {}],
    [`range x from 1 to 600 step 1 | scan declare (d: dynamic) with (step s: true => d = pack_array(s.d);)`, {}],
  ])('%s ends with an error that says so', async (query, limits) => {
    await expect(ask(query, {}, { limits })).rejects.toMatchObject({ code: 'KQL_BUDGET' });
  });

  it('bear brackets that are text, and text that is no JSON', async () => {
    expect(
      await rowsOf(`print parse_json('"${'['.repeat(600)}"') has '[', parse_json('${'[]'.repeat(600)}') has '['`),
    ).toEqual([[true, true]]);
  });
});
