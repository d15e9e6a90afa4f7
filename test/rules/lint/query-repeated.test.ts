import { describe, expect, it } from '@jest/globals';
import { queryRepeated } from '../../../src/rules/lint/query-repeated.ts';
import { ruleOf } from '../rule-text.ts';

function found(...rules: readonly Readonly<Record<string, string>>[]) {
  return (
    queryRepeated.finish?.(
      rules.map((more) => ruleOf(more)),
      {},
    ) ?? []
  );
}

const QUERY = 'T | where A == "//x" | project A';

describe('query-repeated', () => {
  it('finds a query that another rule has, however it is laid out', () => {
    const laidOut = { id: 'b', query: '|\n  T // all of it\n  | where A == "//x"\n\n  | project   A' };
    expect(found({ id: 'a', query: QUERY }, laidOut)).toEqual([
      {
        file: 'some.yaml',
        place: { line: 4, column: 1 },
        message: 'The rule asks the same query as "a" (some.yaml), so that both tell each hit.',
        suggestion: 'Join the rules, or let each ask for what the other leaves out.',
      },
    ]);
  });

  it('has nothing against other texts, params, windows and thresholds, nor against one rule of two tenants', () => {
    const a = { id: 'a', query: QUERY };
    expect(found(a, { id: 'b', query: QUERY.replace('//x', '//y') })).toEqual([]);
    expect(found({ ...a, params: '{p: 1}' }, { id: 'b', query: QUERY, params: '{p: 2}' })).toEqual([]);
    expect(found(a, { id: 'b', query: QUERY, window: 'event' })).toEqual([]);
    expect(found(a, { id: 'b', query: QUERY, threshold: '"> 5"' })).toEqual([]);
    expect(found(a, a)).toEqual([]);
  });

  it('names the first of many for each', () => {
    const names = found(...['a', 'b', 'c'].map((id) => ({ id, query: QUERY }))).map(({ message }) => message);
    expect(names.map((text) => text.includes('as "a"'))).toEqual([true, true]);
  });
});
