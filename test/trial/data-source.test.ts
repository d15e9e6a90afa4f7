import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import type { Row, Source } from '../../src/sources/source.ts';
import { openDataSource } from '../../src/trial/data-source.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'data-source-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function rowsOf(source: Source, query: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const sink = { schema: () => undefined, row: (row: Row) => void rows.push(row) };
  await source.query({ ruleId: 'rule', query, signal: new AbortController().signal }, sink);
  return rows;
}

describe('a source over event files for many queries', () => {
  it('reads what a query needs once, and answers further ones from memory', async () => {
    const path = join(folder, 'DeviceEvents.jsonl');
    writeFileSync(path, JSON.stringify({ Timestamp: '2026-01-01T00:00:00Z', DeviceName: 'pc1', ReportId: 7 }));
    const source = await openDataSource(folder, createManualClock(0));
    const query = 'DeviceEvents | where DeviceName == "pc1" | project DeviceName, ReportId';
    const first = await rowsOf(source, query);
    expect(first).toEqual([{ DeviceName: 'pc1', ReportId: 7 }]);
    rmSync(path);
    expect(await rowsOf(source, query)).toEqual(first);
    expect(await rowsOf(source, query.replace('pc1', 'pc2'))).toEqual([]);
    await expect(rowsOf(source, 'DeviceEvents | project ActionType')).rejects.toThrow(/ENOENT|no such file/);
  });

  it('knows the columns of tables that the schema does not have', async () => {
    writeFileSync(
      join(folder, 'Custom_CL.jsonl'),
      JSON.stringify({ TimeGenerated: '2026-01-01T00:00:00Z', Name: 'x' }),
    );
    const source = await openDataSource(folder, createManualClock(0));
    const schema = await rowsOf(source, 'Custom_CL | getschema');
    expect(schema).toContainEqual(expect.objectContaining({ ColumnName: 'TimeGenerated', ColumnType: 'datetime' }));
  });

  it('counts no calls, and keeps data whatever its age', async () => {
    const source = await openDataSource(folder, createManualClock(0));
    expect(source).toMatchObject({ api: 'local', quota: { callsPerHour: null } });
    expect(source.retentionMs).toBeGreaterThan(365 * 86_400_000);
  });

  it('refuses a folder without data', async () => {
    const empty = mkdtempSync(join(folder, 'empty-'));
    await expect(openDataSource(empty, createManualClock(0))).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});
