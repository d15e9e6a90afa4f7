import { describe, expect, it } from '@jest/globals';
import { ask, rowsOf, tableOf } from './ask.ts';

const T = tableOf('a: long, s: string', [
  [1, 'x'],
  [2, 'y'],
  [null, ''],
]);
const tables = { T, Other: tableOf('b: long, s: string', [[7, 'x']]) };
const rows = (query: string) => rowsOf(query, tables);

describe('let', () => {
  it.each([
    ['let n = 2; T | where a == n | project s', [['y']]],
    ['let n = toscalar(T | summarize max(a)); T | where a == n | project s', [['y']]],
    ['let U = T | where a > 1; U | union U | count', [[2]]],
    ['let U = materialize(T | where a > 1); U | join kind=inner U on a | count', [[1]]],
    ['let f = (x: long) { x * 10 }; T | where a == 1 | project f(a), f(a + 1)', [[10, 20]]],
    ['let f = (x: long, y: string = "d") { strcat(tostring(x), y) }; print f(1), f(1, "e")', [['1d', '1e']]],
    ['let f = (x: long) { let y = x + 1; y * 2 }; print f(3)', [[8]]],
    ['let f = (X: (a: long)) { X | where a > 1 | project a }; f(T)', [[2]]],
    ['let f = (X: (*), n: long) { X | take n }; T | invoke f(1)', [[1, 'x']]],
    ['let v = view () { T | where a == 1 }; v | project s', [['x']]],
    ['let f = () { T | count }; f()', [[3]]],
    ['let g = (x: long) { x + 1 }; let f = (x: long) { g(x) * 2 }; print f(1)', [[4]]],
    ['let T = Other; T | project b', [[7]]],
    ['let d = dynamic(["x", "q"]); T | where s in (d) | count', [[1]]],
    ['let r = real(null); print isnull(r)', [[true]]],
    ['let f = (x: real) { x / 2 }; print f(toint(5))', [[2.5]]],
    ['table("T") | count', [[3]]],
    ['let w = "T"; table(w) | count', [[3]]],
    ['T | as Q | where a == 2 | union Q | count', [[4]]],
  ])('%s', async (query, expected) => {
    expect(await rows(query)).toEqual(expected);
  });

  it('refuses a row of the outer table inside a subquery', async () => {
    const query = 'let f = (x: long) { toscalar(Other | where b == x | count) }; T | project f(a)';
    await expect(ask(query, tables)).rejects.toMatchObject({ name: 'HuntwireError' });
  });
});

describe('expressions', () => {
  it.each([
    ['dynamic({"a": {"b c": [10, 20]}}).a["b c"][-1]', 20],
    ['dynamic({"a": 1}).b.c.d', null],
    ['dynamic([1, 2])[5]', null],
    ['dynamic({"k": 5})[strcat("", "k")]', 5],
    ['dynamic({"a": 1})["a"] == 1', true],
    ['-5 + +3', -2],
    ['1 < 2 and not(2 < 1)', true],
    ['bool(null) and false', false],
    ['isnull(bool(null) and true)', true],
    ['bool(null) or true', true],
    ['datetime(2024-01-02) between (datetime(2024-01-01) .. 2d)', true],
    ['datetime(2024-01-04) between (datetime(2024-01-01) .. 2d)', false],
    ['3 !between (1 .. 2)', true],
    ['"A" in~ ("a")', true],
    ['"a" !in ("b", "c")', true],
    ['9223372036854775807', '9223372036854775807'],
    ['0xff', 255],
    ['1.5e3', 1500],
    [
      'tostring(dynamic({"t": datetime(2024-01-01), "l": [true, null]}))',
      '{"t":"2024-01-01T00:00:00.0000000Z","l":[true,null]}',
    ],
    ['column_ifexists("nosuch", 4)', 4],
    ['toscalar(range x from 1 to 3 step 1 | summarize sum(x))', 6],
    ['isempty(toscalar(T | where a > 99 | project s))', true],
    ['"multi\\tline"', 'multi\tline'],
    ['@"a\\b"', 'a\\b'],
  ])('%s', async (expression, expected) => {
    expect(await rows(`print v = ${expression}`)).toEqual([[expected]]);
  });
});

describe('all columns at once', () => {
  it('are the arguments of pack_array(*)', async () => {
    expect(await rows('datatable(a: long, b: string)[1, "", long(null), "x"] | project pack_array(*)')).toEqual([
      [[1, '']],
      [[null, 'x']],
    ]);
  });
});

describe('lists with a null', () => {
  it('leave open whether a null is in them', async () => {
    const data = 'datatable(n: int, m: int)[1, 2, int(null), 2, int(null), int(null), 1, 1]';
    expect(await rows(`${data} | project n in (m), n !in (m), n in (1, m), n !in (1, m)`)).toEqual([
      [false, true, true, false],
      [false, true, false, true],
      [null, null, null, null],
      [true, false, true, false],
    ]);
    expect(await rows('print int(null) in (int(null)), 1 !in (int(null)), int(null) in (1), "" in ("")')).toEqual([
      [null, true, false, true],
    ]);
    expect(await rows(`${data} | where n !in (dynamic([null, 5])) | count`)).toEqual([[2]]);
  });
});

describe('the time that a literal leaves out', () => {
  it('is now', async () => {
    expect(await rows('print datetime() == now(), datetime(null) == now()')).toEqual([[true, false]]);
  });
});

