import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createBudget, DEFAULT_LIMITS } from '../../src/engine/budget.ts';
import { codesOf } from '../../src/engine/runtime/codes.ts';
import { columnOf } from '../../src/engine/runtime/column.ts';
import { countDistinctCodes } from '../../src/engine/runtime/distinct-count.ts';
import { groupRows } from '../../src/engine/runtime/group.ts';
import { rowOrder, sortedRows, sortRows } from '../../src/engine/runtime/sort.ts';
import { topOfKeys } from '../../src/engine/runtime/top.ts';
import type { TableSource } from '../../src/engine/table-data.ts';
import type { Value } from '../../src/engine/value.ts';
import type { ScalarType } from '../../src/kql/types.ts';
import { tries } from '../tries.ts';
import { ask, cells } from './ask.ts';

/** A little more than from where codes are kept. */
const ROWS = 4200;
const TEXTS = ['', 'cmd.exe', 'CMD.EXE', 'a b', 'ßA', '😀x', 'power-shell', 'Σς', '{"a":1}', '5', 'no\nline'];

/** The same table twice: with lists that stay, from which codes are made, and with columns computed anew, which have none. */
const PLAIN = 'T | extend Name = strcat(Name, ""), User = strcat(User, ""), N = N + 0, At = At + 0s';

const columns: { name: string; type: ScalarType; values: Value[] }[] = [
  { name: 'Name', type: 'string', values: rowsOf((row) => TEXTS[(row * 7 + (row >> 5)) % TEXTS.length] ?? '') },
  { name: 'User', type: 'string', values: rowsOf((row) => `user${(row * row) % 91}`) },
  { name: 'Id', type: 'string', values: rowsOf((row) => `id-${(row * 2_654_435_761) % 3203}`) },
  { name: 'N', type: 'long', values: rowsOf((row) => (row % 13 === 0 ? null : ((row * 37) % 501) - 250)) },
  { name: 'At', type: 'datetime', values: rowsOf((row) => (row % 17 === 0 ? null : 3.7e15 + ((row * 7919) % 4207))) },
];
const other = {
  Name: ['cmd.exe', 'ßA', 'nothing', 'cmd.exe', ''],
  N: [3, null, 7, 5, 3],
} as const;

function rowsOf(make: (row: number) => Value): Value[] {
  return Array.from({ length: ROWS }, (_, row) => make(row));
}

const T: TableSource = {
  columns,
  load: async () => ({
    rowCount: ROWS,
    column: (name) => columns.find((column) => column.name === name)?.values ?? null,
  }),
};
const U: TableSource = {
  columns: [
    { name: 'Name', type: 'string' },
    { name: 'N', type: 'long' },
  ],
  load: async () => ({ rowCount: 5, column: (name) => other[name as keyof typeof other] ?? null }),
};

const CONDITIONS = [
  'Name =~ "cmd.exe"',
  'Name has "cmd"',
  'Name !has "a"',
  'Name matches regex "^[a-z]"',
  'tolower(Name) == "cmd.exe"',
  'strlen(Name) > strlen(User)',
  'Name in ("5", "ßA") or User endswith "7"',
  'Name in~ ("CMD.exe")',
  'toint(Name) == 5',
  'isnull(toint(Name)) and N between (0 .. 100)',
  'tostring(parse_json(Name).a) == "1"',
  'Name has_any ("shell", "a")',
  'substring(Name, 0, 1) == substring(User, 0, 1)',
  'iff(Name == "", "u", Name) startswith "u"',
];
const STEPS = [
  ...CONDITIONS.map((condition) => `where ${condition}`),
  ...CONDITIONS.map((condition) => `where N > 0 | where ${condition} | summarize count() by Name`),
  'summarize dcount(N), dcount(User), dcount(At), count() by Name, User',
  'summarize dcount(Name), count_distinct(N), dcount(N, 2)',
  'summarize dcount(Name) by tolower(User), bin(N, 100)',
  'where Name =~ "cmd.exe" | summarize dcount(User) by Name, N',
  'distinct Name, N',
  'join kind=inner U on Name',
  'join kind=innerunique U on Name, N',
  'where User has "user1" | join kind=leftouter U on N | count',
  'join kind=leftanti U on Name | summarize count() by Name',
  'join kind=fullouter (U | where Name != "ßA") on Name | summarize count() by Name, Name1',
  'join kind=rightsemi U on Name',
  'join kind=leftouter (T | summarize Most = max(N) by Name) on Name | summarize take_any(Most) by Name',
  'lookup U on N | summarize count() by Name1',
  'sort by Name asc, At desc',
  'sort by N desc nulls first, User asc',
  'sort by At asc nulls last | take 50',
  'where N != 4 | sort by User desc, Id asc',
  'top 20 by N asc',
  'top 20 by At desc nulls first',
  'top 7 by Name asc',
  'top 30 by N asc nulls last',
  'top 500 by N desc nulls first',
  'sort by Name asc | take 9',
  'sort by N asc, At asc, Id asc | take 40',
  'sort by User desc, N desc | limit 33 | where N > 0',
  'where N > 10 | sort by strlen(Id) desc, N asc nulls last | project N, Id | take 12',
  'sort by N | take 0',
  'sort by N | take 7000 | summarize sum(N)',
  'extend x = strcat(toupper(Name), "!") | summarize count() by x',
  'project s = split(Name, "m") | summarize count() by tostring(s)',
  'union U | summarize count() by Name',
];

