import { describe, expect, it } from '@jest/globals';
import { ask, rowsOf, tableOf } from '../ask.ts';

const T = tableOf('n: string, d: dynamic, e: dynamic', [
  ['list', [1, 'two', null], ['p', 'q']],
  ['bag', new Map<string, number>([['k', 1]]), null],
  ['none', null, null],
  ['empty', [], []],
  ['scalar', 'text', null],
]);
const tables = { T };
const rows = (query: string) => rowsOf(query, tables);

describe('mv-expand', () => {
  it('gives at most 128 rows from one row under its old name', async () => {
    const count = async (step: string) => (await rowsOf(`print y = range(1, 200) | ${step} | count`))[0]?.[0];
    expect(await count('mvexpand y')).toBe(128);
    expect(await count('mvexpand y limit 150')).toBe(150);
    expect(await count('mv-expand y')).toBe(200);
  });

  it.each([
    [
      'mv-expand d | project n, d',
      [
        ['list', 1],
        ['list', 'two'],
        ['list', null],
        ['bag', { k: 1 }],
        ['none', null],
        ['scalar', 'text'],
      ],
    ],
    ['where n == "bag" | mv-expand bagexpansion=array d | project d', [[['k', 1]]]],
    ['where n == "bag" | mv-expand kind=array d | project d[0]', [['k']]],
    [
      'where n == "list" | mv-expand d, e | project d, e',
      [
        [1, 'p'],
        ['two', 'q'],
        [null, null],
      ],
    ],
    [
      'where n == "list" | mv-expand x = d | project x, array_length(d)',
      [
        [1, 3],
        ['two', 3],
        [null, 3],
      ],
    ],
    ['where n == "list" | mv-expand with_itemindex = i d | project i', [[0], [1], [2]]],
    ['where n == "list" | mv-expand d limit 2 | count', [[2]]],
    ['where n == "list" | mv-expand d to typeof(long) | project d', [[1], [null], [null]]],
    ['where n == "list" | mv-expand d to typeof(string) | project d', [['1'], ['two'], ['']]],
    ['where n == "nowhere" | mv-expand d | count', [[0]]],
    ['where n == "bag" | mv-expand d.k, d["z"] | project d_k, d_z', [[1, null]]],
    ['where n == "list" | mv-expand d[0] | project d_0', [[1]]],
  ])('%s', async (step, expected) => {
    expect(await rows(`T | ${step}`)).toEqual(expected);
  });

  it('parses times only', async () => {
    const query = 'print d = dynamic(["2024-01-01", "1.00:00:00", "x"]) | mv-expand d to typeof(datetime) | project d';
    expect(await rows(query)).toEqual([['2024-01-01T00:00:00Z'], [null], [null]]);
  });

  it('keeps the types of the other columns', async () => {
    const { columns } = await ask('T | mv-expand with_itemindex = i d to typeof(int)', tables);
    expect(columns.map(({ name, type }) => `${name}:${type}`)).toEqual(['n:string', 'd:int', 'e:dynamic', 'i:long']);
  });

  it.each([
    ['mv-expand with_itemindex = n d', 'n,d,e,n1', ['list', 2, '["p","q"]', 1]],
    ['mv-expand with_itemindex = d d', 'n,d,e,d1', ['list', 2, '["p","q"]', 1]],
    ['mv-apply with_itemindex = n d on (where n1 >= 0)', 'n,e,d,n1', ['list', '["p","q"]', 2, 1]],
  ])('keeps a column beside an index of its name: %s', async (query, columns, second) => {
    const list = tableOf('n: string, d: dynamic, e: dynamic', [['list', [1, 2], ['p', 'q']]]);
    const result = await ask(`T | ${query}`, { T: list });
    expect(result.columns.map(({ name }) => name).join()).toBe(columns);
    const [, row] = await rowsOf(`T | ${query} | extend e = tostring(e)`, { T: list });
    expect(row).toEqual(second);
  });
});

describe('mv-apply', () => {
  it.each([
    [
      'mv-apply d on (summarize c = count()) | project n, c',
      [
        ['list', 3],
        ['bag', 1],
        ['none', 1],
        ['scalar', 1],
      ],
    ],
    ['mv-apply d to typeof(long) on (where d > 0) | project n, d', [['list', 1]]],
    [
      'mv-apply x = d on (extend y = strcat(n, tostring(x)) | where isnotempty(tostring(x))) | project y',
      [['list1'], ['listtwo'], ['bag{"k":1}'], ['scalartext']],
    ],
    [
      'mv-apply with_itemindex = i d on (top 1 by i desc) | project n, i',
      [
        ['list', 2],
        ['bag', 0],
        ['none', 0],
        ['scalar', 0],
      ],
    ],
    [
      'mv-apply d on (project z = tostring(d) | take 1) | project n, z',
      [
        ['list', '1'],
        ['bag', '{"k":1}'],
        ['none', ''],
        ['scalar', 'text'],
      ],
    ],
    ['where n == "nowhere" | mv-apply d on (count) | count', [[0]]],
    ['where n == "bag" | mv-apply d.k on (where d_k == 1) | project n', [['bag']]],
  ])('%s', async (step, expected) => {
    expect(await rows(`T | ${step}`)).toEqual(expected);
  });

  it('sees window functions by row of the outer table', async () => {
    const query =
      'print d = dynamic([1, 2]) | union (print d = dynamic([5])) | mv-apply x = d to typeof(long) on (serialize | extend p = prev(x)) | project x, p';
    expect(await rows(query)).toEqual([
      [1, null],
      [2, 1],
      [5, null],
    ]);
  });
});

