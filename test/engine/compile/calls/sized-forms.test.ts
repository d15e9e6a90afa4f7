import { describe, expect, it } from '@jest/globals';
import { ask } from '../../ask.ts';
import { rowsOf } from '../../evaluate.ts';

describe('bin_auto', () => {
  it.each([
    ['set query_bin_auto_size=10;', [0, 10, 20]],
    ['set query_bin_auto_size=10; set query_bin_auto_at=5;', [-5, 5, 15]],
  ])('takes its size and place from options: %s', async (options, expected) => {
    const rows = await rowsOf(`${options} datatable(x: long)[4, 14, 24] | summarize by bin_auto(x) | sort by x asc`);
    expect(rows.flat()).toEqual(expected);
  });

  it('works inside functions and for times', async () => {
    const query =
      'set query_bin_auto_size=1h; let f = (t: datetime) { bin_auto(t) }; print f(datetime(2025-01-01 03:20))';
    expect(await rowsOf(query)).toEqual([['2025-01-01T03:00:00Z']]);
  });

  it('is refused without a size', async () => {
    await expect(rowsOf('print x = 1 | extend y = bin_auto(x)')).rejects.toMatchObject({ code: 'KQL_UNSUPPORTED' });
  });
});

describe('estimate_data_size', () => {
  it.each([
    ['x = 1', 8],
    ['x = "grün"', 5],
    ['x = int(1), t = now()', 12],
    ['x = ""', 0],
    ['x = new_guid(), s = 1h, r = 0.5', 32],
  ])('of %s is %d', async (columns, expected) => {
    expect(await rowsOf(`print ${columns} | project size = estimate_data_size(*)`)).toEqual([[expected]]);
  });

  it('counts the named columns alone', async () => {
    expect(await rowsOf('print x = 1, y = "ab" | project estimate_data_size(y)')).toEqual([[2]]);
  });

  it('is refused over types whose size is not documented', async () => {
    const query = 'print x = dynamic([1]) | project estimate_data_size(x)';
    await expect(rowsOf(query)).rejects.toMatchObject({ code: 'KQL_UNSUPPORTED' });
  });
});

describe('fork', () => {
  it('gives the first of its results and says so', async () => {
    const result = await ask('range x from 1 to 3 step 1 | fork (where x > 1 | project y = x) (count)');
    expect([...result.rows()]).toEqual([{ y: 2 }, { y: 3 }]);
    expect(result.warnings).toEqual(['The query has 2 results; the first one is given.']);
  });

  it('refuses what any of its queries cannot do', async () => {
    const query = 'print s = "a" | fork (count) (extend who = current_principal_details())';
    await expect(rowsOf(query)).rejects.toMatchObject({ code: 'KQL_UNSUPPORTED' });
  });
});