describe('window functions', () => {
  it.each([
    ['prev(x)', [null, 3, 3, 5]],
    ['next(x)', [3, 5, 9, null]],
    ['prev(x, 2, -1)', [-1, -1, 3, 3]],
    ['row_number()', [1, 2, 3, 4]],
    ['row_number(10)', [10, 11, 12, 13]],
    ['row_number(1, x != prev(x))', [1, 2, 1, 1]],
    ['row_cumsum(x)', [3, 6, 11, 20]],
    ['row_cumsum(x, x == 5)', [3, 6, 5, 14]],
    ['row_rank(x)', [1, 1, 2, 3]],
    ['row_rank_dense(x)', [1, 1, 2, 3]],
    ['row_rank_min(x)', [1, 1, 3, 4]],
  ])('%s', async (call, expected) => {
    const query = `datatable(x: long)[3, 3, 5, 9] | serialize | extend v = ${call} | project v`;
    expect(await rows(query)).toEqual(expected.map((value) => [value]));
  });

  it('puts rows into sessions', async () => {
    const query =
      'range m from 0 to 4 step 1 | extend t = datetime(2024-01-01) + m * m * 1m | serialize | extend s = row_window_session(t, 1h, 4m) | summarize count() by s | project count_';
    expect(await rows(query)).toEqual([[3], [1], [1]]);
  });
});

describe('fixtures', () => {
  const schema = {
    tables: {},
    functions: [
      {
        name: 'FileProfile',
        parameters: '(T:(*), x:string="SHA1", y:long=100)',
        body: '{ T | extend GlobalPrevalence=int(null), Signer="" }',
      },
      { name: 'Twice', parameters: '(T:(*), by:long)', body: '{ T | extend b = a * by }' },
    ],
  };
  const fixtures = {
    functions: {
      FileProfile: [{ SHA1: 'AA', GlobalPrevalence: 7, Signer: 'M' }],
      geo_info_from_ip_address: [{ IP: '1.2.3.4', country: 'Norway' }],
    },
    externaldata: { 'https://example.org/list.csv': [{ ip: '1.2.3.4', n: '5' }, { ip: 'x' }] },
  };
  const files = {
    F: tableOf('SHA1: string, a: long', [
      ['aa', 1],
      ['bb', 2],
    ]),
  };

  it.each([
    [
      'F | invoke FileProfile() | project a, GlobalPrevalence, Signer',
      [
        [1, 7, 'M'],
        [2, null, ''],
      ],
    ],
    ['F | invoke FileProfile(SHA1, 500) | where GlobalPrevalence < 10 | project a', [[1]]],
    ['F | invoke FileProfile("SHA1") | count', [[2]]],
    ['F | invoke Twice(3) | project b', [[3], [6]]],
    [
      'externaldata(ip: string, n: int)["https://example.org/list.csv"] with (format="csv")',
      [
        ['1.2.3.4', 5],
        ['x', null],
      ],
    ],
    ['print g = geo_info_from_ip_address("1.2.3.4").country', [['Norway']]],
    ['print g = geo_info_from_ip_address("9.9.9.9")', [[null]]],
  ])('%s', async (query, expected) => {
    expect(await rowsOf(query, files, { schema, fixtures })).toEqual(expected);
  });

  it.each(['F | invoke FileProfile()', 'print geo_info_from_ip_address("1.2.3.4")'])(
    '%s is refused without them',
    async (query) => {
      await expect(ask(query, files, { schema })).rejects.toMatchObject({
        code: 'KQL_UNSUPPORTED',
        message: expect.stringContaining('functions:'),
      });
    },
  );
});

describe('search and find', () => {
  it.each([
    [
      'search "x" | project $table, s',
      [
        ['T', 'x'],
        ['Other', 'x'],
      ],
    ],
    ['search in (T) "x" or a == 2 | count', [[2]]],
    ['T | search s: "y" | project a', [[2]]],
    ['T | search "*" | count', [[3]]],
    ['T | search kind=case_sensitive "X" | count', [[0]]],
    ['T | search not("x") | count', [[2]]],
    [
      'find in (T, Other) where s == "x" project s, b',
      [
        ['T', 'x', null],
        ['Other', 'x', 7],
      ],
    ],
    ['find in (T, Other) where a == 1 | project source_, a', [['T', 1]]],
    ['find withsource=q in (T, Oth*) where s has "x" | project q', [['T'], ['Other']]],
    ['search in (T) s: "*x*y" or "no*ne" | count', [[0]]],
  ])('%s', async (query, expected) => {
    expect(await rows(query)).toEqual(expected);
  });

  it.each([
    ['"Lab*PC"', ['my Lab-PC', 'lab pc']],
    ['s: "Lab*PC*"', ['my Lab-PC', 'Lab PC9', 'lab pc']],
    ['"*Lab*PC"', ['my Lab-PC', 'xLab PC', 'lab pc']],
    ['"*y.*C"', []],
    ['kind=case_sensitive "Lab*PC"', ['my Lab-PC']],
  ])('takes a star inside a term for anything: %s', async (search, expected) => {
    const data = 'datatable(s: string)["my Lab-PC", "xLab PC", "Lab PC9", "lab pc"]';
    expect((await rows(`${data} | search ${search} | project s`)).flat()).toEqual(expected);
  });

  it('looks into columns of one name and several types, and shows each', async () => {
    const legs = 'let A = datatable(x: int, y: string)[1, "a"]; let B = datatable(x: string, z: int)["1", 2, "b", 3];';
    expect(await rows(`${legs} search in (A, B) "1" | project x_int, x_string, y, z`)).toEqual([
      [1, '', 'a', null],
      [null, '1', '', 2],
    ]);
    expect(await rows(`${legs} find in (A, B) where * has "1" project x: string, y`)).toEqual([
      ['union_arg0', '1', 'a'],
      ['union_arg1', '1', ''],
    ]);
    expect(await rows(`${legs} find in (A, B) where * has "1"`)).toEqual([
      ['union_arg0', 1, { y: 'a' }],
      ['union_arg1', '1', { z: 2 }],
    ]);
  });
});
