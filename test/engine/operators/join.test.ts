import { describe, expect, it } from '@jest/globals';
import type { Value } from '../../../src/engine/value.ts';
import { ask, rowsOf, tableOf } from '../ask.ts';

const L = tableOf('k: long, v: string', [
  [1, 'a'],
  [1, 'b'],
  [2, 'c'],
  [null, 'n'],
]);
const R = tableOf('k: long, w: string', [
  [1, 'x'],
  [1, 'y'],
  [3, 'z'],
  [null, 'm'],
]);
const tables = { L, R, None: tableOf('k: long, w: string', []) };
const rows = (query: string) => rowsOf(query, tables);

describe('join', () => {
  it.each([
    [
      '',
      [
        [1, 'a', 1, 'x'],
        [1, 'a', 1, 'y'],
        [null, 'n', null, 'm'],
      ],
    ],
    [
      'kind=inner',
      [
        [1, 'a', 1, 'x'],
        [1, 'a', 1, 'y'],
        [1, 'b', 1, 'x'],
        [1, 'b', 1, 'y'],
        [null, 'n', null, 'm'],
      ],
    ],
    [
      'kind=leftouter',
      [
        [1, 'a', 1, 'x'],
        [1, 'a', 1, 'y'],
        [1, 'b', 1, 'x'],
        [1, 'b', 1, 'y'],
        [2, 'c', null, ''],
        [null, 'n', null, 'm'],
      ],
    ],
    [
      'kind=rightouter',
      [
        [1, 'a', 1, 'x'],
        [1, 'a', 1, 'y'],
        [1, 'b', 1, 'x'],
        [1, 'b', 1, 'y'],
        [null, 'n', null, 'm'],
        [null, '', 3, 'z'],
      ],
    ],
    [
      'kind=leftsemi',
      [
        [1, 'a'],
        [1, 'b'],
        [null, 'n'],
      ],
    ],
    ['kind=leftanti', [[2, 'c']]],
    ['kind=anti', [[2, 'c']]],
    [
      'kind=rightsemi',
      [
        [1, 'x'],
        [1, 'y'],
        [null, 'm'],
      ],
    ],
    ['kind=rightanti', [[3, 'z']]],
    ['kind=leftantisemi', [[2, 'c']]],
    [
      'kind=inner hint.strategy=shuffle',
      [
        [1, 'a', 1, 'x'],
        [1, 'a', 1, 'y'],
        [1, 'b', 1, 'x'],
        [1, 'b', 1, 'y'],
        [null, 'n', null, 'm'],
      ],
    ],
  ])('%s gives its rows', async (kind, expected) => {
    expect(await rows(`L | join ${kind} R on k`)).toEqual(expected);
  });

  it('fullouter has both kinds of lonely rows', async () => {
    expect(
      await rows('L | join kind=fullouter R on k | summarize count(), countif(isnull(k)), countif(isnull(k1))'),
    ).toEqual([[7, 2, 2]]);
  });

  it.each([
    ['inner', 0],
    ['leftouter', 4],
    ['leftanti', 4],
    ['leftsemi', 0],
    ['fullouter', 4],
    ['rightouter', 0],
  ])('%s against no rows', async (kind, count) => {
    expect(await rows(`L | join kind=${kind} None on k | count`)).toEqual([[count]]);
  });

  it('names clashing columns', async () => {
    const { columns } = await ask('L | join kind=inner (L | project k, v) on k', tables);
    expect(columns.map((column) => column.name)).toEqual(['k', 'v', 'k1', 'v1']);
  });

  it('takes $left and $right, and several keys', async () => {
    const right = '(R | project key = k, w, v = iff(w == "x", "a", "b"))';
    expect(await rows(`L | join kind=inner ${right} on $left.k == $right.key, v | project v, w`)).toEqual([
      ['a', 'x'],
      ['b', 'y'],
    ]);
  });

  it('joins a bag member as text after a cast', async () => {
    const query =
      'datatable(d: dynamic)[dynamic({"k": "a"})] | extend k = tostring(d.k) | join kind=inner (print k = "a", n = 1) on k | project n';
    expect(await rows(query)).toEqual([[1]]);
  });

  it('joins int with long', async () => {
    const query = 'print a = toint(1) | join kind=inner (print b = 1, n = 5) on $left.a == $right.b | project n';
    expect(await rows(query)).toEqual([[5]]);
  });

  it('keeps 64-bit keys apart', async () => {
    const query = 'print k = 9007199254740993 | join kind=inner (print k = 9007199254740992) on k | count';
    expect(await rows(query)).toEqual([[0]]);
  });

  it('goes on after data-dependent columns', async () => {
    const query =
      'print d = dynamic({"k": 1, "z": 2}) | evaluate bag_unpack(d) | extend q = 1 | join kind=inner (print q = 1, z = 7) on q';
    const { columns } = await ask(query);
    expect(columns.map((column) => column.name)).toEqual(['k', 'z', 'q', 'q1', 'z1']);
  });

  it('refuses kinds that do not exist', async () => {
    await expect(ask('L | join kind=sideways R on k', tables)).rejects.toMatchObject({ name: 'HuntwireError' });
  });
});

