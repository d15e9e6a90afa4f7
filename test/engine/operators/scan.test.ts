import { describe, expect, it } from '@jest/globals';
import { rowsOf } from '../evaluate.ts';

const STEPS =
  'datatable(at: long, what: string)[1, "x", 2, "in", 3, "read", 4, "read", 5, "out", 6, "read", 7, "in", 8, "out"]';

describe('scan', () => {
  it('carries what a step assigned from row to row', async () => {
    const query = 'range x from 1 to 4 step 1 | scan declare (sum: long = 0) with (step s: true => sum = x + s.sum;)';
    expect(await rowsOf(query)).toEqual([
      [1, 1],
      [2, 3],
      [3, 6],
      [4, 10],
    ]);
  });

  it('follows a sequence over several steps and numbers it', async () => {
    const query = `${STEPS} | scan with_match_id=id with (step a: what == "in"; step b: what == "read"; step c: what == "out";)`;
    expect(await rowsOf(query)).toEqual([
      [2, 'in', 0],
      [3, 'read', 0],
      [4, 'read', 0],
      [5, 'out', 0],
      [7, 'in', 1],
      [8, 'out', 0],
    ]);
  });

  it('keeps the number of a sequence while its first step goes on', async () => {
    const query = `datatable(at: timespan)[0m, 1m, 2m, 32m, 36m, 75m] | scan with_match_id=id declare (since: timespan) with
      (step a: true => since = iff(isnull(a.since), at, a.since); step b output=none: at - a.since > 30m;)`;
    expect(await rowsOf(query)).toEqual([
      ['00:00:00', '00:00:00', 0],
      ['00:01:00', '00:00:00', 0],
      ['00:02:00', '00:00:00', 0],
      ['00:32:00', '00:32:00', 1],
      ['00:36:00', '00:32:00', 1],
      ['01:15:00', '01:15:00', 2],
    ]);
  });

  it('compares a row with the rows of earlier steps', async () => {
    const query = `${STEPS} | scan with (step a: what == "in"; step b: what == "out" and at - a.at < 2;)`;
    expect(await rowsOf(query)).toEqual([
      [2, 'in'],
      [7, 'in'],
      [8, 'out'],
    ]);
  });

  it('leaves out the rows of a step without output', async () => {
    const query = `${STEPS} | scan declare (since: long) with (step a output=none: what == "in"; step b: what == "out" => since = a.at;)`;
    expect(await rowsOf(query)).toEqual([
      [5, 'out', 2],
      [8, 'out', 7],
    ]);
  });

  it('gives the last of the matches of a step that repeat in one sequence', async () => {
    const last = (steps: string) => rowsOf(`${STEPS} | scan with_match_id=id with (${steps})`);
    expect(await last('step s output=last: true;')).toEqual([[8, 'out', 0]]);
    expect(
      await last('step a output=last: what in ("x", "in"); step b output=last: what == "read"; step c: what == "out";'),
    ).toEqual([
      [2, 'in', 0],
      [4, 'read', 0],
      [5, 'out', 0],
      [7, 'in', 1],
      [8, 'out', 0],
    ]);
    expect(await last('step s output=last: false;')).toEqual([]);
  });

  it('gives the declared value, or none, where a step assigns nothing', async () => {
    const query =
      'print x = 1 | scan declare (a: long = 7, b: string, c: datetime) with (step s: true; step t: false => a = s.a;)';
    expect(await rowsOf(query)).toEqual([[1, 7, '', null]]);
  });

  it('keeps a null that a step assigns', async () => {
    const query = 'print x = 1 | scan declare (a: long = 7) with (step s: true => a = long(null);)';
    expect(await rowsOf(query)).toEqual([[1, null]]);
  });

  it('gives no rows for no rows', async () => {
    expect(await rowsOf('range x from 1 to 0 step 1 | scan with (step s: true;)')).toEqual([]);
  });

  it('reads a declared column by its bare name as its default', async () => {
    const query = 'range x from 1 to 3 step 1 | scan declare (a: long = 10) with (step s: a == 10 => a = a + x;)';
    expect(await rowsOf(query)).toEqual([
      [1, 11],
      [2, 12],
      [3, 13],
    ]);
  });
});

describe('window functions', () => {
  it.each([
    ['datatable(x: long)[1] | extend n = row_number()', false],
    ['datatable(x: long)[1] | order by x | summarize count() by x | where prev(x) > 0', false],
    ['datatable(x: long)[1] | where x > 0 | serialize n = row_number()', true],
    ['datatable(x: long)[1] | top 1 by x | project-rename y = x | extend n = next(y)', true],
    ['print x = 1 | extend n = row_number()', true],
  ])('want rows in an order: %s', async (query, runs) => {
    if (runs) expect(await rowsOf(query)).toHaveLength(1);
    else await expect(rowsOf(query)).rejects.toMatchObject({ code: 'KQL_FAILED' });
  });
});

describe('partition with a query in braces', () => {
  const NAMES = 'let N = datatable(n: string)["ab", "b", "c"];';

  it('runs the query once for each key', async () => {
    const query = `${NAMES} datatable(k: string)["b", "c", "b"] | partition by k { N | where n has toscalar(k) or n endswith toscalar(k) }`;
    expect(await rowsOf(query)).toEqual([['ab'], ['b'], ['c']]);
  });

  it('gives the columns of the query where there is no key', async () => {
    const query = `${NAMES} datatable(k: string)[] | partition by k { N | extend k = toscalar(k) } | getschema | project ColumnName`;
    expect(await rowsOf(query)).toEqual([['n'], ['k']]);
  });

  it('reads the key in nested queries', async () => {
    const query = 'range x from 1 to 2 step 1 | partition by x { print y = toscalar(print toscalar(x) + 10) }';
    expect(await rowsOf(query)).toEqual([[11], [12]]);
  });

  it('assigns anew to a column of its input', async () => {
    const query = `datatable(a:long, b:real)[1, 1.5, 2, real(null), 3, real(null), 4, 2.0] | sort by a asc
      | scan with (step s: true => b = iff(isnull(b), s.b, b);)`;
    expect(await rowsOf(query)).toEqual([
      [1, 1.5],
      [2, 1.5],
      [3, 1.5],
      [4, 2],
    ]);
    await expect(rowsOf('print a = 1 | scan with (step s: true => c = 1;)')).rejects.toThrow();
  });
});
