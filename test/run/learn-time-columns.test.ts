import { describe, expect, it } from '@jest/globals';
import type { TableReference } from '../../src/kql/prepared.ts';
import { createMemoryCache } from '../../src/lib/cache.ts';
import { createManualClock } from '../../src/lib/clock.ts';
import { type ErrorCode, HuntwireError } from '../../src/lib/errors.ts';
import { learnTimeColumns, type TimeColumnDeps } from '../../src/run/time-columns.ts';
import type { Row } from '../../src/sources/source.ts';
import { makePrepared } from './make-rule.ts';
import { plantedSource } from './planted-source.ts';
import { DAY, HOUR, T0 } from './story.ts';

const COLUMNS = [
  { name: 'ColumnName', type: 'string' },
  { name: 'ColumnType', type: 'string' },
] as const;

const references = (...tables: string[]): readonly TableReference[] =>
  tables.flatMap((table) => makePrepared().tables.map((one) => ({ ...one, table, known: false })));

/** A tenant whose tables have the given schemas; a code is what asking for one fails with. */
function tenantWith(schemas: Record<string, readonly Row[] | ErrorCode>) {
  const clock = createManualClock(T0);
  const asked: string[] = [];
  const stop = new AbortController();
  const source = plantedSource({ columns: COLUMNS, rows: () => [], now: clock.now });
  const deps: TimeColumnDeps = {
    tenant: 'contoso',
    ruleId: 'a-rule',
    source: {
      ...source,
      query: async ({ query }, sink) => {
        const table = query.replace(' | getschema', '');
        asked.push(table);
        const schema = schemas[table] ?? [];
        if (typeof schema === 'string') throw new HuntwireError(schema, 'no answer');
        sink.schema(COLUMNS);
        for (const row of schema) sink.row(row);
        return { rows: schema.length, truncated: false, bytes: 0, elapsedMs: 1, serviceTime: null };
      },
    },
    cache: createMemoryCache(),
    clock,
    admit: async () => 1,
    called: async () => undefined,
    signal: stop.signal,
  };
  const learn = (tables: readonly string[], over: Partial<TimeColumnDeps> = {}) =>
    learnTimeColumns(references(...tables), { ...deps, ...over });
  return { clock, asked, stop, source: deps.source, learn };
}

const datetime = (ColumnName: string): Row => ({ ColumnName, ColumnType: 'datetime' });

describe('what a tenant tells of its tables', () => {
  it('is kept apart by table, tenant and API, each asked once', async () => {
    const { asked, learn, source } = tenantWith({ A: [datetime('Timestamp')], B: [datetime('TimeGenerated')] });
    const learnt = { A: 'Timestamp', B: 'TimeGenerated' };
    expect(await learn(['A', 'B', 'A'])).toEqual(learnt);
    expect(await learn(['A', 'B'])).toEqual(learnt);
    expect(asked).toEqual(['A', 'B']);
    await learn(['A'], { tenant: 'fabrikam' });
    await learn(['A'], { source: { ...source, api: 'mde' } });
    expect(asked).toEqual(['A', 'B', 'A', 'A']);
  });

  it('holds for a week, and not where our clock was set back', async () => {
    const { clock, asked, learn } = tenantWith({ A: [datetime('Timestamp')] });
    await learn(['A']);
    await clock.advance(7 * DAY - 1);
    await learn(['A']);
    expect(asked).toHaveLength(1);
    await clock.advance(1);
    await learn(['A']);
    expect(asked).toHaveLength(2);
    await learn(['A']);
    expect(asked).toHaveLength(2);
    clock.jump(-1);
    await learn(['A']);
    expect(asked).toHaveLength(3);
  });

  it('holds for an hour where the table could not be asked', async () => {
    const { clock, asked, learn } = tenantWith({ A: 'SOURCE_PERMISSION' });
    expect(await learn(['A'])).toEqual({});
    await clock.advance(HOUR - 1);
    expect(await learn(['A'])).toEqual({});
    expect(asked).toHaveLength(1);
    await clock.advance(1);
    await learn(['A']);
    expect(asked).toHaveLength(2);
  });

  it('may be in the names of .NET', async () => {
    const { learn } = tenantWith({ A: [{ ColumnName: 'TimeGenerated', DataType: 'System.DateTime' }] });
    expect(await learn(['A'])).toEqual({ A: 'TimeGenerated' });
  });

  it('is read to its ten thousandth column', async () => {
    const others = (count: number): readonly Row[] => Array.from({ length: count }, (_, n) => datetime(`At${n}`));
    const { learn } = tenantWith({
      A: [...others(9999), datetime('Timestamp')],
      B: [...others(10_000), datetime('Timestamp')],
    });
    expect(await learn(['A', 'B'])).toEqual({ A: 'Timestamp', B: null });
  });

  it('is nothing where it has no columns', async () => {
    expect(await tenantWith({ A: [] }).learn(['A'])).toEqual({});
  });
});

describe('asking for a table', () => {
  it.each(['ABORTED', 'SOURCE_QUOTA', 'STATE_BUSY'] as const)('ends the run with %s', async (code) => {
    await expect(tenantWith({ A: code }).learn(['A'])).rejects.toMatchObject({ code });
  });

  it('ends the run where the work was stopped, whatever it fails with', async () => {
    const { learn, stop } = tenantWith({ A: 'SOURCE_SERVER' });
    stop.abort();
    await expect(learn(['A'])).rejects.toMatchObject({ code: 'SOURCE_SERVER' });
  });

  it.each([
    ['A_1', 'A_1'],
    ['1A', '["1A"]'],
    ['A-B', '["A-B"]'],
  ])('%s names it as %s', async (table, name) => {
    const { asked, learn } = tenantWith({});
    await learn([table]);
    expect(asked).toEqual([name]);
  });
});
