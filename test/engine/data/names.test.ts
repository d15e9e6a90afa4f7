import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { tableOfName } from '../../../src/engine/data/table-name.ts';
import { matchesFile } from '../../../src/engine/data/tables-file.ts';
import { touchesOf } from '../../../src/engine/open-tables.ts';
import { dataStage } from './data-stage.ts';

const stage = dataStage();

describe('tableOfName', () => {
  it.each([
    ['DeviceProcessEvents.jsonl', 'DeviceProcessEvents'],
    ['deviceprocessevents.csv', 'DeviceProcessEvents'],
    ['DeviceProcessEvents_20261126.csv', 'DeviceProcessEvents'],
    ['DeviceProcessEvents-2.jsonl.gz', 'DeviceProcessEvents'],
    ['DeviceProcessEvents2.json', 'DeviceProcessEvents'],
    ['DeviceProcessEvents (1).csv', 'DeviceProcessEvents'],
    ['DeviceProcessEvents 2026-11-26T07_00_00Z.csv', 'DeviceProcessEvents'],
    ['DeviceProcessEvents.part-00001.parquet', 'DeviceProcessEvents'],
    ['DeviceEvents_CL.json', 'DeviceEvents_CL'],
    ['DeviceEvents_mine.json', 'DeviceEvents_mine'],
    ['DeviceEventsBackup.json', 'DeviceEventsBackup'],
    ['SigninLogs.csv', 'SigninLogs'],
    ['SigninLogs_20261126.csv', 'SigninLogs'],
    ['SigninLogs-2.csv', 'SigninLogs'],
    ['Assets2.csv', 'Assets2'],
    ['Assets_2.csv', 'Assets_2'],
    ['DeviceEvents/part-1.parquet', 'DeviceEvents'],
    ['insights-logs-advancedhunting-deviceevents/y=2026/PT1H.json', 'DeviceEvents'],
    ['export/PT1H.json', null],
    ['notes.csv', null],
    ['query_data.csv', null],
  ])('%s: %s', (name, table) => {
    expect(tableOfName(name, '/data')).toBe(table);
  });

  it('the opened folder itself may be named for a table', () => {
    expect(tableOfName('part-1.json', '/data/EmailEvents')).toBe('EmailEvents');
  });
});

describe('matchesFile', () => {
  it.each([
    ['*.csv', 'a/b/x.CSV', true],
    ['a/*.csv', 'a/b/x.csv', false],
    ['a/**', 'a/b/x.csv', true],
    ['sign?n*.csv', 'signin-1.csv', true],
    ['x.csv', 'xxcsv', false],
    ['[a].csv', '[a].csv', true],
  ])('%s on %s: %s', (pattern, name, matches) => {
    expect(matchesFile(pattern, name)).toBe(matches);
  });
});

describe('touchesOf', () => {
  it.each([
    ['print 1', []],
    ['A | where x', ['A']],
    ['union A, Be*', ['A', 'Beta', 'Bell']],
    ['union withsource=T * | take 1', ['A', 'Beta', 'Bell', 'C D']],
    ['search "x"', ['A', 'Beta', 'Bell', 'C D']],
    ['Beta | summarize arg_max(Timestamp, *) by x', ['Beta']],
    ["['C D'] | count", ['C D']],
    ['table("Bell")', ['Bell']],
    ['union (Beta | where x > 1), *', ['A', 'Beta', 'Bell', 'C D']],
    ['let hidden = "Bell"; table(hidden)', ['A', 'Beta', 'Bell', 'C D']],
    ['Beta | where x has "find" | extend search_ = y * 2', ['Beta']],
    ['Beta | union (Beta | summarize arg_max(T, *) by x) | extend y = z * 2', ['Beta']],
    ['let n = "Be"; table(strcat(n, "ll"))', ['A', 'Beta', 'Bell', 'C D']],
  ])('%s reads %j, and no more than it must', (query, tables) => {
    const touches = touchesOf(query);
    // A letter stands in most texts: the table A is looked at where the query means it.
    const all = ['A', 'Beta', 'Bell', 'C D'].filter((name) => name !== 'A' || tables.includes('A'));
    expect(all.filter(touches)).toEqual(tables);
  });
});