describe('null keys', () => {
  const typed = (type: string, value: Value) => ({
    A: tableOf(`k: ${type}, j: long`, [
      [null, 1],
      [value, 2],
    ]),
    B: tableOf(`k: ${type}, j: long`, [
      [null, 1],
      [null, 2],
    ]),
  });

  it.each([
    ['int', 1],
    ['long', 1],
    ['real', 1.5],
    ['datetime', '2026-01-01'],
    ['timespan', '01:00:00'],
    ['guid', '74be27de-1e4e-49d9-b579-fe0b331d3642'],
    ['bool', true],
  ])('null matches null: %s', async (type, value) => {
    const given = typed(type, value);
    expect(await rowsOf('A | join kind=inner B on k | count', given)).toEqual([[2]]);
    expect(await rowsOf('A | join kind=inner B on k, j | count', given)).toEqual([[1]]);
    expect(await rowsOf('A | lookup B on k | count', given)).toEqual([[3]]);
    expect(await rowsOf('A | join kind=leftanti B on k | count', given)).toEqual([[1]]);
  });
});

describe('lookup', () => {
  it('is a left outer join without the right keys', async () => {
    expect(await rows('L | lookup R on k')).toEqual([
      [1, 'a', 'x'],
      [1, 'a', 'y'],
      [1, 'b', 'x'],
      [1, 'b', 'y'],
      [2, 'c', ''],
      [null, 'n', 'm'],
    ]);
    expect(await rows('L | lookup kind=inner (R | project key = k, w) on $left.k == $right.key | count')).toEqual([
      [5],
    ]);
  });
});

describe('union', () => {
  it('puts legs one after another and fills what they lack', async () => {
    expect(await rows('L | take 1 | union (R | take 1)')).toEqual([
      [1, 'a', ''],
      [1, '', 'x'],
    ]);
  });

  it.each([
    ['union kind=inner L, R | getschema | project ColumnName', [['k']]],
    ['union L, L | count', [[8]]],
    [
      'union withsource=t L, R, None | summarize count() by t',
      [
        ['L', 4],
        ['R', 4],
      ],
    ],
    ['union withsource=t (L | take 1), (R | take 1 | as Q) | project t', [['union_arg0'], ['Q']]],
    [
      'L | union withsource=t R | summarize count() by t',
      [
        ['L', 4],
        ['R', 4],
      ],
    ],
    ['union isfuzzy=true L, Nowhere, (Elsewhere | where a > 1) | count', [[4]]],
    ['let f = (t: string) { table(t) }; let x = f("L"); let y = f("Nowhere"); union isfuzzy=true x, y | count', [[4]]],
    ['let f = (t: string) { table(t) }; let y = f("Nowhere") | take 1; let z = y | count; L | count', [[4]]],
    ['union L*, Non* | count', [[4]]],
    ['let V = view() { L | take 1 }; union V* | count', [[1]]],
    ['let X = L; union X, X | count', [[8]]],
    [
      'union (print a = 1), (print a = 1.5) | project a_long, a_real',
      [
        [1, null],
        [null, 1.5],
      ],
    ],
  ])('%s', async (query, expected) => {
    expect(await rows(query)).toEqual(expected);
  });

  it('with isfuzzy needs one table that is there', async () => {
    await expect(rows('union isfuzzy=true Nowhere, (Elsewhere | where a > 1) | count')).rejects.toMatchObject({
      code: 'KQL_FAILED',
      message: expect.stringContaining("'Nowhere'"),
    });
    await expect(rows('let f = (t: string) { table(t) }; let y = f("Nowhere"); y | count')).rejects.toMatchObject({
      code: 'KQL_FAILED',
    });
  });
});
