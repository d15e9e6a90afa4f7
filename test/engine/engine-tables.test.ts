import { describe, expect, it } from '@jest/globals';
import { createKqlEngine, type EngineOptions } from '../../src/engine/kql-engine.ts';

async function ask(query: string, options: Partial<EngineOptions>, signal = new AbortController().signal) {
  const engine = createKqlEngine({ now: 0, elapsed: () => 0, ...options });
  const result = await engine.run(query, { signal });
  return { columns: result.columns.map(({ name, type }) => `${name}:${type}`), rows: [...result.rows()] };
}

describe('tables given as rows', () => {
  it('have the columns of all rows, with types that hold all values', async () => {
    const rows = [
      { A: 1, B: 'x', _ingested: '2026-01-01' },
      { A: 1.5, C: { x: 1 }, D: 2n ** 60n },
      { B: 2, E: null },
    ];
    const { columns, rows: read } = await ask('T | extend I = ingestion_time()', { tables: { T: rows } });
    expect(columns).toEqual(['A:real', 'B:string', 'C:dynamic', 'D:long', 'E:string', 'I:datetime']);
    expect(read[0]).toEqual({ A: 1, B: 'x', C: null, D: null, E: '', I: '2026-01-01T00:00:00Z' });
    expect(read[1]).toMatchObject({ C: { x: 1 }, D: '1152921504606846976' });
  });

  it('are read by the schema where it knows them, and may have more', async () => {
    const schema = { tables: { T: [{ name: 'A', type: 'long' as const }], Empty: [] }, functions: [] };
    expect(await ask('T', { schema, tables: { T: [{ A: '7', B: true }] } })).toEqual({
      columns: ['A:long', 'B:bool'],
      rows: [{ A: 7, B: true }],
    });
  });

  it('none, and names that objects have of themselves, are tables like others', async () => {
    expect((await ask('T | count', { tables: { T: [] } })).rows).toEqual([{ Count: 0 }]);
    await expect(ask('constructor | count', { tables: {} })).rejects.toMatchObject({ code: 'KQL_FAILED' });
  });
});

it('a query whose signal is aborted does not begin', async () => {
  const stop = new AbortController();
  stop.abort();
  await expect(ask('print 1', {}, stop.signal)).rejects.toMatchObject({ code: 'ABORTED' });
});