describe('a folder', () => {
  it('tells once, by name, what is not read', async () => {
    stage.write('DeviceEvents.jsonl', '{"DeviceName":"a"}\n');
    stage.write('README.md', 'x');
    stage.write('notes.csv', 'a\n1\n');
    stage.write('old.zip', 'x');
    stage.write('.git/config', 'x');
    const { notes } = await stage.ask('DeviceEvents | count');
    expect(notes).toEqual([`${stage.root()}: not read: README.md, old.zip, notes.csv (its name is no table's).`]);
    await expect(stage.ask('print 1', { strict: true })).rejects.toThrow('not read: README.md');
  });

  it('takes the tables of tables.yaml, leaves out what it says, and tells what it names in vain', async () => {
    stage.write(
      'tables.yaml',
      '"sign*.csv": SigninLogs\n"old/**": null\nexport.csv: {table: DeviceEvents, dates: dmy}\n"gone.*": DeviceEvents\n',
    );
    stage.write('signins of today.csv', 'User\nkim\n');
    stage.write('old/DeviceEvents.csv', 'DeviceName\nold\n');
    stage.write('export.csv', 'Timestamp\n03/04/2026\n');
    expect((await stage.ask('SigninLogs')).rows).toEqual([{ User: 'kim' }]);
    const { rows, notes } = await stage.ask('DeviceEvents | project Timestamp');
    expect(rows).toEqual([{ Timestamp: '2026-04-03T00:00:00Z' }]);
    expect(notes).toEqual([`${stage.root()}: "gone.*" of tables.yaml matches no file.`]);
  });

  it.each([
    '- a list',
    'x.csv: 5',
    'x.csv: no table',
    'x.csv: {table: T, dates: ymd}',
    'x.csv: {tabel: T}',
    'x: [',
    'x: 1\nx: 2',
  ])('refuses a tables.yaml like %j with its place', async (text) => {
    stage.write('DeviceEvents.jsonl', '{}');
    stage.write('tables.yaml', text);
    await expect(stage.ask('print 1')).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('tables.yaml'),
    });
  });

  it('several folders are one, a file in two of them is read once', async () => {
    stage.write('one/DeviceEvents.jsonl', '{"DeviceName":"a"}\n');
    stage.write('two/DeviceEvents.csv', 'DeviceName\nb\n');
    symlinkSync(join(stage.root(), 'one/DeviceEvents.jsonl'), join(stage.root(), 'two/DeviceEvents-1.jsonl'));
    const path = ['one', 'two', 'one/DeviceEvents.jsonl'].map((name) => join(stage.root(), name));
    const { rows } = await stage.ask('DeviceEvents | project DeviceName | sort by DeviceName asc', { path });
    expect(rows).toEqual([{ DeviceName: 'a' }, { DeviceName: 'b' }]);
    await expect(stage.ask('print 1', { path: [...path, join(stage.root(), 'none')] })).rejects.toThrow(
      'cannot be read',
    );
  });

  it('a broken file hurts only queries over its table', async () => {
    stage.write('DeviceEvents.jsonl', 'broken');
    stage.write('EmailEvents.jsonl', '{"Subject":"s"}\n');
    expect((await stage.ask('print 1')).rows).toEqual([{ print_0: 1 }]);
    expect((await stage.ask('EmailEvents | project Subject')).rows).toEqual([{ Subject: 's' }]);
    await expect(stage.ask('DeviceEvents')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('records of other tables and of none are told', async () => {
    const record = (table: string) =>
      JSON.stringify({ category: `AdvancedHunting-${table}`, properties: { DeviceName: 'a' } });
    stage.write('DeviceEvents.json', `${record('DeviceEvents')}\n${record('EmailEvents')}\n`);
    stage.write('export.json', `${record('DeviceEvents')}\n${record('TableOfTomorrow')}\n{"DeviceName":"x"}\n`);
    const { rows, notes } = await stage.ask('DeviceEvents | count');
    expect(rows).toEqual([{ Count: 2 }]);
    expect(notes).toEqual([
      'DeviceEvents.json: 1 records of EmailEvents are not read, because the file is named for DeviceEvents.',
      expect.stringContaining('export.json: 1 records are not read, because neither they'),
      'export.json: 1 records of TableOfTomorrow are not read.',
    ]);
  });

  it('columns that the schema does not know are there, typed and told', async () => {
    stage.write('DeviceEvents.jsonl', '{"DeviceName":"a","Score":1,"_ResourceId":"/x"}\n{"Score":2.5}\n');
    const { rows, notes } = await stage.ask('DeviceEvents | where Score > 2 | project Score, _ResourceId');
    expect(rows).toEqual([{ Score: 2.5, _ResourceId: '' }]);
    expect(notes).toEqual([
      'DeviceEvents has columns that the schema does not know: Score (real), _ResourceId (string).',
    ]);
  });
});
