import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dataStage } from './data-stage.ts';

const stage = dataStage();

const HEAD = 'Timestamp,DeviceName,FileName,ReportId';
const QUERY = 'DeviceProcessEvents | project Timestamp, DeviceName, FileName, ReportId';
const ROW = { Timestamp: '2026-11-26T07:00:00Z', DeviceName: 'pc1', FileName: 'a.exe', ReportId: 1 };

describe('CSV as programs write it', () => {
  it.each([
    ['commas', `${HEAD}\r\n2026-11-26T07:00:00Z,pc1,a.exe,1\r\n`],
    ['no end of the last line', `${HEAD}\n2026-11-26T07:00:00Z,pc1,a.exe,1`],
    ['old line ends', `${HEAD}\r2026-11-26T07:00:00Z,pc1,a.exe,1\r`],
    ['semicolons', `${HEAD.replaceAll(',', ';')}\n2026-11-26T07:00:00Z;pc1;a.exe;1\n`],
    ['tabs', `${HEAD.replaceAll(',', '\t')}\n2026-11-26T07:00:00Z\tpc1\ta.exe\t1\n`],
    ['bars', `${HEAD.replaceAll(',', '|')}\n2026-11-26T07:00:00Z|pc1|a.exe|1\n`],
    ['what sep= says', `sep=;\r\n${HEAD.replaceAll(',', ';')}\r\n2026-11-26T07:00:00Z;pc1;a.exe;1\r\n`],
    ['sep= with a mark in front', `\uFEFF"sep=^"\n${HEAD.replaceAll(',', '^')}\n2026-11-26T07:00:00Z^pc1^a.exe^1\n`],
    [
      'a header of any letter case, with blanks',
      'timestamp, DEVICENAME ,filename,reportid\n2026-11-26T07:00:00Z,pc1,a.exe,1\n',
    ],
    ['quotes everywhere', '"Timestamp","DeviceName","FileName","ReportId"\n"2026-11-26T07:00:00Z","pc1","a.exe","1"\n'],
    ['blank lines', `\n\n${HEAD}\n\n2026-11-26T07:00:00Z,pc1,a.exe,1\n\n`],
    [
      'UTF-16 and tabs, as spreadsheets save text',
      Buffer.from(`\uFEFF${HEAD.replaceAll(',', '\t')}\r\n2026-11-26T07:00:00Z\tpc1\ta.exe\t1\r\n`, 'utf16le'),
    ],
  ])('%s', async (_, text) => {
    stage.write('DeviceProcessEvents.csv', text);
    expect(await stage.ask(QUERY)).toMatchObject({ rows: [ROW], notes: [] });
  });

  it('the case of a header that differs in it only goes by the exact name first', async () => {
    stage.write('DeviceLogonEvents.csv', 'LOGONID,LogonId\n1,2\n');
    const { rows, notes } = await stage.ask('DeviceLogonEvents | project LogonId');
    expect(rows).toEqual([{ LogonId: 1 }]);
    expect(notes[0]).toContain('LogonId (left out, a second LogonId)');
  });

  it('reads every text that it may be given, whatever stands in it', async () => {
    const texts = fc.array(
      fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r', ' ', 'ä', '😀', '\0', "'") }),
      { minLength: 1, maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(texts, fc.constantFrom(',', ';', '\t'), async (cells, separator) => {
        const quoted = cells.map((text) => `"${text.replaceAll('"', '""')}"${separator}"end"`).join('\n');
        stage.write('Texts.csv', `Text${separator}End\n${quoted}`);
        const { rows } = await stage.ask('Texts | project Text, End');
        expect(rows).toEqual(cells.map((Text) => ({ Text, End: 'end' })));
      }),
      { numRuns: 25 },
    );
  });

  it('ragged lines: what is missing is empty and told, what is too much is told', async () => {
    stage.write('DeviceEvents.csv', 'DeviceName,FileName\na\nb,x.exe,more,and more\nc,y.exe\n');
    const { rows, notes } = await stage.ask('DeviceEvents | project DeviceName, FileName');
    expect(rows).toEqual([
      { DeviceName: 'a', FileName: '' },
      { DeviceName: 'b', FileName: 'x.exe' },
      { DeviceName: 'c', FileName: 'y.exe' },
    ]);
    expect(notes).toEqual([
      'DeviceEvents.csv: one row has more cells than the header; what is beyond it is not read.',
      'DeviceEvents.csv: one row has fewer cells than the header; the rest is empty.',
    ]);
    await expect(stage.ask('DeviceEvents | count', { strict: true })).rejects.toThrow('more cells than the header');
  });

  it('headers that stand twice or are empty keep their cells under names of their own', async () => {
    stage.write('Things.csv', 'a,a,,a1\n1,2,3,4\n');
    const { rows, notes } = await stage.ask('Things');
    expect(rows).toEqual([{ a: 1, a2: 2, Column3: 3, a1: 4 }]);
    expect(notes).toEqual(['Things.csv: names that stand twice or are empty in the header became a2, Column3.']);
  });

  it('a quote that is never closed is an error that says where', async () => {
    stage.write('DeviceEvents.csv', 'DeviceName,FileName\na,x.exe\n"b,y.exe\nc,z.exe\n');
    await expect(stage.ask('DeviceEvents | count')).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/DeviceEvents\.csv cannot be read behind row 1: a quote is never closed/),
    });
  });

  it('a header alone has no rows, an empty file neither', async () => {
    stage.write('DeviceEvents.csv', 'DeviceName\n');
    stage.write('DeviceEvents-2.csv', '');
    expect((await stage.ask('DeviceEvents | count')).rows).toEqual([{ Count: 0 }]);
  });
});

