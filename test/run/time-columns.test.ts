import { describe, expect, it } from '@jest/globals';
import { HuntwireError } from '../../src/lib/errors.ts';
import type { RunnableRule } from '../../src/rules/rule.ts';
import type { QueryRequest, Row, Source } from '../../src/sources/source.ts';
import { type Bench, openBench } from './bench.ts';
import { makePrepared, makeRule } from './make-rule.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const T0 = Date.parse('2026-01-10T12:00:00Z');
const SCHEMA_COLUMNS = [
  { name: 'ColumnName', type: 'string' },
  { name: 'ColumnType', type: 'string' },
] as const;
const RESULT_COLUMNS = [{ name: 'Name', type: 'string' }] as const;

function ruleOver(table: string): RunnableRule {
  const [reference] = makePrepared().tables;
  if (!reference) throw new Error('a table is needed');
  const tables = [{ ...reference, table, known: false, start: 0, end: table.length }];
  return makeRule({ query: table }, { text: table, tables });
}

interface Asked {
  readonly bench: Bench;
  readonly queries: string[];
  readonly ranges: QueryRequest['range'][];
}

/** A tenant that tells the given rows for every getschema, or fails with what `schema` throws. */
function askedTenant(
  schema: () => readonly Row[],
  columns: readonly { name: string; type: 'string' }[] = [...SCHEMA_COLUMNS],
): Asked {
  const queries: string[] = [];
  const ranges: QueryRequest['range'][] = [];
  const query: Source['query'] = async (request, sink) => {
    queries.push(request.query);
    ranges.push(request.range);
    const isSchema = request.query.endsWith('| getschema');
    const rows = isSchema ? schema() : [];
    sink.schema(isSchema ? columns : RESULT_COLUMNS);
    for (const row of rows) sink.row(row);
    return { rows: rows.length, truncated: false, bytes: 0, elapsedMs: 1, serviceTime: null };
  };
  const bench = openBench({
    start: T0,
    source: () => ({
      api: 'graph',
      maxRows: 100_000,
      retentionMs: 30 * DAY,
      retiresOn: null,
      quota: {
        callsPerMinute: 40,
        callsPerHour: 1400,
        runSecondsPerHour: null,
        runSecondsPerDay: null,
        concurrency: 3,
      },
      query,
      check: async () => [],
      close: async () => undefined,
    }),
  });
  return { bench, queries, ranges };
}

function column(ColumnName: string, ColumnType: string): Row {
  return { ColumnName, ColumnType };
}

