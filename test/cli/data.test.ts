import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../../src/cli/cli.ts';
import { verbsFor } from '../../src/cli/verbs.ts';
import { createFakeWorld, type FakeWorld } from './fake-world.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'local-data-test-'));
  for (const name of ['one', 'two']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'one/DeviceEvents.csv'), 'Timestamp,DeviceName,ReportId\n03/04/2026,a,1\n,b,x\n');
  writeFileSync(
    join(folder, 'two/DeviceEvents_20260101.json'),
    '[{"Timestamp":"2026-04-05","DeviceName":"c","ReportId":3}]',
  );
  writeFileSync(join(folder, 'two/notes.txt'), 'x');
  writeFileSync(join(folder, 'hunt.kql'), '\uFEFFDeviceEvents | project DeviceName | sort by DeviceName asc\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function cli(argv: readonly string[], world: FakeWorld = createFakeWorld(folder)): Promise<Ended> {
  const code = await runCli(argv, world, await verbsFor(argv));
  return { code, out: world.out(), err: world.err() };
}

const NAMES = ['a', 'b', 'c'].map((DeviceName) => `${JSON.stringify({ DeviceName })}\n`).join('');

describe('query --data', () => {
  it('takes several folders, and its query from a file or standard input', async () => {
    const data = ['--data', 'one', '--data', 'two', '--format', 'jsonl'];
    expect(await cli(['query', '--file', 'hunt.kql', ...data])).toMatchObject({ code: 0, out: NAMES });
    const input = (): FakeWorld => ({ ...createFakeWorld(folder), readInput: async () => 'DeviceEvents | count' });
    for (const query of [['-'], ['--file', '-']])
      expect(await cli(['query', ...query, ...data], input())).toMatchObject({ code: 0, out: '{"Count":3}\n' });
  });

  it.each([
    [['query', 'print 1', '--file', 'hunt.kql'], 'not both'],
    [['query'], 'Give a query'],
    [['query', '-'], 'no standard input'],
    [['query', '--file', 'none.kql'], 'none.kql cannot be read'],
    [['query', '  '], 'empty'],
    [['query', 'print 1', '--dates', 'dmy'], 'go with --data'],
    [['query', 'print 1', '--data', 'one', '--dates', 'ymd'], 'dmy, mdy'],
  ])('%j is wrong', async (argv, message) => {
    const { code, err } = await cli(argv);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });

  it('tells on stderr what it could not read; asks for the order of dates; with --strict both are errors', async () => {
    const query = ['query', 'DeviceEvents | project ReportId', '--format', 'jsonl', '--data', 'one', '--data', 'two'];
    const { code, err } = await cli(query);
    expect([code, err.split('\n')]).toEqual([
      0,
      [
        expect.stringMatching(/two: not read: notes\.txt\.$/),
        expect.stringMatching(
          /^DeviceEvents\.ReportId: one cell is no long in .*one.DeviceEvents\.csv and became null; the first is "x" in row 2\.$/,
        ),
        '',
      ],
    ]);
    expect((await cli([...query, '--strict'])).code).toBe(2);
    const times = ['query', 'DeviceEvents | project Timestamp', '--format', 'csv', '--data', 'one'];
    expect(await cli(times)).toMatchObject({ code: 2, err: expect.stringContaining('--dates dmy or --dates mdy') });
    expect((await cli([...times, '--dates', 'dmy'])).out).toBe('Timestamp\r\n2026-04-03T00:00:00Z\r\n\r\n');
  });
});

describe('data check', () => {
  it('shows every file as a table, and as a document', async () => {
    const { code, out } = await cli(['data', 'check', 'one', 'two']);
    expect(code).toBe(0);
    expect(out).toMatch(/file +table +rows +first +last +columns +nulls made +times/);
    expect(out).toMatch(
      /one.DeviceEvents\.csv +DeviceEvents +2 +3 +Timestamp 1, ReportId 1 +day or month first\? say --dates/,
    );
    expect(out).toMatch(/notes\.txt +not read/);
    const document = await cli(['data', 'check', 'one', '--dates', 'mdy', '--format', 'json']);
    expect(JSON.parse(document.out)).toMatchObject({
      files: [{ rows: 2, first: '2026-03-04T00:00:00Z', nulls: { ReportId: 1 } }],
    });
  });

  it('with --strict what is lost makes the exit code', async () => {
    expect((await cli(['data', 'check', 'one', '--dates', 'dmy', '--strict'])).code).toBe(1);
    expect((await cli(['data', 'check', 'two', '--strict'])).code).toBe(1);
    expect((await cli(['data', 'check', join('two', 'DeviceEvents_20260101.json'), '--strict'])).code).toBe(0);
    expect((await cli(['data', 'check', 'nowhere'])).code).toBe(2);
  });
});
