import { describe, expect, it } from '@jest/globals';
import { evaluate, rowsOf } from '../evaluate.ts';

const NUMBERS = 'range x from 1 to 100 step 1';

describe('sets: hll and what reads it', () => {
  it.each([
    [`${NUMBERS} | summarize h = hll(x % 7) | project dcount_hll(h)`, [[7]]],
    [`${NUMBERS} | summarize h = hll_if(x, x <= 5, 2) | project dcount_hll(h)`, [[5]]],
    [`${NUMBERS} | summarize h = hll(x) by k = x % 3 | summarize h = hll_merge(h) | project dcount_hll(h)`, [[100]]],
    [`${NUMBERS} | summarize a = hll(x), b = hll(x + 50) | project dcount_hll(hll_merge(a, b))`, [[150]]],
    [`datatable(s: string)['a', 'b', 'a', ''] | summarize h = hll(s) | project dcount_hll(h)`, [[3]]],
    [`datatable(n: long)[long(null)] | summarize h = hll(n) | project dcount_hll(h)`, [[null]]],
    [`datatable(n: long)[] | summarize hll(n), tdigest(n)`, [[null, null]]],
    ['print dcount_hll(dynamic(null)), dcount_hll(hll_merge(dynamic([]), dynamic([])))', [[null, null]]],
  ])('%s', async (query, expected) => {
    expect(await rowsOf(query)).toEqual(expected);
  });

  it('dcount_intersect counts what the first sets share', async () => {
    const query = `${NUMBERS} | summarize a = hll(x), b = hll(iff(x % 2 == 0, x, 2)), c = hll(iff(x % 3 == 0, x, 6)) | evaluate dcount_intersect(a, b, c) | project s0, s1, s2`;
    expect(await rowsOf(query)).toEqual([[100, 50, 16]]);
  });
});

describe('digests: tdigest and what reads it', () => {
  it.each([
    [
      `${NUMBERS} | summarize d = tdigest(x) | project percentile_tdigest(d, 50, typeof(long)), rank_tdigest(d, 10), percentrank_tdigest(d, 10)`,
      [[50, 10, 10]],
    ],
    [
      `${NUMBERS} | summarize d = tdigest(x) | project percentiles_array_tdigest(d, 10, 90), percentiles_array_tdigest(d, dynamic([0, 100]))`,
      [
        [
          [10, 90],
          [1, 100],
        ],
      ],
    ],
    [
      `${NUMBERS} | summarize a = tdigest(x), b = tdigest(x + 100) | project percentile_tdigest(merge_tdigest(a, b), 100)`,
      [[200]],
    ],
    [
      `${NUMBERS} | summarize d = tdigest(x) by k = x % 2 | summarize d = tdigest_merge(d) | project percentile_tdigest(d, 25)`,
      [[25]],
    ],
    [
      `${NUMBERS} | summarize d = tdigest(x) by k = x % 2 | summarize d = merge_tdigest(d) | project percentile_tdigest(tdigest_merge(d, d), 25)`,
      [[25]],
    ],
    [
      `datatable(v: real, w: long)[1.0, 1, 2.0, 2] | summarize d = tdigest(v, w) | project percentile_tdigest(d, 50)`,
      [[2]],
    ],
    [
      `datatable(t: datetime)[datetime(2024-02-03), datetime(2024-01-02)] | summarize d = tdigest(t) | project percentile_tdigest(d, 50, typeof(datetime))`,
      [['2024-01-02T00:00:00Z']],
    ],
    [
      `datatable(n: long)[long(null)] | summarize d = tdigest(n) | project percentile_tdigest(d, 50), rank_tdigest(d, 1), percentrank_tdigest(d, 1)`,
      [[null, null, null]],
    ],
    ['print percentile_tdigest(dynamic(null), 50), rank_tdigest(dynamic([1]), 1)', [[null, null]]],
  ])('%s', async (query, expected) => {
    expect(await rowsOf(query)).toEqual(expected);
  });

  it('are dynamics that can be written and read', async () => {
    expect(await evaluate("percentile_tdigest(parse_json('[[7],[1,2,3],[1,1,1]]'), 50)")).toBe(2);
  });
});
