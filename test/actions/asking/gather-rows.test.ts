import { describe, expect, it } from '@jest/globals';
import { gatherRows } from '../../../src/actions/asking/gather-rows.ts';
import { HuntwireError } from '../../../src/lib/errors.ts';
import type { QueryRequest, RowSink } from '../../../src/sources/source.ts';

const COLUMNS = [{ name: 'A', type: 'string' }] as const;

/** Answers with so many rows, and stops where it is aborted, as sources do. */
function sourceOf(rows: readonly string[], truncated = false) {
  const read: string[] = [];
  const query = async ({ signal }: QueryRequest, sink: RowSink) => {
    sink.schema(COLUMNS);
    for (const A of rows) {
      if (signal.aborted) throw new HuntwireError('ABORTED', 'stopped');
      read.push(A);
      sink.row({ A });
    }
    return { rows: rows.length, truncated, elapsedMs: 1, serviceTime: null } as never;
  };
  return { read, query };
}

const request = (signal = new AbortController().signal) => ({ ruleId: 'query', query: 'T', signal });

describe('rows that are gathered', () => {
  it.each([
    [3, false],
    [2, false],
    [1, true],
  ])('are %i at most; with more the answer is cut: %s', async (limit, truncated) => {
    const { query } = sourceOf(['a', 'b']);
    const gathered = await gatherRows({ query }, request(), limit);
    expect(gathered).toEqual({ columns: COLUMNS, rows: [{ A: 'a' }, { A: 'b' }].slice(0, limit), truncated });
  });

  it('are no more than memory is for, and the rest is not read', async () => {
    const { read, query } = sourceOf(Array.from({ length: 50 }, () => 'x'.repeat(1_000_000)));
    const { rows, truncated } = await gatherRows({ query }, request(), 100);
    expect([rows.length, truncated, read.length]).toEqual([7, true, 8]);
  });

  it('are cut where the service says so', async () => {
    const { query } = sourceOf(['a'], true);
    expect(await gatherRows({ query }, request(), 5)).toMatchObject({ truncated: true });
  });

  it("are nobody's when who asked has gone", async () => {
    const { query } = sourceOf(['a', 'b']);
    await expect(gatherRows({ query }, request(AbortSignal.abort()), 1)).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
