import { describe, expect, it } from '@jest/globals';
import { ask, cells, rowsOf, tableOf } from '../ask.ts';

const T = tableOf('a: long, s: string, b: bool, r: real', [
  [3, 'x', true, 1.5],
  [null, '', null, null],
  [1, 'X', false, Number.NaN],
  [3, 'x', true, -2],
]);
const tables = { T, None: tableOf('a: long, s: string', []) };
const rows = (query: string) => rowsOf(query, tables);

describe('where', () => {
  it.each([
    ['b', 2],
    ['not(b)', 1],
    ['a > 1', 2],
    ['not(a > 1)', 1],
    ['a == 3 and b', 2],
    ['isnull(a) or s == "X"', 2],
    ['a in (1, 2)', 1],
    ['a !in (1, 2)', 3],
    ['s in ("x", "")', 3],
    ['s in~ ("X")', 3],
    ['s !in~ ("x")', 1],
    ['a in (dynamic([3, 4]), 1)', 3],
    ['a in (dynamic([1.5]))', 0],
    ['a in (toscalar(T | summarize max(a)))', 2],
    ['a in (T | where s == "X" | project a)', 1],
    ['a in (None)', 0],
    ['a !in (None)', 4],
    ['a between (1 .. 3)', 3],
    ['a !between (2 .. 3)', 1],
    ['s has_any ("q", "x")', 3],
    ['s has_all ("x", "q")', 0],
    ['* has "x"', 3],
    ['* !has "x"', 1],
    ['true', 4],
    ['false', 0],
    ['bool(null)', 0],
  ])('%s keeps %d rows', async (condition, count) => {
    expect(await rows(`T | where ${condition} | count`)).toEqual([[count]]);
  });

  it('is fine with no rows', async () => {
    expect(await rows('None | where a > 1 and s has "x" | count')).toEqual([[0]]);
  });

  it('works on rows that an earlier filter left', async () => {
    expect(await rows('T | where isnotnull(a) | where s =~ "x" | where r < 0 | project a, r')).toEqual([[3, -2]]);
  });
});

describe('consume', () => {
  it('gives the columns without rows, and tells errors of what it took', async () => {
    const result = await ask('T | where a > 1 | consume', tables);
    expect(result.columns.map(({ name }) => name)).toEqual(['a', 's', 'b', 'r']);
    expect(result.rowCount).toBe(0);
    expect(await rows('None | consume')).toEqual([]);
    expect(await rows('T | consume decodeblocks=true')).toEqual([]);
  });
});

describe('project and its kin', () => {
  it.each([
    ['project s, a', ['s', 'a']],
    ['project q = a, s', ['q', 's']],
    ['project a + 1, strlen(s)', ['Column1', 'strlen_s']],
    ['project-away a, r', ['s', 'b']],
    ['project-keep r, a', ['a', 'r']],
    ['project-rename q = a', ['q', 's', 'b', 'r']],
    ['project-reorder r, b', ['r', 'b', 'a', 's']],
    ['project-reorder * desc', ['s', 'r', 'b', 'a']],
    ['extend a = 1, z = 2', ['a', 's', 'b', 'r', 'z']],
    ['extend ["x y"] = 1', ['a', 's', 'b', 'r', 'x y']],
  ])('%s gives its columns', async (step, names) => {
    const [row] = await rows(`T | ${step} | take 1 | project p = pack_all() | project bag_keys(p)`);
    expect(row).toEqual([names]);
  });

  it('sorts numbers inside names as numbers', async () => {
    const query = 'print a20 = 1, a100 = 2, a3 = 3 | project-reorder a* granny-asc | getschema | project ColumnName';
    expect(await rows(query)).toEqual([['a3'], ['a20'], ['a100']]);
  });

  it('computes from the columns before it', async () => {
    expect(await rows('T | take 1 | extend a = a + 1, c = a')).toEqual([[4, 'x', true, 1.5, 3]]);
  });

  it('splits a tuple', async () => {
    expect(
      await rows(
        'print d = dynamic([2, 1]), e = dynamic(["b", "a"]) | extend (x, y) = array_sort_asc(d, e) | project x, y',
      ),
    ).toEqual([
      [
        [1, 2],
        ['a', 'b'],
      ],
    ]);
  });
});

