import { describe, expect, it } from '@jest/globals';
import { rowsOf } from '../evaluate.ts';

const ROWS = `datatable(n:long, r:real, s:string, t:timespan, d:datetime, b:dynamic, flag:bool)[
  3, 1.5, "b", 1h, datetime(2024-01-02), dynamic({"x": 1}), true,
  long(null), real(null), "", timespan(null), datetime(null), dynamic(null), bool(null),
  1, 2.5, "a", 3h, datetime(2024-01-04), dynamic([1, 2]), false,
  3, 0.5, "b", 2h, datetime(2024-01-03), dynamic({"x": 2, "y": [1]}), true
]`;
const NOTHING = `${ROWS} | where n > 100`;

/** An aggregate over four rows (one of them all null) and over none. */
const TABLE: readonly (readonly [string, unknown, unknown])[] = [
  ['count()', 4, 0],
  ['countif(flag)', 2, 0],
  ['count_distinct(n)', 2, 0],
  ['count_distinctif(n, flag)', 1, 0],
  ['dcount(s)', 3, 0],
  ['dcount(b)', 3, 0],
  ['dcountif(n, n > 1)', 1, 0],
  ['sum(n)', 7, 0],
  ['sum(r)', 4.5, 0],
  ['sum(t)', '06:00:00', '00:00:00'],
  ['sumif(n, flag)', 6, 0],
  ['avg(n)', 7 / 3, 'NaN'],
  ['avg(t)', '02:00:00', null],
  ['avg(d)', '2024-01-03T00:00:00Z', null],
  ['avgif(r, flag)', 1, 'NaN'],
  ['min(n)', 1, null],
  ['max(n)', 3, null],
  ['max(s)', 'b', ''],
  ['min(d)', '2024-01-02T00:00:00Z', null],
  ['maxif(r, flag)', 1.5, null],
  ['minif(r, flag)', 0.5, null],
  ['make_list(n)', [3, 1, 3], []],
  ['make_list(n, 2)', [3, 1], []],
  ['make_list_if(n, flag)', [3, 3], []],
  ['make_list_with_nulls(n)', [3, null, 1, 3], []],
  [
    'make_list(d)',
    ['2024-01-02T00:00:00.0000000Z', '2024-01-04T00:00:00.0000000Z', '2024-01-03T00:00:00.0000000Z'],
    [],
  ],
  ['make_set(n)', [3, 1], []],
  ['make_set(s)', ['b', '', 'a'], []],
  ['make_set(n, 1)', [3], []],
  ['make_set(b)', [{ x: 1 }, 1, 2, { x: 2, y: [1] }], []],
  ['make_set_if(s, flag)', ['b'], []],
  ['make_bag(b)', { x: 1, y: [1] }, {}],
  ['make_bag_if(b, n == 3)', { x: 1, y: [1] }, {}],
  ['stdev(r)', 1, 0],
  ['stdevif(r, flag)', Math.sqrt(0.5), 0],
  ['stdevp(r)', Math.sqrt(0.6666666667), 0],
  ['variance(r)', 1, 0],
  ['varianceif(r, flag)', 0.5, 0],
  ['variancep(r)', 0.6666666667, 0],
  ['covariance(r, n)', -1, 0],
  ['covariancep(r, n)', -0.6666666667, 0],
  ['covarianceif(r, n, flag)', 0, 0],
  ['percentile(r, 50)', 1.5, null],
  ['percentile(n, 0)', 1, null],
  ['percentile(n, 100)', 3, null],
  ['percentile(d, 50)', '2024-01-03T00:00:00Z', null],
  ['percentilew(r, n, 50)', 1.5, null],
  ['percentiles_array(n, 10, 90)', [1, 3], [null, null]],
  ['percentiles_array(n, dynamic([10, 90]))', [1, 3], [null, null]],
  ['percentilesw_array(r, n, 50, 100)', [1.5, 2.5], [null, null]],
  ['binary_all_and(n)', 1, null],
  ['binary_all_or(n)', 3, null],
  ['binary_all_xor(n)', 1, null],
  ['take_any(n)', 3, null],
  ['take_any(s)', 'b', ''],
  ['take_anyif(n, not(flag))', 1, null],
];

