import { describe, expect, it } from '@jest/globals';
import { expansionOf } from '../../src/kql/expansion.ts';
import { prepareQuery } from '../../src/kql/prepare-query.ts';

const doubling = (steps: number): string =>
  `let a0 = DeviceEvents;\n${Array.from({ length: steps }, (_, at) => `let a${at + 1} = union a${at}, a${at};\n`).join('')}a${steps}`;

describe('how far a query expands', () => {
  it.each<[string, number]>([
    ['DeviceEvents | where A == 1', 0],
    ['let a = 1; T | where x == a and y == a', 2],
    ['let a = 1; let b = a + a; T | where x == b', 3],
    ['let f = () { let x = 1; let y = x + x; y }; f() | union f()', 16],
    ['let a = 1; T | where x == "a a a" or y == \'a\' or z == @"a" // a', 0],
    ["let a = 1; T | where x == \"\\\"a\" and y == @'a''a' and a", 1],
  ])('%j', (text, uses) => expect(expansionOf(text)).toBe(uses));

  it('doubles with every declaration that uses the one before twice', () => {
    expect(expansionOf(doubling(10))).toBe(2 ** 11 - 1);
    expect(expansionOf(doubling(2000))).toBe(Number.POSITIVE_INFINITY);
  });

  it('takes time linear in the text, whatever is left open', () => {
    for (const part of ['"', "'", '@"', '"\\', 'let ', '{', 'let a = a;', 'h', '/'])
      expect(expansionOf(part.repeat(60_000))).toEqual(expect.any(Number));
  });

  // The parser would need half an hour for it.
  it('is a reason to refuse a query before it is analyzed', async () => {
    const options = {
      shape: null,
      params: {},
      lookbackMs: 3_600_000,
      basis: 'ingestion' as const,
      tables: {},
      keepFilters: 'never' as const,
    };
    const { findings } = await prepareQuery(doubling(24), options);
    expect(findings).toMatchObject([
      { code: 'query-too-large', message: expect.stringContaining('use each other too often') },
    ]);
  });
});
