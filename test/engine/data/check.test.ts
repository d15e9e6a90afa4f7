import { mkdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { type CheckedFile, checkData } from '../../../src/engine/data/check/check-data.ts';
import { openDataFolder } from '../../../src/engine/data/folder.ts';
import { dataStage } from './data-stage.ts';

const stage = dataStage();

async function check(): Promise<readonly CheckedFile[]> {
  return checkData(await openDataFolder(stage.root()), { signal: new AbortController().signal });
}

describe('checkData', () => {
  it('tells of a file what a query would read of it', async () => {
    stage.write(
      'DeviceEvents.csv',
      'Timestamp,DeviceName,ReportId,Score\n26/11/2026 7:00,a,1,1\n03/04/2026,b,x,2.5\n,c,3,\nsoon,d,4,9\n',
    );
    expect(await check()).toEqual([
      {
        file: 'DeviceEvents.csv',
        table: 'DeviceEvents',
        rows: 4,
        first: '2026-04-03T00:00:00Z',
        last: '2026-11-26T07:00:00Z',
        columns: [
          { name: 'Timestamp', type: 'datetime', known: true },
          { name: 'DeviceName', type: 'string', known: true },
          { name: 'ReportId', type: 'long', known: true },
          { name: 'Score', type: 'real', known: false },
        ],
        nulls: { Timestamp: 1, ReportId: 1 },
        dates: { Timestamp: 'day first, by its column' },
        skipped: [],
      },
    ]);
  });

  it.each([
    ['Timestamp\n2026-11-26T07:00:00Z\n', 'as written'],
    ['Timestamp\n26.11.2026\n', 'day first'],
    ['Timestamp\n26.11.2026\n11/26/2026\n', 'day or month first, as each tells'],
    ['Timestamp\n03/04/2026\n', 'day or month first? say --dates'],
    ['Timestamp [UTC]\n"11/26/2026, 7:00:00.000 AM"\n', 'month first, UTC by the header'],
    ['Timestamp [Berlin]\n2026-11-26\n', 'as written, local (Berlin), read as UTC'],
  ])('how times are read: %j', async (text, how) => {
    stage.write('DeviceEvents.csv', text);
    const [file] = await check();
    expect(file?.dates).toEqual({ Timestamp: how });
  });

  it('takes exports apart, table by table, and tells what is broken, empty or not read in its place', async () => {
    const record = (table: string, at: string) =>
      JSON.stringify({
        category: `AdvancedHunting-${table}`,
        time: at,
        properties: { Timestamp: at, DeviceName: 'a' },
      });
    stage.write(
      'export.json.gz',
      gzipSync(
        [
          record('DeviceEvents', '2026-01-01'),
          record('EmailEvents', '2026-01-02'),
          record('DeviceEvents', '2026-01-03'),
        ].join('\n'),
      ),
    );
    stage.write('EmailEvents.jsonl', '{"Subject":');
    stage.write('rows.json', '[{"a":1}]');
    stage.write('notes.md', 'x');
    stage.write(
      'Things.parquet',
      Buffer.from(parquetWriteBuffer({ columnData: [{ name: 'N', data: [1, 2], type: 'INT32' }] })),
    );
    mkdirSync(`${stage.root()}/empty`);
    const files = await check();
    expect(files.map(({ file, table, rows, first, skipped }) => [file, table, rows, first, skipped.length])).toEqual([
      ['EmailEvents.jsonl', 'EmailEvents', 0, null, 1],
      ['Things.parquet', 'Things', 2, null, 0],
      ['export.json.gz', 'DeviceEvents', 2, '2026-01-01T00:00:00Z', 0],
      ['export.json.gz', 'EmailEvents', 1, '2026-01-02T00:00:00Z', 0],
      ['rows.json', null, 0, null, 1],
      ['notes.md', null, 0, null, 1],
    ]);
  });
});
