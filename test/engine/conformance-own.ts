import type { ConformanceCase } from './conformance-types.ts';

const PEOPLE = `let People = datatable(name: string, age: long, city: string, tags: dynamic)
  ['Ann', 31, 'Oslo', dynamic(['a', 'b']), 'Bob', long(null), 'Rome', dynamic([]), 'Cid', 17, '', dynamic(null), 'Dee', 31, 'Oslo', dynamic({'k': 1})];
`;

const ORDERS = `let Orders = datatable(who: string, amount: real, at: datetime)
  ['Ann', 10.5, datetime(2024-02-28 23:30), 'Ann', real(null), datetime(2024-02-29), 'Cid', 3.0, datetime(2024-03-01), 'Eve', 1.0, datetime(null)];
`;

/** Queries with the rows that the documentation of the language implies; always run. */
const CASES: readonly (readonly [string, string, ConformanceCase['rows']])[] = [
  ['where drops nulls', `${PEOPLE} People | where age > 18 | project name`, [['Ann'], ['Dee']]],
  ['not equal keeps nulls', `${PEOPLE} People | where age != 31 | project name`, [['Bob'], ['Cid']]],
  ['not in keeps nulls', `${PEOPLE} People | where age !in (31) | project name`, [['Bob'], ['Cid']]],
  ['in~ folds case', `${PEOPLE} People | where name in~ ('ANN', 'bOB') | project name`, [['Ann'], ['Bob']]],
  [
    'in with a subquery',
    `${PEOPLE}${ORDERS} People | where name in (Orders | project who) | project name`,
    [['Ann'], ['Cid']],
  ],
  ['between takes both ends', `${PEOPLE} People | where age between (17 .. 31) | count`, [[3]]],
  [
    'sort puts nulls last when descending',
    `${PEOPLE} People | sort by age, name asc | project name`,
    [['Ann'], ['Dee'], ['Cid'], ['Bob']],
  ],
  [
    'sort puts nulls first when ascending',
    `${PEOPLE} People | sort by age asc, name desc | project name`,
    [['Bob'], ['Cid'], ['Dee'], ['Ann']],
  ],
  [
    'nulls last can be asked for',
    `${PEOPLE} People | sort by age asc nulls last, name asc | project name`,
    [['Cid'], ['Ann'], ['Dee'], ['Bob']],
  ],
  ['top', `${PEOPLE} People | top 1 by name desc | project name`, [['Dee']]],
  ['take keeps input order', `${PEOPLE} People | take 2 | project name`, [['Ann'], ['Bob']]],
  ['distinct', `${PEOPLE} People | distinct city | sort by city asc`, [[''], ['Oslo'], ['Rome']]],
  ['count over nothing', `${PEOPLE} People | where age > 99 | summarize count(), max(age)`, [[0, null]]],
  ['no groups over nothing', `${PEOPLE} People | where age > 99 | summarize count() by city`, []],
  [
    'null is a group',
    `${PEOPLE} People | summarize n = count() by age | sort by age asc`,
    [
      [null, 1],
      [17, 1],
      [31, 2],
    ],
  ],
  ['summarize without aggregates', `${PEOPLE} People | summarize by age | sort by age desc`, [[31], [17], [null]]],
  ['expressions over aggregates', `${PEOPLE} People | summarize x = sum(age) + count()`, [[83]]],
  [
    'arg_max with star',
    `${PEOPLE} People | summarize arg_max(age, *) by city | where city == 'Oslo' | project age, name`,
    [[31, 'Ann']],
  ],
  [
    'bin of datetimes',
    `${ORDERS} Orders | where isnotnull(at) | summarize n = count() by bin(at, 1d) | sort by at asc`,
    [
      ['2024-02-28T00:00:00Z', 1],
      ['2024-02-29T00:00:00Z', 1],
      ['2024-03-01T00:00:00Z', 1],
    ],
  ],
  [
    'join is innerunique',
    `datatable(k: long, v: string)[1, 'a', 1, 'b'] | join (datatable(k: long)[1, 1]) on k | project v`,
    [['a'], ['a']],
  ],
  [
    'inner join',
    `${PEOPLE}${ORDERS} People | join kind=inner Orders on $left.name == $right.who | project name, amount`,
    [
      ['Ann', 10.5],
      ['Ann', null],
      ['Cid', 3],
    ],
  ],
  [
    'left outer join',
    `${PEOPLE}${ORDERS} People | join kind=leftouter Orders on $left.name == $right.who | project name, who | sort by name asc, who asc`,
    [
      ['Ann', 'Ann'],
      ['Ann', 'Ann'],
      ['Bob', ''],
      ['Cid', 'Cid'],
      ['Dee', ''],
    ],
  ],
  [
    'right outer join',
    `${PEOPLE}${ORDERS} People | join kind=rightouter Orders on $left.name == $right.who | where who == 'Eve' | project name, age, who`,
    [['', null, 'Eve']],
  ],
  [
    'full outer join',
    `${PEOPLE}${ORDERS} People | join kind=fullouter Orders on $left.name == $right.who | count`,
    [[6]],
  ],
  [
    'anti join',
    `${PEOPLE}${ORDERS} People | join kind=leftanti Orders on $left.name == $right.who | project name`,
    [['Bob'], ['Dee']],
  ],
  [
    'right semi join',
    `${PEOPLE}${ORDERS} People | join kind=rightsemi Orders on $left.name == $right.who | summarize count()`,
    [[3]],
  ],
  [
    'null keys match null keys',
    `datatable(k: long)[long(null)] | join kind=inner (datatable(k: long)[long(null)]) on k | count`,
    [[1]],
  ],
  ['empty text is a key', `datatable(k: string)[''] | join kind=inner (datatable(k: string)['']) on k | count`, [[1]]],
  [
    'lookup drops the key of the right side',
    `datatable(k: long)[1, 2] | lookup (datatable(k: long, v: string)[1, 'x']) on k`,
    [
      [1, 'x'],
      [2, ''],
    ],
  ],
  [
    'union outer',
    `union (print a = 1), (print b = 'x')`,
    [
      [1, ''],
      [null, 'x'],
    ],
  ],
  ['union inner', `union kind=inner (print a = 1, b = 2), (print a = 3)`, [[1], [3]]],
  [
    'union of unlike types',
    `union (print a = 1), (print a = 'x') | project-reorder a_long, a_string`,
    [
      [1, ''],
      [null, 'x'],
    ],
  ],
  [
    'union with source',
    `let V = view() { print x = 1 }; union withsource = s V, (print x = 2)`,
    [
      ['V', 1],
      ['union_arg1', 2],
    ],
  ],
  [
    'mv-expand of arrays, null and empty',
    `${PEOPLE} People | mv-expand tags | project name, tags`,
    [
      ['Ann', 'a'],
      ['Ann', 'b'],
      ['Cid', null],
      ['Dee', { k: 1 }],
    ],
  ],
  [
    'mv-expand side by side',
    `print a = dynamic([1, 2]), b = dynamic(['x']) | mv-expand a, b`,
    [
      [1, 'x'],
      [2, null],
    ],
  ],
  [
    'mv-expand with index and type',
    `print a = dynamic([5, 'x']) | mv-expand with_itemindex = i a to typeof(long) | project i, a`,
    [
      [0, 5],
      [1, null],
    ],
  ],
  [
    'mv-apply',
    `print a = dynamic([3, 1, 2]) | mv-apply x = a to typeof(long) on (summarize m = max(x))  | project m`,
    [[3]],
  ],
  [
    'mv-apply keeps the row',
    `datatable(n: string, a: dynamic)['p', dynamic([3, 1]), 'q', dynamic([7])] | mv-apply a to typeof(long) on (top 1 by a asc) | project n, a`,
    [
      ['p', 1],
      ['q', 7],
    ],
  ],
  [
    'parse',
    `print t = 'user=ann id=42 rest' | parse t with 'user=' user ' id=' id: long ' ' * | project user, id`,
    [['ann', 42]],
  ],
  [
    'parse that does not match',
    `print t = 'nothing' | parse t with 'user=' user ' id=' id: long | project user, id`,
    [['', null]],
  ],
  ['parse-where', `datatable(t: string)['a=1', 'b'] | parse-where t with 'a=' a: long | project a`, [[1]]],
  ['parse with a regex', `print t = 'x12y' | parse kind=regex t with '[a-z]' n: long '[a-z]' | project n`, [[12]]],
  [
    'parse-kv',
    `print t = 'a=1, b="x y"' | parse-kv t as (a: long, b: string) with (pair_delimiter=', ', kv_delimiter='=', quote='"') | project a, b`,
    [[1, 'x y']],
  ],
  ['extend replaces in place', `print a = 1, b = 2 | extend a = b + 1, c = a`, [[3, 2, 1]]],
  ['project-away with a pattern', `print aa = 1, ab = 2, c = 3 | project-away a*`, [[3]]],
  ['project-reorder', `print b = 1, a = 2, c = 3 | project-reorder c, * asc`, [[3, 2, 1]]],
  ['let functions with defaults', `let f = (x: long, y: long = 10) { x * y }; print f(2), f(2, 3)`, [[20, 6]]],
  [
    'let functions over tables',
    `let f = (T: (a: long)) { T | where a > 1 }; range a from 1 to 3 step 1 | invoke f()`,
    [[2], [3]],
  ],
  ['toscalar', `let m = toscalar(range x from 1 to 4 step 1 | summarize max(x)); print m + 1`, [[5]]],
  ['range downwards', `range x from 3 to 1 step -1`, [[3], [2], [1]]],
  ['range of timespans', `range x from 1h to 2h step 30m`, [['01:00:00'], ['01:30:00'], ['02:00:00']]],
  [
    'window functions',
    `range x from 1 to 3 step 1 | serialize | extend p = prev(x), n = next(x, 1, -1), s = row_cumsum(x), r = row_number()`,
    [
      [1, null, 2, 1, 1],
      [2, 1, 3, 3, 2],
      [3, 2, -1, 6, 3],
    ],
  ],
  [
    'make-series',
    `datatable(t: long)[0, 1, 5] | make-series n = count() on t from 0 to 6 step 2`,
    [
      [
        [2, 0, 1],
        [0, 2, 4],
      ],
    ],
  ],
  [
    'bag_unpack',
    `datatable(d: dynamic)[dynamic({'b': 1, 'a': 'x'}), dynamic({'b': 2})] | evaluate bag_unpack(d)`,
    [
      ['x', 1],
      ['', 2],
    ],
  ],
  ['pivot', `datatable(k: string, v: long)['a', 1, 'b', 2, 'a', 3] | evaluate pivot(k, sum(v))`, [[4, 2]]],
  [
    'partition',
    `datatable(k: string, v: long)['a', 1, 'b', 2, 'a', 3] | partition by k (top 1 by v) | sort by v asc`,
    [
      ['b', 2],
      ['a', 3],
    ],
  ],
  [
    'getschema',
    `print a = 1, b = 'x' | getschema | project ColumnName, ColumnType`,
    [
      ['a', 'long'],
      ['b', 'string'],
    ],
  ],
  [
    'members of dynamics',
    `print d = dynamic({'a': {'b': [1, 2]}}) | project d.a.b[1], d['a'].b[-1], isnull(d.x.y)`,
    [[2, 2, true]],
  ],
  [
    'and, or with null',
    `print n = bool(null) | project n and false, n or true, isnull(n and true)`,
    [[false, true, true]],
  ],
  ['wrapping of long', `print 9223372036854775807 + 1`, [['-9223372036854775808']]],
  ['ticks', `print datetime(9999-12-31 23:59:59.9999999) - datetime(9999-12-31)`, [['23:59:59.9999999']]],
  [
    'search',
    `union withsource = s (print a = 'red fox' | as P), (print b = 'blue' | as Q) | search 'fox' | project s`,
    [['P']],
  ],
  ['top-nested', `datatable(a: string, v: long)['x', 1, 'y', 5, 'x', 2] | top-nested 1 of a by sum(v)`, [['y', 5]]],
];

export const OWN_CASES: readonly ConformanceCase[] = CASES.map(([id, query, rows]) => ({ id, query, rows }));
