import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDataFolder } from '../../../src/engine/data/folder.ts';
import { createKqlEngine } from '../../../src/engine/kql-engine.ts';
import { defenderSchema } from '../../../src/kql/defender.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'huntwire-data-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(name: string, text: string): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
}

async function rowsOf(query: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { tables } = await openDataFolder(root);
  const engine = createKqlEngine({ schema: defenderSchema(), tables, now: 0, elapsed: () => 0 });
  return [...(await engine.run(query, { signal: new AbortController().signal })).rows()];
}

const EXPORT = (table: string, properties: object, more: object = {}) =>
  JSON.stringify({
    time: '2026-07-18T15:02:23.0616003Z',
    tenantId: 't',
    category: `AdvancedHunting-${table}`,
    properties,
    ...more,
  });

describe('openDataFolder', () => {
  it('reads JSON Lines by file name, with exact integers, CRLF and a BOM', async () => {
    write(
      'DeviceEvents.jsonl',
      '\uFEFF{"ReportId":639199803770463703,"DeviceName":"a"}\r\n\r\n{"ReportId":2,"DeviceName":"b"}\r\n',
    );
    expect(await rowsOf('DeviceEvents | project DeviceName, ReportId')).toEqual([
      { DeviceName: 'a', ReportId: '639199803770463703' },
      { DeviceName: 'b', ReportId: 2 },
    ]);
  });

  it('reads both envelopes of the Streaming API, and takes the arrival from them', async () => {
    write(
      'export/PT1H.json',
      `${EXPORT('DeviceEvents', { DeviceName: 'a' }, { _TimeReceivedBySvc: '2026-07-18T15:00:43Z' })}\n${EXPORT('EmailEvents', { Subject: 's' })}\n`,
    );
    write('hub.json', `{"records":[${EXPORT('DeviceEvents', { DeviceName: 'b' })}]}\n`);
    expect(
      await rowsOf('DeviceEvents | project DeviceName, Arrived = ingestion_time() | sort by DeviceName asc'),
    ).toEqual([
      { DeviceName: 'a', Arrived: '2026-07-18T15:00:43Z' },
      { DeviceName: 'b', Arrived: '2026-07-18T15:02:23.0616003Z' },
    ]);
    expect(await rowsOf('EmailEvents | project Subject')).toEqual([{ Subject: 's' }]);
  });

  it('enters no folder through a link, nor a hidden one', async () => {
    write('one/DeviceEvents.jsonl', '{"DeviceName":"a"}\n');
    write('.two/DeviceEvents.jsonl', '{"DeviceName":"b"}\n');
    for (const name of ['x', 'y', 'z']) symlinkSync('.', join(root, name));
    expect(await rowsOf('DeviceEvents | project DeviceName')).toEqual([{ DeviceName: 'a' }]);
  });

  it('finds the table in the name of a storage container', async () => {
    write(
      'insights-logs-advancedhunting-devicelogonevents/y=2026/m=07/PT1H.json',
      `${EXPORT('DeviceLogonEvents', { AccountName: 'kim' })}\n`,
    );
    expect(await rowsOf('DeviceLogonEvents | project AccountName')).toEqual([{ AccountName: 'kim' }]);
  });

  it('reads CSV with quotes, and coerces by the schema', async () => {
    write(
      'DeviceLogonEvents.csv',
      'Timestamp,DeviceName,IsLocalAdmin,LogonId\r\n2026-01-01T00:00:00Z,"a, ""b""",True,7\r\n,c,,\r\n',
    );
    expect(
      await rowsOf('DeviceLogonEvents | project DeviceName, IsLocalAdmin, LogonId, Hour = hourofday(Timestamp)'),
    ).toEqual([
      { DeviceName: 'a, "b"', IsLocalAdmin: true, LogonId: 7, Hour: 0 },
      { DeviceName: 'c', IsLocalAdmin: null, LogonId: null, Hour: null },
    ]);
  });

  it('learns columns that the schema lacks, and tables of its own', async () => {
    write('Assets.jsonl', '{"Owner":"kim","Seen":"2026-01-01T00:00:00Z","Value":3,"Share":0.5,"Tags":["x"]}\n');
    expect(
      await rowsOf(
        'Assets | where Seen < datetime(2026-02-01) and Value > 2 | project Owner, Tag = tostring(Tags[0]), Share',
      ),
    ).toEqual([{ Owner: 'kim', Tag: 'x', Share: 0.5 }]);
  });

  it('names file and line of what it cannot read, and says what it wants', async () => {
    write('DeviceEvents.jsonl', '{"DeviceName":"a"}\n{"DeviceName":\n');
    await expect(rowsOf('DeviceEvents')).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('DeviceEvents.jsonl:2'),
    });
    rmSync(join(root, 'DeviceEvents.jsonl'));
    await expect(openDataFolder(root)).rejects.toThrow('holds no data files');
    write('rows.csv', 'a\n1\n');
    await expect(openDataFolder(root)).rejects.toThrow('name the file or its folder');
    await expect(openDataFolder(join(root, 'nowhere'))).rejects.toThrow('cannot be read');
  });

  it('is not led astray by hostile keys', async () => {
    write('DeviceEvents.jsonl', '{"__proto__":{"polluted":1},"DeviceName":"a","constructor":"x"}\n');
    expect(await rowsOf('DeviceEvents | project DeviceName')).toEqual([{ DeviceName: 'a' }]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});
