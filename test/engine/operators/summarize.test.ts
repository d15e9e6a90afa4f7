import { describe, expect, it } from '@jest/globals';
import { ask, rowsOf, tableOf } from '../ask.ts';

const T = tableOf('a: long, s: string, t: datetime, d: dynamic', [
  [5, 'x', 0, null],
  [2, 'y', 36_000_000_000, [1]],
  [null, 'x', null, new Map([['k', 1]])],
  [7, 'x', 0, new Map([['k', 1]])],
]);
const tables = { T, None: tableOf('a: long, s: string', []) };
const rows = (query: string) => rowsOf(query, tables);

describe('summarize', () => {
  it.each([
    ['summarize count()', [[4]]],
    [
      'summarize n = count() by s',
      [
        ['x', 3],
        ['y', 1],
      ],
    ],
    [
      'summarize count() by s, a',
      [
        ['x', 5, 1],
        ['y', 2, 1],
        ['x', null, 1],
        ['x', 7, 1],
      ],
    ],
    ['summarize by s', [['x'], ['y']]],
    ['summarize sum(a), avg(a), min(a), max(a)', [[14, 14 / 3, 2, 7]]],
    ['summarize r = round(avg(a), 1) + count()', [[8.7]]],
    [
      'summarize count() by bin(t, 1h) | project t, count_',
      [
        ['2014-01-01T00:00:00Z', 2],
        ['2014-01-01T01:00:00Z', 1],
        [null, 1],
      ],
    ],
    [
      'summarize count() by u = toupper(s)',
      [
        ['X', 3],
        ['Y', 1],
      ],
    ],
    [
      'summarize arg_max(a, *) by s | project s, a, d',
      [
        ['x', 7, { k: 1 }],
        ['y', 2, [1]],
      ],
    ],
    ['summarize arg_min(a, s)', [[2, 'y']]],
    ['summarize (low, which) = arg_min(a, s) | project low, which', [[2, 'y']]],
    [
      'summarize m = arg_max(a, s) by j = tostring(d) | project m, s',
      [
        [5, 'x'],
        [2, 'y'],
        [7, 'x'],
      ],
    ],
    ['summarize take_any(s)', [['x']]],
    ['summarize take_any(d)', [[[1]]]],
    ['summarize take_any(*) by s | project a', [[5], [2]]],
    ['summarize x = strcat("<", take_any(s), ">")', [['<x>']]],
    ['summarize percentiles(a, 0, 100)', [[2, 7]]],
    [
      'summarize make_list(a), make_set(s)',
      [
        [
          [5, 2, 7],
          ['x', 'y'],
        ],
      ],
    ],
    ['summarize dcount(s), dcountif(s, a > 2), countif(a > 2)', [[2, 1, 2]]],
    ['summarize hint.strategy=shuffle count() by s | count', [[2]]],
    [
      'summarize arg_max(t, a) by s | project s, t, a',
      [
        ['x', '2014-01-01T00:00:00Z', 5],
        ['y', '2014-01-01T01:00:00Z', 2],
      ],
    ],
  ])('%s', async (step, expected) => {
    expect(await rows(`T | ${step}`)).toEqual(expected);
  });

  it.each([
    ['None | summarize count(), sum(a), make_list(a), max(a)', [[0, 0, [], null]]],
    ['None | summarize count() by s', []],
    ['None | summarize arg_max(a, s)', [[null, '']]],
    ['None | summarize take_any(s)', [['']]],
  ])('%s over nothing', async (query, expected) => {
    expect(await rows(query)).toEqual(expected);
  });

  it('names columns as the service does', async () => {
    const { columns } = await ask(
      'T | summarize count(), dcount(s), max(a), make_set(a), arg_max(t, d) by bin(a, 2)',
      tables,
    );
    expect(columns.map((column) => column.name)).toEqual(['a', 'count_', 'dcount_s', 'max_a', 'set_a', 't', 'd']);
  });

  it('names the covariance after both columns', async () => {
    const { columns } = await ask('datatable(x: real, y: real)[1, 2, 3, 4] | summarize covariance(x, y)');
    expect(columns.map((column) => column.name)).toEqual(['covariance_x_y']);
  });
});

