import { describe, expect, it } from '@jest/globals';
import { createKqlEngine } from '../../src/engine/kql-engine.ts';

const ROWS = [
  { a: 1, s: 'x' },
  { a: 2, s: 'y' },
  { a: 3, s: 'x' },
];

/** `text part held failed` of each branch. */
async function branchesOf(query: string, rows: readonly object[] = ROWS, trace = true): Promise<readonly string[]> {
  const columns = [
    { name: 'a', type: 'long' as const },
    { name: 's', type: 'string' as const },
  ];
  const engine = createKqlEngine({
    schema: {
      tables: { T: columns },
      functions: [{ name: 'Stored', parameters: '(T:(a:long))', body: '{ T | where a > 0 and a < 9 }' }],
    },
    tables: rows.length > 0 ? { T: rows as Readonly<Record<string, unknown>>[] } : {},
    now: 0,
    elapsed: () => 0,
    trace,
  });
  const { branches } = await engine.run(query, { signal: new AbortController().signal });
  return branches.map(({ part, start, end, held, failed }) => {
    return `${query.slice(start, end)}: ${part}${held ? ' held' : ''}${failed ? ' failed' : ''}`;
  });
}

describe('the branches of a trace', () => {
  it('has a condition and its operands, chains as one list', async () => {
    expect(await branchesOf('T | where a > 0 and (s == "x" or s == "z") and a < 3')).toEqual([
      'a > 0 and (s == "x" or s == "z") and a < 3: where held failed',
      'a > 0: and held',
      's == "x" or s == "z": and held failed',
      's == "x": or held failed',
      's == "z": or failed',
      'a < 3: and held failed',
    ]);
  });

  it('tells what was never asked, because something before it had decided', async () => {
    expect(await branchesOf('T | where a > 5 and s == "x" | where s == "y"')).toEqual([
      'a > 5 and s == "x": where failed',
      'a > 5: and failed',
      's == "x": and',
      's == "y": where',
    ]);
  });

  it('tells null as failed, and has no branch where a value is known before', async () => {
    expect(await branchesOf('let on = true; T | where on and a / 0 > 1')).toEqual([
      'on and a / 0 > 1: where failed',
      'a / 0 > 1: and failed',
    ]);
    expect(await branchesOf('T | where true')).toEqual([]);
  });

  it.each([
    [
      'iff',
      'T | extend n = iff(a > 1, "b", "c") | where a > 1',
      ['"b": arm held', '"c": arm held', 'a > 1: where held failed'],
    ],
    ['one arm of iff', 'T | extend n = iff(a > 0, s, "c")', ['s: arm held', '"c": arm']],
    [
      'case',
      'T | extend n = case(a == 2, "two", a > 1, "more", a > 2, "hidden", "one")',
      ['"two": arm held', '"more": arm held', '"hidden": arm', '"one": arm held'],
    ],
    ['case without its last', 'T | extend n = case(a < 2, 1, a >= 2, 2, 3)', ['1: arm held', '2: arm held', '3: arm']],
    ['constants', 'T | extend n = iff(true, 1, 2)', []],
    [
      'a condition that is known once it runs',
      'let most = toscalar(T | summarize max(a)); T | extend n = iff(most > 5, "many", "few")',
      ['"many": arm', '"few": arm held'],
    ],
    [
      'one text that decides, whose column is kept as codes',
      'T | extend n = iff(s == "x", 1, 2) | where s == "y"',
      ['1: arm held', '2: arm held', 's == "y": where held failed'],
    ],
  ])('knows the arms: %s', async (_, query, told) => {
    expect(await branchesOf(query)).toEqual(told);
  });

  it('holds a function of the query for one, and says nothing of one that the query does not hold', async () => {
    expect(await branchesOf('let f = (n: long) { n > 2 or n < 0 }; T | where f(a) | where not(f(a))')).toEqual([
      'f(a): where held failed',
      'not(f(a)): where failed',
    ]);
    const rows = 'let g = (X: (a: long)) { X | where a > 2 }; union (T | invoke g()), (T | where a < 0 | invoke g())';
    expect(await branchesOf(rows)).toEqual(['a > 2: where held failed', 'a < 0: where failed']);
    expect(await branchesOf('T | invoke Stored()')).toEqual([]);
  });

  it('has every branch where there are no rows, and none where nobody asked', async () => {
    const query = 'T | where a > 0 or s == "x" | extend n = iff(a > 1, 1, 2)';
    expect(await branchesOf(query, [])).toEqual([
      'a > 0 or s == "x": where',
      'a > 0: or',
      's == "x": or',
      '1: arm',
      '2: arm',
    ]);
    expect(await branchesOf(query, ROWS, false)).toEqual([]);
  });
});