describe('sort and top', () => {
  it('puts nulls and NaN last when descending', async () => {
    const order = async (by: string) => (await rows(`T | sort by r ${by} | project tostring(r)`)).flat();
    expect(await order('')).toEqual(['1.5', '-2.0', 'NaN', '']);
    expect(await order('asc')).toEqual(['', 'NaN', '-2.0', '1.5']);
    expect(await order('asc nulls last')).toEqual(['-2.0', '1.5', 'NaN', '']);
    expect(await order('desc nulls first')).toEqual(['', 'NaN', '1.5', '-2.0']);
  });

  it('keeps the order of equal rows', async () => {
    expect(await rows('range x from 1 to 6 step 1 | extend k = x % 2 | sort by k asc | project x')).toEqual(
      [2, 4, 6, 1, 3, 5].map((x) => [x]),
    );
  });

  it('sorts by several keys, each its own way', async () => {
    expect(await rows('T | sort by s asc, a desc nulls first | project s, a')).toEqual([
      ['', null],
      ['X', 1],
      ['x', 3],
      ['x', 3],
    ]);
  });

  it('top takes the nulls it is told to', async () => {
    expect(await rows('T | top 1 by a asc | project a')).toEqual([[null]]);
    expect(await rows('T | top 1 by a asc nulls last | project a')).toEqual([[1]]);
    expect(await rows('T | top 0 by a')).toEqual([]);
    expect(await rows('T | top 99 by a | count')).toEqual([[4]]);
  });

  it('top of many rows is the head of the sorted ones', async () => {
    const source = 'range x from 1 to 5000 step 1 | extend k = (x * 7919) % 997';
    expect(await rows(`${source} | top 20 by k asc`)).toEqual(await rows(`${source} | sort by k asc | take 20`));
  });
});

describe('take, sample, distinct, count', () => {
  it('takes the first rows, as many as there are', async () => {
    expect(await rows('T | take 2 | project a')).toEqual([[3], [null]]);
    expect(await rows('T | limit 99 | count')).toEqual([[4]]);
    expect(await rows('let n = 1; T | take n | count')).toEqual([[1]]);
    expect(await rows('T | take 0')).toEqual([]);
  });

  it('samples without repeating a row', async () => {
    expect(await rows('range x from 1 to 50 step 1 | sample 10 | summarize count(), dcount(x)')).toEqual([[10, 10]]);
    expect(await rows('T | sample 99 | count')).toEqual([[4]]);
  });

  it('samples distinct values', async () => {
    expect(await rows('T | sample-distinct 2 of s')).toEqual([['x'], ['']]);
  });

  it('takes null as a value of its own', async () => {
    expect(await rows('T | distinct a, s')).toEqual([
      [3, 'x'],
      [null, ''],
      [1, 'X'],
    ]);
    expect(await rows('T | distinct * | count')).toEqual([[4]]);
  });

  it('counts under a name', async () => {
    expect(await rows('None | count as n | project n')).toEqual([[0]]);
  });
});

describe('partition', () => {
  it('runs the inner operators over each group', async () => {
    expect(await rows('T | partition by s (summarize n = count(), m = max(a)) | sort by n desc, m asc')).toEqual([
      [2, 3],
      [1, null],
      [1, 1],
    ]);
  });

  it('has the inner schema without rows', async () => {
    expect(await rows('None | partition by s (summarize n = count() by a)')).toEqual([]);
    const numbers = 'let S = datatable(I:long)[1, 2, 1, 3]; range x from 1 to 2 step 1';
    expect(await rows(`${numbers} | partition hint.strategy=legacy by x {S | where x == I}`)).toEqual([[1], [1], [2]]);
    expect(await rows(`${numbers} | partition by x {S | where I == toscalar(x) | count}`)).toEqual([[2], [1]]);
  });
});

describe('schema_merge', () => {
  const schemas = (second: string): string =>
    `let A = datatable(Uri: string, HttpStatus: int)[] | getschema; let B = datatable(${second})[] | getschema; union A, B`;

  it.each([
    ['Uri: string, HttpStatus: int, Referrer: string', '', [0, 1, 2], ['Uri', 'HttpStatus', 'Referrer']],
    ['Uri: string, Referrer: string, HttpStatus: int', '', [0, 1, -1], ['Uri', 'Referrer', 'HttpStatus']],
    [
      'Uri: string, Referrer: string, HttpStatus: int',
      'PreserveOrder = false',
      [0, 1, 2],
      ['Uri', 'Referrer', 'HttpStatus'],
    ],
  ])('of %s with %s', async (second, option, ordinals, names) => {
    const made = await rows(`${schemas(second)} | evaluate schema_merge(${option})`);
    expect(made.map(([name]) => name)).toEqual(names);
    expect(made.map(([, ordinal]) => ordinal)).toEqual(ordinals);
    expect(made[0]).toEqual(['Uri', 0, 'System.String', 'string']);
  });

  it('gives nothing for nothing, and fails where a column has two types', async () => {
    expect(await rows('None | getschema | where false | evaluate schema_merge()')).toEqual([]);
    const query = `${schemas('Uri: long')} | evaluate schema_merge()`;
    await expect(rows(query)).rejects.toMatchObject({ code: 'KQL_FAILED' });
  });
});

describe('preview', () => {
  it('gives the first rows, and says that there is a second result', async () => {
    const result = await ask('T | project r | evaluate preview(2)', tables);
    expect(cells(result)).toEqual([[1.5], [null]]);
    expect(result.warnings).toEqual(['The query has 2 results; the first one is given.']);
    expect(await rows('None | evaluate preview(2)')).toEqual([]);
  });
});