describe('make-series', () => {
  it.each([
    [
      'make-series n = count() on a from 0 to 10 step 5',
      [
        [
          [1, 2],
          [0, 5],
        ],
      ],
    ],
    [
      'make-series n = count() on a from 0 to 10 step 5 by s',
      [
        ['x', [0, 2], [0, 5]],
        ['y', [1, 0], [0, 5]],
      ],
    ],
    [
      'make-series m = max(a) default = -1 on a from 0 to 15 step 5',
      [
        [
          [2, 7, -1],
          [0, 5, 10],
        ],
      ],
    ],
    [
      'make-series n = count() on a in range(0, 10, 5)',
      [
        [
          [1, 2, 0],
          [0, 5, 10],
        ],
      ],
    ],
    [
      'make-series n = count() on a step 2',
      [
        [
          [1, 1, 1],
          [2, 4, 6],
        ],
      ],
    ],
    ['where a > 99 | make-series n = count() on a from 0 to 4 step 2', []],
    [
      'where a > 99 | make-series kind=nonempty n = count() on a from 0 to 4 step 2',
      [
        [
          [0, 0],
          [0, 2],
        ],
      ],
    ],
  ])('%s', async (step, expected) => {
    expect(await rows(`T | ${step}`)).toEqual(expected);
  });

  it('begins and ends each series where its own rows do, unless told', async () => {
    const data = 'datatable(k: string, x: long)["a", 1, "a", 5, "b", 4]';
    expect(await rowsOf(`${data} | make-series n = count() on x step 2 by k`)).toEqual([
      ['a', [1, 0, 1], [0, 2, 4]],
      ['b', [1], [4]],
    ]);
    expect(await rowsOf(`${data} | make-series n = count() on x from -1 step 2 by k`)).toEqual([
      ['a', [0, 1, 0, 1], [-1, 1, 3, 5]],
      ['b', [0, 0, 1], [-1, 1, 3]],
    ]);
    expect(await rowsOf(`${data} | make-series n = count() on x to 5 step 2 by k`)).toEqual([
      ['a', [1, 0, 0], [0, 2, 4]],
      ['b', [1], [4]],
    ]);
  });

  it('has the bins of bin() without a start, and within range()', async () => {
    const week = 'datatable(t: datetime)[datetime(2020-01-08)] | make-series n = count() on t step 7d';
    expect(await rowsOf(`${week} | project t = todatetime(t[0])`)).toEqual([['2020-01-06T00:00:00Z']]);
    const range = 'datatable(x: long)[1, 7] | make-series n = count() on x in range(3, 8, 5)';
    expect(await rowsOf(range)).toEqual([
      [
        [1, 1],
        [0, 5],
      ],
    ]);
  });

  it('leaves out what lies at its end or beyond', async () => {
    expect(await rowsOf('datatable(x: long)[4, 5] | make-series n = count() on x from 0 to 5 step 2')).toEqual([
      [
        [0, 0, 1],
        [0, 2, 4],
      ],
    ]);
  });

  it('writes times as text', async () => {
    const query = 'T | make-series n = count() on t from datetime(2014-01-01) to datetime(2014-01-01 02:00) step 1h';
    expect(await rows(query)).toEqual([
      [
        [2, 1],
        ['2014-01-01T00:00:00.0000000Z', '2014-01-01T01:00:00.0000000Z'],
      ],
    ]);
  });

  it('needs a step above 0', async () => {
    await expect(rows('T | make-series count() on a from 0 to 4 step 0')).rejects.toMatchObject({ code: 'KQL_FAILED' });
  });
});

describe('top-nested', () => {
  it.each([
    ['top-nested 1 of s by sum(a)', [['x', 12]]],
    [
      'top-nested 2 of s by sum(a) asc',
      [
        ['y', 2],
        ['x', 12],
      ],
    ],
    [
      'top-nested 1 of s with others = "rest" by count()',
      [
        ['x', 3],
        ['rest', 1],
      ],
    ],
    [
      'top-nested of s by count(), top-nested 1 of a by max(a)',
      [
        ['x', 3, 7, 7],
        ['y', 1, 2, 2],
      ],
    ],
  ])('%s', async (step, expected) => {
    expect(await rows(`T | ${step}`)).toEqual(expected);
  });
});