describe('the time column of a table that the schema does not have', () => {
  it('comes from the tenant, before the first query', async () => {
    const told = () => [column('Name', 'string'), column('TimeGenerated', 'datetime')];
    const { bench, queries, ranges } = askedTenant(told);
    const report = await bench.turn(ruleOver('Custom_CL'));
    expect(queries[0]).toBe('Custom_CL | getschema');
    expect(queries[1]).toContain('TimeGenerated >= datetime(');
    expect(queries[1]).not.toContain('Timestamp');
    expect(report?.run.calls).toBe(2);
    // What the source may be told of the time is what the filter says, and more.
    const [ofSchema, range] = ranges;
    expect(ofSchema).toBeUndefined();
    expect(queries[1]).toContain(`TimeGenerated >= datetime(${new Date(range?.from ?? 0).toISOString().slice(0, 23)}`);
    expect((range?.to ?? 0) - T0).toBeGreaterThan(DAY);
  });

  it('is none where no column is a datetime of that name: no filter', async () => {
    const { bench, queries } = askedTenant(() => [column('Timestamp', 'string'), column('At', 'datetime')]);
    await bench.turn(ruleOver('Custom_CL'));
    expect(queries[1]).toBe('Custom_CL');
  });

  it('prefers Timestamp where the table has both', async () => {
    const { bench, queries } = askedTenant(() => [
      column('TimeGenerated', 'datetime'),
      column('Timestamp', 'datetime'),
    ]);
    await bench.turn(ruleOver('Custom_CL'));
    expect(queries[1]).toContain('Timestamp >= datetime(');
    expect(queries[1]).not.toContain('TimeGenerated');
  });

  it('is asked once a week, and the call is on the meter', async () => {
    const { bench, queries } = askedTenant(() => [column('TimeGenerated', 'datetime')]);
    const count = (): number => queries.filter((query) => query.endsWith('getschema')).length;
    await bench.turn(ruleOver('Custom_CL'));
    expect((await bench.tenant.meter.usage()).callsLastHour).toBe(2);
    await bench.clock.advance(6 * DAY);
    await bench.turn(ruleOver('Custom_CL'));
    expect(count()).toBe(1);
    await bench.clock.advance(2 * DAY);
    await bench.turn(ruleOver('Custom_CL'));
    expect(count()).toBe(2);
  });

  it('quotes a name that is no identifier', async () => {
    const { bench, queries } = askedTenant(() => []);
    await bench.turn(ruleOver('my "table" 1'));
    expect(queries[0]).toBe('["my \\"table\\" 1"] | getschema');
  });

  it('stays a guess where the table cannot be asked, and is not asked again at once', async () => {
    const { bench, queries } = askedTenant(() => {
      throw new HuntwireError('SOURCE_TABLE_MISSING', 'no such table');
    });
    const first = await bench.turn(ruleOver('Custom_CL'));
    await bench.clock.advance(HOUR / 2);
    await bench.turn(ruleOver('Custom_CL'));
    expect(first?.run).toMatchObject({ outcome: 'ok', calls: 2 });
    expect(queries.map((query) => query.endsWith('getschema'))).toEqual([true, false, false]);
    expect(queries[1]).toContain('Timestamp >= datetime(');
    await bench.clock.advance(2 * HOUR);
    await bench.turn(ruleOver('Custom_CL'));
    expect(queries.filter((query) => query.endsWith('getschema'))).toHaveLength(2);
  });

  it.each(['SOURCE_THROTTLED', 'SOURCE_NETWORK', 'SOURCE_AUTH', 'SOURCE_SERVER'] as const)(
    'is asked again by the next run after %s, which says nothing of the table',
    async (code) => {
      let fails = true;
      const { bench, queries } = askedTenant(() => {
        if (fails) throw new HuntwireError(code, 'not now', { retryable: true });
        return [column('TimeGenerated', 'datetime')];
      });
      await bench.turn(ruleOver('Custom_CL'));
      fails = false;
      await bench.clock.advance(HOUR / 4);
      await bench.turn(ruleOver('Custom_CL'));
      expect(queries.at(-1)).toContain('TimeGenerated >= datetime(');
    },
  );

  it('pauses the tenant when asking for it is throttled', async () => {
    const { bench } = askedTenant(() => {
      throw new HuntwireError('SOURCE_THROTTLED', 'slow down', { retryable: true, retryAfterMs: 8000 });
    });
    await bench.turn(ruleOver('Custom_CL'));
    expect((await bench.tenant.meter.usage()).pausedMs).toBe(8000);
  });

  it('stays a guess where the answer is no schema', async () => {
    const { bench, queries } = askedTenant(() => [{ Name: 'x' }], [{ name: 'Name', type: 'string' }]);
    await bench.turn(ruleOver('Custom_CL'));
    expect(queries[1]).toContain('Timestamp >= datetime(');
  });

  it('is not asked for known tables, untimed references and snapshots', async () => {
    const { bench, queries } = askedTenant(() => []);
    const [reference] = ruleOver('Custom_CL').prepared.tables;
    const untimed = makeRule({}, { tables: reference ? [{ ...reference, timeColumn: null }] : [] });
    await bench.turn(makeRule());
    await bench.turn({ ...untimed, id: 'untimed' });
    const snapshot = ruleOver('Custom_CL');
    await bench.turn({
      ...snapshot,
      id: 'snapshot',
      effectiveShape: 'snapshot',
      lookbackMs: 0,
      window: { basis: 'none', tables: {}, keepFilters: 'never' },
      alert: { ...snapshot.alert, dedupColumns: ['Name'] },
    });
    expect(queries.filter((query) => query.endsWith('getschema'))).toEqual([]);
    expect(queries).toHaveLength(3);
  });
});
