import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createMemoryCache } from '../../src/lib/cache.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { create } from '../../src/sources/local.ts';
import { type SourceDeps, UNLIMITED } from '../../src/sources/source.ts';
import { collect, describeSource } from '../contract/source.ts';

const EVENTS = [
  { Timestamp: '2026-01-01T10:00:00Z', DeviceName: 'pc1', ReportId: 1, AdditionalFields: { Zone: 3 } },
  { Timestamp: '2026-01-01T10:05:00.1234567Z', DeviceName: 'pc2', ReportId: 2 },
];

const deps: SourceDeps = {
  tenant: 'contoso',
  clock: systemClock,
  log: silentLog,
  cache: createMemoryCache(),
  version: '0.0.0',
  auth: null,
  prompt: () => undefined,
};

function folderOf(events: readonly object[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-local-'));
  writeFileSync(join(folder, 'DeviceEvents.jsonl'), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  return folder;
}

const COLUMNS = [
  { name: 'Timestamp', type: 'datetime' },
  { name: 'DeviceName', type: 'string' },
  { name: 'Fields', type: 'dynamic' },
] as const;
const PROJECT =
  'DeviceEvents | sort by ReportId asc | project Timestamp, DeviceName, Fields = parse_json(AdditionalFields)';

describeSource('local', async () => {
  const path = folderOf(EVENTS);
  const source = create({ api: 'local', path }, deps);
  return {
    source,
    some: {
      ruleId: 'some',
      query: PROJECT,
      columns: COLUMNS,
      rows: [
        { Timestamp: '2026-01-01T10:00:00Z', DeviceName: 'pc1', Fields: { Zone: 3 } },
        { Timestamp: '2026-01-01T10:05:00.1234567Z', DeviceName: 'pc2', Fields: null },
      ],
    },
    none: { ruleId: 'none', query: `${PROJECT} | where DeviceName == "pc3"`, columns: COLUMNS, rows: [] },
    refused: { ruleId: 'bad', query: 'DeviceEvents | whre DeviceName', code: 'KQL_SYNTAX' },
    close: async () => {
      await source.close();
      rmSync(path, { recursive: true, force: true });
    },
  };
});

describe('the source local', () => {
  it('sees files that come while it is open', async () => {
    const path = folderOf([]);
    const source = create({ api: 'local', path }, deps);
    const question = { ruleId: 'late', query: 'DeviceEvents | project DeviceName' };
    expect((await collect(source, question)).rows).toEqual([]);
    writeFileSync(join(path, 'DeviceEvents.2026-01.jsonl'), '{"DeviceName": "pc9"}\n');
    expect((await collect(source, question)).rows).toEqual([{ DeviceName: 'pc9' }]);
    await source.close();
    rmSync(path, { recursive: true, force: true });
  });

  it('limits neither rows nor time, and ends never', async () => {
    const source = create({ api: 'local', path: '/nowhere' }, deps);
    expect(source).toMatchObject({
      api: 'local',
      maxRows: 10_000_000,
      retentionMs: 3650 * 86_400_000,
      retiresOn: null,
    });
    expect(source.quota).toEqual(UNLIMITED);
    await source.close();
  });

  it('logs what has to be told of its files once, and counts what it asks', async () => {
    const path = folderOf([]);
    writeFileSync(join(path, 'DeviceEvents.jsonl'), '{"DeviceName":"pc1","ReportId":"no number"}\n');
    const notes: unknown[] = [];
    const log = { ...silentLog, warn: (message: string, fields?: object) => notes.push([message, fields]) };
    const source = create({ api: 'local', path }, { ...deps, log });
    const question = { ruleId: 'any', query: 'DeviceEvents | project DeviceName, ReportId' };
    const first = await collect(source, question);
    expect(first.end).toMatchObject({ rows: 1, truncated: false, bytes: 0, serviceTime: null });
    expect(notes).toEqual([['local data', { note: expect.stringContaining('ReportId') }]]);
    await collect(source, question);
    expect(notes).toHaveLength(1);
    await source.close();
    rmSync(path, { recursive: true, force: true });
  });

  it('names a folder that is not there', async () => {
    const source = create({ api: 'local', path: '/nowhere/events' }, deps);
    const asked = collect(source, { ruleId: 'any', query: 'print 1' });
    await expect(asked).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('/nowhere/events'),
    });
  });
});