describe('types of columns that no schema knows', () => {
  it('come from all rows, not the first ones, and never make a value null', async () => {
    const lines = Array.from({ length: 300 }, (_, index) => `${index},${index},${index},true,2026-01-01T00:00:00Z`);
    stage.write('Things.csv', `Whole,Wide,Text,Flag,Seen\n${lines.join('\n')}\n7,1.5,007,maybe,soon\n`);
    const { rows, columns, notes } = await stage.ask('Things | where Text == "007"');
    expect(columns).toEqual(['Whole:long', 'Wide:real', 'Text:string', 'Flag:string', 'Seen:string']);
    expect([rows, notes]).toEqual([[{ Whole: 7, Wide: 1.5, Text: '007', Flag: 'maybe', Seen: 'soon' }], []]);
  });

  it.each([
    ['1\n2\n', 'long'],
    ['1\n2.5\n', 'real'],
    ['1\n\n', 'long'],
    ['99999999999999999999\n', 'string'],
    ['007\n', 'string'],
    ['"1"\n"2"\n', 'string'],
    ['true\nFalse\n', 'bool'],
    ['true\n1\n', 'string'],
    ['2026-01-01\n2026-01-01 07:00\n', 'datetime'],
    ['2026-02-30\n', 'string'],
    ['1.2.3\n', 'string'],
    ['\n', 'string'],
  ])('%j is %s', async (cells, type) => {
    stage.write(
      'Things.csv',
      `Key,Value\n${cells
        .split('\n')
        .slice(0, -1)
        .map((cell) => `k,${cell}`)
        .join('\n')}\n`,
    );
    expect((await stage.ask('Things')).columns[1]).toBe(`Value:${type}`);
  });

  it('widen over files, and columns of all files are there', async () => {
    stage.write('Things-1.jsonl', '{"A":1,"B":true}\n');
    stage.write('Things-2.jsonl', '{"A":2.5,"C":{"x":1}}\n');
    stage.write('Things-3.csv', 'A,C\n3,plain\n');
    const { columns, rows } = await stage.ask('Things | sort by A asc');
    expect(columns).toEqual(['A:real', 'B:bool', 'C:dynamic']);
    expect(rows).toEqual([
      { A: 1, B: true, C: null },
      { A: 2.5, B: null, C: { x: 1 } },
      { A: 3, B: null, C: 'plain' },
    ]);
  });

  it('any rows of JSON lose nothing', async () => {
    const cell = fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.string({ maxLength: 5 }).filter((text) => text.trim() !== ''),
      fc.constantFrom('2026-01-01T00:00:00Z', '2026-02-30', '12', 'true', '{"a":1}'),
      fc.record({ a: fc.integer() }),
      fc.array(fc.integer(), { maxLength: 2 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { minLength: 1, maxLength: 5 }), async (cells) => {
        stage.write('Things.jsonl', cells.map((Value) => JSON.stringify({ Value })).join('\n'));
        const { rows, notes } = await stage.ask('Things | project Value, Lost = isnull(Value)');
        expect([rows.map(({ Lost }) => Lost), notes]).toEqual([cells.map(() => false), []]);
      }),
      { numRuns: 40 },
    );
  });
});
