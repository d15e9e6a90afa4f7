import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { dataStage } from './data-stage.ts';

/** Small inputs that people sent; they lie beside the repository and not everywhere. */
const CASES = resolve(import.meta.dirname, '../../../../shared/cases/local-data');
const stage = dataStage();
const given = existsSync(CASES) ? describe : describe.skip;

async function rows(folder: string, query: string): Promise<readonly string[]> {
  const asked = await stage.ask(query, { path: resolve(CASES, folder) });
  expect(asked.notes).toEqual([]);
  return asked.rows.map((row) => Object.values(row).join(' '));
}

const EVENTS = 'DeviceProcessEvents | project Timestamp, DeviceName, FileName, ReportId | sort by ReportId asc';

given('inputs that could not be read', () => {
  it.each([
    ['array-one-line', ['2026-11-26T07:00:00Z pc1 a.exe 1', '2026-11-26T07:01:00Z pc2 b.exe 2']],
    ['array-pretty', ['2026-11-26T07:00:00Z pc1 a.exe 1', '2026-11-26T07:01:00Z pc2 b.exe 2']],
    ['answer-graph', ['2026-11-26T07:00:00Z pc1 a.exe 1']],
    ['answer-mde', ['2026-11-26T07:00:00Z pc1 a.exe 1']],
    ['csv-header-case', ['2026-11-26T07:00:00Z pc1 a.exe 1']],
    ['csv-utf16', ['2026-11-26T07:00:00Z pc1 a.exe 1']],
    ['gz-beside', ['2026-11-26T07:00:00Z pc1 a.exe 1', '2026-11-26T07:02:00Z pc9 z.exe 9']],
  ])('%s', async (folder, expected) => {
    expect(await rows(folder, EVENTS)).toEqual(expected);
  });

  it('csv-local-times', async () => {
    expect(await rows('csv-local-times', 'DeviceProcessEvents | project DeviceName, Timestamp')).toEqual([
      'pc1 2026-11-26T07:00:00Z',
      'pc2 2024-03-13T15:40:13.988Z',
      'pc3 2026-11-26T07:00:00Z',
      'pc4 2026-11-26T07:00:00Z',
      'pc5 2026-11-26T07:00:00Z',
      'pc6 2026-11-26T07:00:00Z',
      'pc7 2026-11-26T07:00:00.1234567Z',
    ]);
  });

  it('csv-log-analytics', async () => {
    expect(await rows('csv-log-analytics', 'SigninLogs | where TimeGenerated < datetime(2027-01-01)')).toEqual([
      '2026-11-26T07:00:00Z kim@x 50126',
    ]);
  });
});
