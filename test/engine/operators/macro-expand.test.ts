import { describe, expect, it } from '@jest/globals';
import { rowsOf } from '../evaluate.ts';

const TABLES = 'let T = datatable(a:long)[1, 2]; let U = datatable(a:long)[3];';

describe('macro-expand', () => {
  it.each([
    [`${TABLES} macro-expand entity_group [T, U] as X (X | where a > 1) | summarize sum(a)`, [[5]]],
    [
      `${TABLES} macro-expand kind=inner entity_group [T, U] as X (let m = 2; X | summarize b = sum(a) * m)`,
      [[6], [6]],
    ],
    [
      `${TABLES} macro-expand entity_group [T] as X (macro-expand entity_group [U] as Y (Y | project c = toscalar(X | count) + a))`,
      [[5]],
    ],
    [
      "let G = entity_group [database('x'), cluster('c').database('y')]; macro-expand G as X (print d = X.$current_database, c = X.$current_cluster_endpoint)",
      [
        ['x', ''],
        ['y', 'c'],
      ],
    ],
  ])('%s', async (query, expected) => {
    expect(await rowsOf(query)).toEqual(expected);
  });

  it.each([
    ["macro-expand entity_group [database('x')] as X (X.Missing | count)", /no table 'Missing'/],
    [
      'let T = datatable(a:long)[1]; let U = datatable(b:long)[1]; macro-expand entity_group [T, U] as X (X)',
      /different columns/,
    ],
  ])('%s fails', async (query, message) => {
    await expect(rowsOf(query)).rejects.toThrow(message);
  });
});
