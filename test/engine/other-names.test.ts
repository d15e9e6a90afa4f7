import { describe, expect, it } from '@jest/globals';
import { evaluate, rowsOf } from './evaluate.ts';

const FIVE_NUMBERS = 'dynamic([1, 2, 3, 10, 20, 30])';

describe('functions under their other names', () => {
  it.each([
    ["array_strcat(dynamic([1, 2]), '-')", '1-2'],
    ['arraylength(dynamic([1, 2]))', 2],
    ['arraylength(dynamic(null))', null],
    ["base64_encodestring('ab')", 'YWI='],
    ["columnifexists('missing', 'x')", 'x'],
    ["datepart('year', datetime(2026-03-04))", 2026],
    ["extractall('([a-z])', 'a1b')", ['a', 'b']],
    ['parsejson(\'{"a": 1}\').a', 1],
    ["parseurl('https://a.example/x').Host", 'a.example'],
    ["parseurlquery('a=1&b=2')", { 'Query Parameters': { a: '1', b: '2' } }],
    ["toobject('[1]')", [1]],
    ["totime('01:00:00')", '01:00:00'],
    ['weekofyear(datetime(2026-01-05))', 2],
    ['weekofyear(datetime(null))', null],
  ])('%s', async (expression, expected) => {
    expect(await evaluate(expression)).toEqual(expected);
  });

  it('iscolumnexists asks the columns of the rows', async () => {
    expect(await rowsOf('print a = 1 | project a = iscolumnexists("a"), b = iscolumnexists("b")')).toEqual([
      [true, false],
    ]);
  });

  it('bag_pack_columns names its values by their columns', async () => {
    expect(await rowsOf('print a = 1, b = "x" | project bag_pack_columns(a, b)')).toEqual([[{ a: 1, b: 'x' }]]);
  });

  it('series_fit_2lines finds where the line breaks', async () => {
    const [row] = await rowsOf(`print series_fit_2lines(${FIVE_NUMBERS})`);
    expect(row?.slice(0, 2)).toEqual([1, 3]);
  });
});

const T = `datatable(g: string, x: long, w: long, s: string)['a', 1, 1, 'p', 'a', 2, 3, 'q', 'b', 5, 1, 'r']`;

describe('aggregates under their other names', () => {
  it.each([
    ['argmax(x, s)', [5, 'r']],
    ['argmin(x, s)', [1, 'p']],
    ['cnt()', [3]],
    ["covariancepif(x, w, g == 'a')", [0.5]],
    ['make_dictionary(bag_pack(s, x))', [{ p: 1, q: 2, r: 5 }]],
    [
      'makelist(x), makeset(g)',
      [
        [1, 2, 5],
        ['a', 'b'],
      ],
    ],
    ['percentilesw(x, w, 50, 100)', [2, 5]],
    ["variancepif(x, g == 'a')", [0.25]],
  ])('%s', async (aggregate, expected) => {
    expect(await rowsOf(`${T} | summarize ${aggregate}`)).toEqual([expected]);
  });
});

describe('render', () => {
  it('leaves the rows alone', async () => {
    expect(await rowsOf('print a = 1 | render timechart with (title="x")')).toEqual([[1]]);
  });
});