describe('columns as codes', () => {
  test.each(STEPS)('give the rows that plain columns give: %s', async (steps) => {
    const tables = { T, U };
    const [coded, again, plain] = [
      await ask(`T | ${steps}`, tables),
      await ask(`T | ${steps}`, tables),
      await ask(`${PLAIN} | ${steps}`, tables),
    ];
    expect(cells(again)).toEqual(cells(coded));
    const names = coded.columns.map(({ name }) => name);
    expect([...plain.rows()].map((row) => names.map((name) => row[name]))).toEqual(cells(coded));
  });

  test('a failure is one of a row that is read', async () => {
    const query =
      'T | where User == "user0" and Name != "{\\"a\\":1}" | extend x = strrep(Name, iff(Name == "5", 3, 1))';
    expect((await ask(query, { T })).rowCount).toBe(
      (await ask(`${PLAIN} | where Id != "" | ${query.slice(4)}`, { T })).rowCount,
    );
  });
});

const budget = () => createBudget(DEFAULT_LIMITS, () => 0, new AbortController().signal);
const number = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.double(),
  fc.constantFrom(null, Number.NaN, 0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2 ** 52 + 1, 5e-324),
);
const sortable = fc.record({
  type: fc.constantFrom('real', 'long', 'datetime'),
  few: fc.array(number, { minLength: 1, maxLength: 40 }),
  descending: fc.boolean(),
  nullsFirst: fc.boolean(),
});

describe('rows in order', () => {
  test('by numbers as by comparing them', () => {
    fc.assert(
      fc.property(fc.array(sortable, { minLength: 1, maxLength: 3 }), fc.nat(60), (given, count) => {
        const rowCount = 400;
        const keys = given.map(({ few, ...key }, index) => ({
          ...key,
          values: Array.from(
            { length: rowCount },
            (_, row) => few[((row + index) * (2 * index + 7)) % few.length] ?? null,
          ),
          codes: null,
        }));
        const expected = sortedRows(rowCount, rowOrder(keys), budget());
        expect(sortRows(rowCount, keys, budget())).toEqual(expected);
        expect(topOfKeys(rowCount, count, keys, budget())).toEqual(expected.slice(0, count));
        const best = sortedRows(rowCount, rowOrder(keys.slice(0, 1)), budget()).slice(0, count);
        expect(topOfKeys(rowCount, count, keys.slice(0, 1), budget())).toEqual(best);
      }),
      { numRuns: tries(5, 60) },
    );
  });

  test('whole numbers beyond those of a double are compared', () => {
    const values = Array.from({ length: 3000 }, (_, row): Value => (row % 2 === 0 ? row : 2n ** 60n + BigInt(row % 7)));
    const key = { values, type: 'long', descending: true, nullsFirst: false, codes: null };
    expect(sortRows(3000, [key], budget())).toEqual(sortedRows(3000, rowOrder([key]), budget()));
  });
});

test('distinct values are counted as with sets', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(5), fc.constantFrom(null, 1, 2, 900_000, 'x', ''))), (rows) => {
      const [keys, values] = [rows.map(([key]) => key), rows.map(([, value]) => value)];
      const grouping = groupRows([columnOf('k', 'long', keys)], rows.length, budget());
      const counts = countDistinctCodes(codesOf(columnOf('v', 'string', values), rows.length, budget()), grouping);
      const sets = new Map<number, Set<Value>>(keys.map((key) => [key, new Set()]));
      for (const [key, value] of rows) if (value !== null) sets.get(key)?.add(value);
      expect([...counts]).toEqual([...sets.values()].map((set) => set.size));
    }),
  );
});