describe('parse', () => {
  it.each([
    ['"a=1;b=x" | parse t with "a=" a: long ";b=" b', [[1, 'x']]],
    ['"zz a=1 zz" | parse t with * "a=" a: long *', [[1]]],
    ['"a=1" | parse t with "b=" b', [['']]],
    ['"a=x;b=y" | parse t with "a=" a: long ";b=" b', [[null, '']]],
    ['"a=x;b=y" | parse kind=relaxed t with "a=" a: long ";b=" b', [[null, 'y']]],
    ['"k: v, end" | parse t with key ": " value ", " rest', [['k', 'v', 'end']]],
    ['"at 2024-01-02 03:04 now" | parse t with "at " w: datetime " now"', [['2024-01-02T03:04:00Z']]],
    ['"x" | parse t with a "y"', [['']]],
    ['"a(b)c" | parse t with x "(" y ")" z', [['a', 'b', 'c']]],
    ['"id=12 n=4.5!" | parse t with "id=" i: int " n=" r: real "!"', [[12, 4.5]]],
    ['"AbC1" | parse kind=regex flags=i t with "abc" n: long', [[1]]],
    ['"xaayaaz" | parse kind=regex flags=U t with a "aa" b', [['x', 'yaaz']]],
    ['"xaayaaz" | parse kind=regex t with a "a+" b', [['xaaya', 'z']]],
    ['"p(1)q" | parse kind=regex t with a "(\\\\()" b "(\\\\))" c', [['p', '1', 'q']]],
  ])('print t = %s', async (query, expected) => {
    expect(await rows(`print t = ${query} | project-away t`)).toEqual(expected);
  });

  it('where drops what does not match', async () => {
    const query = 'datatable(t: string)["a=1", "b", "a=z"] | parse-where t with "a=" a: long | project a';
    expect(await rows(query)).toEqual([[1]]);
  });

  it('replaces a column of the same name', async () => {
    expect(await rows('print t = "v=9" | parse t with "v=" t: long')).toEqual([[9]]);
  });

  it('is not slowed down by many stars', async () => {
    const query = `print t = strrep("a", 5000) | parse t with ${'* "a" '.repeat(20)} * "b" x | project x`;
    expect(await rows(query)).toEqual([['']]);
  });
});

describe('parse-kv', () => {
  it.each([
    ['"a=1 b=x" | parse-kv t as (a: long, b: string)', [[1, 'x']]],
    [
      '"a:1|b:x y" | parse-kv t as (a: long, b: string, c: int) with (pair_delimiter="|", kv_delimiter=":")',
      [[1, 'x y', null]],
    ],
    [`"a='x y' b=2" | parse-kv t as (a: string, b: long) with (quote="'")`, [['x y', 2]]],
    ['"a=[x=y] b=2" | parse-kv t as (a: string, b: long) with (quote="[]")', [['x=y', 2]]],
    [
      '"name=John Doe phone=555" | parse-kv t as (name: string, phone: long) with (pair_delimiter=" ", kv_delimiter="=", greedy=true)',
      [['John Doe', 555]],
    ],
    ['"<a|1><b|2>" | parse-kv t as (a: long, b: long) with (regex=@"<(\\w+)\\|(\\d+)>")', [[1, 2]]],
    ['"" | parse-kv t as (a: long, b: string)', [[null, '']]],
    ['"a=1 a=2" | parse-kv t as (a: long)', [[1]]],
    ['"a: 1, b: x y " | parse-kv t as (a: long, b: string) with (pair_delimiter=",", kv_delimiter=":")', [[1, 'x y']]],
    ['"12:30 [INFO] a:1, b = c-d" | parse-kv t as (a: long, b: string)', [[1, 'c']]],
    [
      `"'k e'=(v w) a='x'" | parse-kv t as (['k e']: string, a: string) with (pair_delimiter=" ", kv_delimiter="=", quote="'", quote="()")`,
      [['v w', 'x']],
    ],
    [
      `"a='it!'s' b=2" | parse-kv t as (a: string, b: long) with (pair_delimiter=" ", kv_delimiter="=", quote="'", escape="!")`,
      [["it's", 2]],
    ],
    ['"junk a=1" | parse-kv t as (a: long) with (pair_delimiter=" ", kv_delimiter="=")', [[1]]],
  ])('print t = %s', async (query, expected) => {
    expect(await rows(`print t = ${query} | project-away t`)).toEqual(expected);
  });
});
