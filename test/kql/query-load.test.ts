import { describe, expect, it } from '@jest/globals';
import { prepareQuery } from '../../src/kql/prepare-query.ts';
import { overloadOf } from '../../src/kql/query-load.ts';

const list = (count: number): string => Array.from({ length: count }, (_, at) => `"v${at}"`).join(', ');

describe('what keeps the parser busy', () => {
  it.each([
    ['case', 1000, null],
    ['case', 1001, 'A call of case() has more than 1000 arguments, which are too many to be analyzed.'],
    ['coalesce', 1001, expect.stringContaining('coalesce()')],
    ['in~ ', 5000, null],
    ['dynamic', 5000, null],
    ['strcat', 1001, null],
  ])('%s with %i arguments', (name, count, expected) => {
    expect(overloadOf(`T | extend x = ${name}(${list(count)})`)).toEqual(expected);
  });

  it('is counted call by call, and not in texts and comments', () => {
    const nested = `case(A in (${list(600)}), iff(B, dynamic([${list(600)}]), 1), ${list(600)})`;
    expect(overloadOf(`T | extend x = ${nested}`)).toBeNull();
    expect(overloadOf(`T | where x == "case(${','.repeat(2000)})" // case(${','.repeat(2000)}`)).toBeNull();
  });

  it('is counted by brackets that lie in each other, and not in texts', () => {
    expect(overloadOf(`print ${'('.repeat(2000)}`)).toBeNull();
    expect(overloadOf(`print ${'(['.repeat(1001)}`)).toContain('nested too deep');
    expect(overloadOf(`print '${'('.repeat(9000)}' // ${'('.repeat(9000)}`)).toBeNull();
  });

  it('is a long row of signs', () => {
    expect(overloadOf(`T | where x == ${'-'.repeat(2000)}1`)).toBeNull();
    expect(overloadOf(`T | where x == ${'- '.repeat(2001)}1`)).toContain('nested too deep');
  });

  it.each([
    ['+', (count: number) => `print x = 1${' + 1'.repeat(count)}`],
    ['or', (count: number) => `T | where ${'a == 1 or '.repeat(count)}b`],
    ['|', (count: number) => `T${' | where a'.repeat(count)}`],
  ])('is a long chain of %s', (_link, chain) => {
    expect(overloadOf(chain(4000))).toBeNull();
    expect(overloadOf(chain(4001))).toContain('nested too deep');
    expect(overloadOf(`datatable(a: long)[${'-1, '.repeat(5000)}1]; ${chain(4000)}`)).toBeNull();
  });

  it('takes time linear in the text, whatever is left open', () => {
    for (const part of ['(', ')', ',', 'case(', '"', '[', '-'])
      expect([null, expect.any(String)]).toContainEqual(overloadOf(part.repeat(100_000)));
  });

  // The parser would need minutes for it.
  it('refuses a query before it is analyzed', async () => {
    const options = {
      shape: null,
      params: {},
      lookbackMs: 3_600_000,
      basis: 'ingestion' as const,
      tables: {},
      keepFilters: 'never' as const,
    };
    const { findings } = await prepareQuery(`T | extend x = case(${list(6001)})`, options);
    expect(findings).toMatchObject([{ code: 'query-too-large', message: expect.stringContaining('case()') }]);
  });
});