describe('aggregates', () => {
  it.each(TABLE)('%s', async (aggregate, expected, overNothing) => {
    const [[some] = []] = await rowsOf(`${ROWS} | summarize value = ${aggregate}`);
    const [[none] = []] = await rowsOf(`${NOTHING} | summarize value = ${aggregate}`);
    expect([some, none]).toEqual([typeof expected === 'number' ? expect.closeTo(expected, 12) : expected, overNothing]);
  });

  it('keep the groups apart, nulls in a group of their own', async () => {
    const rows = await rowsOf(`${ROWS} | summarize count(), make_list(r), stdev(n) by n | order by n asc`);
    expect(rows).toEqual([
      [null, 1, [], 0],
      [1, 1, [2.5], 0],
      [3, 2, [1.5, 0.5], 0],
    ]);
  });

  it('add longs that leave 53 and 64 bits', async () => {
    const big = 'datatable(x:long)[9007199254740993, 1, 9223372036854775807]';
    expect(await rowsOf(`${big} | summarize sum(x)`)).toEqual([['-9214364837600034815']]);
    expect(await rowsOf(`${big} | take 2 | summarize sum(x), max(x), dcount(x)`)).toEqual([
      ['9007199254740994', '9007199254740993', 2],
    ]);
  });

  it('take the mean of whole numbers from their sum, which wraps around', async () => {
    expect(await rowsOf('datatable(x:long)[9223372036854775806, 1, 9223372036854775807] | summarize avg(x)')).toEqual([
      [-2 / 3],
    ]);
  });

  it('hold NaN for the greatest and the least', async () => {
    const rows = 'datatable(n:long, r:real)[1, 1.5, 2, real(nan), 3, 2.5]';
    expect(await rowsOf(`${rows} | summarize max(r), min(r), arg_max(r, n), arg_min(r, n), maxif(r, n > 2)`)).toEqual([
      ['NaN', 'NaN', 'NaN', 2, 'NaN', 2, 2.5],
    ]);
  });

  it('keep nulls that stand in a dynamic in lists', async () => {
    const rows = 'datatable(d:dynamic)[dynamic(null), dynamic({"a": 1}), dynamic([2])]';
    expect(await rowsOf(`${rows} | summarize make_list(d), make_list(d.a), make_set(d)`)).toEqual([
      [
        [null, { a: 1 }, 2],
        [null, 1, null],
        [{ a: 1 }, 2],
      ],
    ]);
  });

  it('add decimals exactly', async () => {
    expect(await rowsOf('datatable(x:decimal)[decimal(0.1), decimal(0.2)] | summarize sum(x), avg(x), max(x)')).toEqual(
      [['0.3', '0.15', '0.2']],
    );
  });

  it('end lists at 1,048,576 elements', async () => {
    const query =
      'range x from 1 to 1048580 step 1 | summarize a = array_length(make_list(x)), b = array_length(make_set(x))';
    expect(await rowsOf(query)).toEqual([[1_048_576, 1_048_576]]);
  });

  it('end the collections of old spellings at 128 elements, unless told otherwise', async () => {
    const lengths = async (...calls: string[]) =>
      rowsOf(`range x from 1 to 300 step 1 | summarize ${calls.join(', ')}`);
    expect(
      await lengths(
        'array_length(makelist(x))',
        'array_length(makeset(x))',
        'array_length(bag_keys(make_dictionary(bag_pack(tostring(x), x))))',
        'array_length(makeset(x, 200))',
        'array_length(make_set(x))',
      ),
    ).toEqual([[128, 128, 128, 200, 300]]);
  });

  it('take in arrays of any length', async () => {
    const query = 'print x = range(1, 300000) | summarize array_length(make_list(x)), array_length(make_list(x, 5))';
    expect(await rowsOf(query)).toEqual([[300000, 5]]);
  });

  it('take percentiles by nearest rank', async () => {
    const query = 'range x from 1 to 10 step 1 | summarize percentile(x, 25), percentile(x, 50), percentile(x, 91)';
    expect(await rowsOf(query)).toEqual([[3, 5, 10]]);
  });
});
