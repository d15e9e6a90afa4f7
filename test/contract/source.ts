import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Column } from '../../src/kql/types.ts';
import { API_NAMES, type QueryEnd, type QueryRequest, type Row, type Source } from '../../src/sources/source.ts';

/** A question and what must come back. */
export interface KnownAnswer {
  readonly ruleId: string;
  readonly query: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

/** One source with something to ask it. */
export interface SourceUnderTest {
  readonly source: Source;
  /** At least two rows. */
  readonly some: KnownAnswer;
  /** Columns and no row. */
  readonly none: KnownAnswer;
  /** A query that the source refuses, and the code it does so with. */
  readonly refused: { readonly ruleId: string; readonly query: string; readonly code: string };
  close(): Promise<void>;
}

export interface Collected {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly end: QueryEnd;
}

/** Runs a query and collects what the sink sees, checking the order of the calls. */
export async function collect(
  source: Source,
  question: Omit<QueryRequest, 'signal'>,
  signal: AbortSignal = new AbortController().signal,
): Promise<Collected> {
  const schemas: (readonly Column[])[] = [];
  const rows: Row[] = [];
  const sink = {
    schema: (columns: readonly Column[]) => {
      expect(rows).toHaveLength(0);
      schemas.push(columns);
    },
    row: (row: Row) => {
      expect(schemas).toHaveLength(1);
      rows.push(row);
    },
  };
  const end = await source.query({ ...question, signal }, sink);
  expect(schemas).toHaveLength(1);
  return { columns: schemas[0] ?? [], rows, end };
}

/** The contract of every source. */
export function describeSource(name: string, make: () => Promise<SourceUnderTest>): void {
  describe(`${name} as a source`, () => {
    let it_: SourceUnderTest;
    beforeAll(async () => {
      it_ = await make();
    });
    afterAll(() => it_.close());

    it('states its traits', () => {
      const { source } = it_;
      expect(API_NAMES).toContain(source.api);
      expect(source.maxRows).toBeGreaterThan(0);
      expect(source.retentionMs).toBeGreaterThan(0);
      expect(source.quota.concurrency).toBeGreaterThan(0);
      expect(source.retiresOn === null || /^\d{4}-\d\d-\d\d$/.test(source.retiresOn)).toBe(true);
    });

    it('tells the schema once and then normalized rows with exactly its columns', async () => {
      const { columns, rows, end } = await collect(it_.source, it_.some);
      expect(columns).toEqual(it_.some.columns);
      expect(rows).toEqual(it_.some.rows);
      for (const row of rows) expect(Object.keys(row)).toEqual(columns.map((column) => column.name));
      expect(end).toMatchObject({ rows: rows.length, truncated: false });
      expect(end.bytes).toBeGreaterThanOrEqual(0);
      expect(end.elapsedMs).toBeGreaterThanOrEqual(0);
      expect(end.serviceTime === null || Number.isFinite(end.serviceTime)).toBe(true);
    });

    it('tells the schema of an answer without rows', async () => {
      const { columns, rows, end } = await collect(it_.source, it_.none);
      expect(columns).toEqual(it_.none.columns);
      expect(rows).toEqual([]);
      expect(end.rows).toBe(0);
    });

    it('refuses a wrong query with a code and the reason', async () => {
      const { ruleId, query, code } = it_.refused;
      const asked = collect(it_.source, { ruleId, query });
      await expect(asked).rejects.toMatchObject({ name: 'HuntwireError', code, retryable: false });
    });

    it('keeps queries at the same time apart', async () => {
      const answers = await Promise.all([
        collect(it_.source, it_.some),
        collect(it_.source, it_.none),
        collect(it_.source, it_.some),
      ]);
      expect(answers.map((answer) => answer.rows)).toEqual([it_.some.rows, [], it_.some.rows]);
    });

    it('stops when it is told to', async () => {
      const asked = it_.source.query(
        { ruleId: it_.some.ruleId, query: it_.some.query, signal: AbortSignal.abort() },
        { schema: () => undefined, row: () => undefined },
      );
      await expect(asked).rejects.toMatchObject({ code: 'ABORTED' });
    });

    it('passes its own checks', async () => {
      const results = await it_.source.check(new AbortController().signal);
      expect(results.length).toBeGreaterThan(0);
      for (const result of results) expect({ ...result, ok: true }).toEqual(result);
    });
  });
}