describe('evaluate', () => {
  const bags =
    'datatable(id: long, d: dynamic)[1, dynamic({"n": 1, "s": "x"}), 2, dynamic({"n": 2.5, "s": 7}), 3, dynamic(null)]';

  it.each([
    [
      `${bags} | evaluate bag_unpack(d)`,
      [
        [1, 1, 'x'],
        [2, 2.5, 7],
        [3, null, null],
      ],
    ],
    [
      `print z = 0, d = dynamic({"a": 1, "d": 2}), x = 9 | evaluate bag_unpack(d) | getschema | project ColumnName`,
      [['z'], ['d'], ['x'], ['a']],
    ],
    [
      `${bags} | evaluate bag_unpack(d, "p_") | getschema | project ColumnName, ColumnType`,
      [
        ['id', 'long'],
        ['p_n', 'real'],
        ['p_s', 'dynamic'],
      ],
    ],
    [
      `${bags} | evaluate bag_unpack(d) : (id: long, s: string, extra: int)`,
      [
        [1, 'x', null],
        [2, '7', null],
        [3, '', null],
      ],
    ],
    ['print n = 5, d = dynamic({"n": 1}) | evaluate bag_unpack(d, columnsConflict="keep_source")', [[5]]],
    ['print n = 5, d = dynamic({"n": 1}) | evaluate bag_unpack(d, columnsConflict="replace_source")', [[1]]],
    ['T | project s, a | evaluate pivot(s, max(a))', [[7, 2]]],
    [
      'T | evaluate pivot(s, count(), a) | sort by a asc nulls last',
      [
        [2, 0, 1],
        [5, 1, 0],
        [7, 1, 0],
        [null, 1, 0],
      ],
    ],
    [
      'print a = 1, b = "x" | evaluate narrow()',
      [
        [0, 'a', '1'],
        [0, 'b', 'x'],
      ],
    ],
    [
      'print ip = "10.1.2.3" | evaluate ipv4_lookup((datatable(n: string, w: string)["10.1.0.0/16", "in", "10.2.0.0/16", "out"]), ip, n) | project w',
      [['in']],
    ],
    [
      'datatable(ip: string, site: string)["10.1.2.3", "a", "10.1.2.3", "b", "9.9.9.9", "a"] | evaluate ipv4_lookup((datatable(n: string, site: string, w: string)["10.1.0.0/16", "a", "x", "10.0.0.0/8", "b", "y"]), ip, n, site, true) | project ip, site, w',
      [
        ['10.1.2.3', 'a', 'x'],
        ['10.1.2.3', 'b', 'y'],
        ['9.9.9.9', 'a', ''],
      ],
    ],
    ['print ip = "nonsense" | evaluate ipv4_lookup((print n = "10.1.0.0/16"), ip, n)', []],
  ])('%s', async (query, expected) => {
    expect(await rows(query)).toEqual(expected);
  });

  it('fails where a property would be a second column of a name', async () => {
    await expect(rows('print n = 5, d = dynamic({"n": 1}) | evaluate bag_unpack(d)')).rejects.toMatchObject({
      code: 'KQL_FAILED',
    });
  });
});

describe('make-series over longs that a number does not hold', () => {
  it.each([
    [
      'from 9007199254740993 to 9007199254740996 step 1',
      [1, 0, 1],
      ['9007199254740993', '9007199254740994', '9007199254740995'],
    ],
    ['step 2', [1, 1], ['9007199254740992', '9007199254740994']],
    ['in range(9007199254740993, 9007199254740995, 2)', [1, 1], ['9007199254740992', '9007199254740994']],
  ])('%s', async (range, counts, axis) => {
    const table = 'datatable(v:long)[9007199254740993, 9007199254740995]';
    const [row] = await rowsOf(`${table} | make-series n = count() on v ${range}`);
    expect(row).toEqual([counts, axis]);
  });
});
