import { spawnSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { dataStage } from './data-stage.ts';

const stage = dataStage();

const A = { Timestamp: '2026-11-26T07:00:00Z', DeviceName: 'pc1', FileName: 'a.exe', ReportId: 1 };
const B = { Timestamp: '2026-11-26T07:01:00Z', DeviceName: 'pc2', FileName: 'b.exe', ReportId: 2 };
const BOTH = [
  { Timestamp: '2026-11-26T07:00:00Z', FileName: 'a.exe', ReportId: 1 },
  { Timestamp: '2026-11-26T07:01:00Z', FileName: 'b.exe', ReportId: 2 },
];
const QUERY = 'DeviceProcessEvents | project Timestamp, FileName, ReportId | sort by ReportId asc';

const lists = [
  [A.Timestamp, 'a.exe', 1],
  [B.Timestamp, 'b.exe', 2],
];
const typed = (name: string, type: string) => [
  { [name]: 'Timestamp', [type]: 'datetime' },
  { [name]: 'FileName', [type]: 'string' },
  { [name]: 'ReportId', [type]: 'long' },
];

describe('JSON in every form that people keep', () => {
  it.each([
    ['lines', `${JSON.stringify(A)}\n${JSON.stringify(B)}\n`],
    ['lines without the last end', `${JSON.stringify(A)}\r\n${JSON.stringify(B)}`],
    ['objects behind one another, pretty', `${JSON.stringify(A, null, 2)}\n${JSON.stringify(B, null, 2)}`],
    ['a text sequence', `\u001e${JSON.stringify(A)}\n\u001e${JSON.stringify(B)}\n`],
    ['an array on one line', JSON.stringify([A, B])],
    ['a pretty array', JSON.stringify([A, B], null, 2)],
    ['an array behind a mark', `\uFEFF${JSON.stringify([A, B], null, '\t')}`],
    [
      'an answer of Graph',
      JSON.stringify({ '@odata.context': 'x', schema: [{ name: 'Timestamp', type: 'DateTime' }], results: [A, B] }),
    ],
    [
      'an answer of Defender for Endpoint',
      JSON.stringify({ Stats: { a: [1] }, Schema: [{ Name: 'FileName', Type: 'String' }], Results: [A, B] }),
    ],
    ['an answer of Defender XDR, pretty', JSON.stringify({ Stats: {}, Schema: [], Results: [A, B] }, null, 2)],
    [
      'an answer of Log Analytics',
      JSON.stringify({
        tables: [{ name: 'PrimaryResult', columns: typed('name', 'type'), rows: lists }],
        statistics: {},
      }),
    ],
    [
      'an answer of Kusto, first version',
      JSON.stringify({
        Tables: [
          { TableName: 'Table_0', Columns: typed('ColumnName', 'ColumnType'), Rows: lists },
          { TableName: 'Table_1', Columns: [{ ColumnName: 'Key', DataType: 'String' }], Rows: [['Visualization']] },
        ],
      }),
    ],
    [
      'an answer of Kusto, second version',
      JSON.stringify([
        { FrameType: 'DataSetHeader', Version: 'v2.0' },
        {
          FrameType: 'DataTable',
          TableKind: 'QueryProperties',
          Columns: typed('ColumnName', 'ColumnType'),
          Rows: [['1', '2', 3]],
        },
        {
          FrameType: 'DataTable',
          TableId: 1,
          TableKind: 'PrimaryResult',
          TableName: 'PrimaryResult',
          Columns: typed('ColumnName', 'ColumnType'),
          Rows: lists,
        },
        { FrameType: 'DataSetCompletion', HasErrors: false },
      ]),
    ],
    [
      'our own document',
      JSON.stringify(
        { columns: typed('name', 'type'), rows: [A, B], truncated: false, source: 'graph', elapsedMs: 3 },
        null,
        2,
      ),
    ],
    ['OData', JSON.stringify({ value: [A, B] })],
    [
      'several answers behind one another',
      [[A], [B]].map((results) => JSON.stringify({ schema: [], results })).join('\n'),
    ],
  ])('%s', async (_, text) => {
    stage.write('DeviceProcessEvents.json', text);
    const { rows, notes } = await stage.ask(QUERY);
    expect([rows, notes]).toEqual([BOTH, []]);
  });

  it('an answer without rows has none', async () => {
    stage.write('DeviceProcessEvents.json', '{"schema":[{"name":"FileName","type":"String"}],"results":[]}');
    expect((await stage.ask('DeviceProcessEvents | count')).rows).toEqual([{ Count: 0 }]);
    stage.write('DeviceProcessEvents.json', '[]');
    expect((await stage.ask('DeviceProcessEvents | count')).rows).toEqual([{ Count: 0 }]);
    stage.write('DeviceProcessEvents.json', '');
    expect((await stage.ask('DeviceProcessEvents | count')).rows).toEqual([{ Count: 0 }]);
  });

  it('a row is no answer because a column of it is called so', async () => {
    stage.write('Things.jsonl', '{"value":[{"x":1}],"owner":"kim"}\n{"name":"n","records":[],"owner":"lee"}\n');
    expect((await stage.ask('Things | project owner, x = ["value"][0].x')).rows).toEqual([
      { owner: 'kim', x: 1 },
      { owner: 'lee', x: null },
    ]);
  });

  it('the types that an answer declares stand, the schema of its rows aside', async () => {
    stage.write(
      'Answer.json',
      '{"schema":[{"Name":"When","Type":"DateTime"},{"Name":"Ok","Type":"SByte"},{"Name":"N","Type":"Int64"},{"Name":"Bag","Type":"Object"}],"results":[{"When":"2026-01-02 03:04:05","Ok":1,"N":"5","N@odata.type":"#Int64","Bag":"{\\"a\\":1}"}]}',
    );
    const { rows, columns } = await stage.ask('Answer | extend A = Bag.a');
    expect(columns).toEqual(['When:datetime', 'Ok:bool', 'N:long', 'Bag:dynamic', 'A:dynamic']);
    expect(rows).toEqual([{ When: '2026-01-02T03:04:05Z', Ok: true, N: 5, Bag: { a: 1 }, A: 1 }]);
  });
});

describe('packed and recoded files', () => {
  const text = `${JSON.stringify(A)}\n${JSON.stringify(B)}\n`;
  const utf16 = (body: string) => Buffer.from(body, 'utf16le');

  it('gz beside a plain file, two members in one', async () => {
    stage.write('DeviceProcessEvents.jsonl', `${JSON.stringify(A)}\n`);
    stage.write('DeviceProcessEvents-2.jsonl.gz', gzipSync(JSON.stringify(B)));
    expect((await stage.ask(QUERY)).rows).toEqual(BOTH);
    stage.write(
      'DeviceProcessEvents-2.jsonl.gz',
      Buffer.concat([A, B].map((row) => gzipSync(`${JSON.stringify(row)}\n`))),
    );
    expect((await stage.ask('DeviceProcessEvents | count')).rows).toEqual([{ Count: 3 }]);
  });

  it('a gz that ends early is named', async () => {
    stage.write('DeviceProcessEvents.jsonl.gz', gzipSync(text.repeat(1000)).subarray(0, 80));
    await expect(stage.ask(QUERY)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('DeviceProcessEvents.jsonl.gz'),
    });
    stage.write('DeviceProcessEvents.jsonl.gz', 'no gz');
    await expect(stage.ask(QUERY)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('zst', async () => {
    const packed = spawnSync('zstd', ['-q', '-c'], { input: text.repeat(20_000) });
    const data = packed.status === 0 ? packed.stdout : Buffer.from('KLUv/QRYYQAAWzFdCt8HBfU=', 'base64');
    stage.write('DeviceProcessEvents.jsonl.zst', data);
    if (packed.status === 0) expect((await stage.ask('DeviceProcessEvents | count')).rows).toEqual([{ Count: 40_000 }]);
    stage.write('DeviceProcessEvents.jsonl.zst', Buffer.from('no zst at all'));
    await expect(stage.ask(QUERY)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it.each([
    ['little-endian with its mark', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16(text)])],
    ['big-endian with its mark', Buffer.concat([Buffer.from([0xfe, 0xff]), utf16(text).swap16()])],
    ['little-endian without', utf16(text)],
  ])('UTF-16, %s', async (_, data) => {
    stage.write('DeviceProcessEvents.json', data);
    expect((await stage.ask(QUERY)).rows).toEqual(BOTH);
  });

  it('bytes that are no text are told, characters across the edges of pieces are not', async () => {
    const long = `{"DeviceName":"${'😀ä'.repeat(400_000)}"}\n`;
    stage.write('DeviceEvents.jsonl', long);
    const whole = await stage.ask('DeviceEvents | project n = strlen(DeviceName)');
    expect([whole.rows, whole.notes]).toEqual([[{ n: 800_000 }], []]);
    stage.write(
      'DeviceEvents.jsonl',
      Buffer.concat([Buffer.from('{"DeviceName":"a'), Buffer.from([0xff]), Buffer.from('b"}')]),
    );
    const broken = await stage.ask('DeviceEvents | project DeviceName');
    expect(broken.rows).toEqual([{ DeviceName: 'a\uFFFDb' }]);
    expect(broken.notes).toEqual(['DeviceEvents.jsonl holds bytes that are no text; they are read as \uFFFD.']);
  });
});

describe('hostile JSON', () => {
  it.each([
    ['a list of numbers', '[1,2]', 'it is no JSON object'],
    ['a list of lists', '[[1],[2]]', 'no columns are named'],
    [
      'rows before the names of their columns',
      '{"rows":[["a"]],"columns":[{"name":"DeviceName"}]}',
      'no columns are named',
    ],
    ['a word', 'nothing', 'it is no JSON object'],
    ['an end too early', '[{"DeviceName":"a"},', 'the file ends within it'],
    ['a text without an end', '{"DeviceName":"a\n{"DeviceName":"b"}', 'no comma'],
    ['an unknown word', '{"DeviceName":nope}', 'a value is unknown'],
    ['a number of two dots', '{"ReportId":1.2.3}', 'a number cannot be read'],
    ['an unknown escape', '{"DeviceName":"\\q"}', 'unknown escape'],
    ['no colon', '{"DeviceName" "a"}', 'no colon'],
    ['no comma', '{"DeviceName":"a" "b":1}', 'no comma'],
    ['a NUL', '{"DeviceName":"a\0b"}', 'control character'],
  ])('%s is refused with its place', async (_, text, reason) => {
    stage.write('DeviceEvents.json', text);
    await expect(stage.ask('DeviceEvents | project DeviceName, ReportId')).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(new RegExp(`DeviceEvents\\.json:\\d+: this record cannot be read: .*${reason}`)),
    });
  });

  it('the line of the place is counted through pieces and packing', async () => {
    const lines = `${'{"DeviceName":"a"}\n'.repeat(120_000)}{"DeviceName":}\n`;
    stage.write('DeviceEvents.jsonl.gz', gzipSync(lines));
    await expect(stage.ask('DeviceEvents | count')).rejects.toThrow('DeviceEvents.jsonl.gz:120001:');
  });

  it('depth is no danger: what a column does not ask for is passed over, what it does is null and told', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    stage.write('CloudAppEvents.jsonl', `{"ActionType":"a","RawEventData":${deep}}\n`);
    expect((await stage.ask('CloudAppEvents | project ActionType')).rows).toEqual([{ ActionType: 'a' }]);
    const { rows, notes } = await stage.ask('CloudAppEvents | project RawEventData');
    expect(rows).toEqual([{ RawEventData: null }]);
    expect(notes[0]?.slice(0, 70)).toMatch(/^CloudAppEvents\.RawEventData: one cell is no dynamic in CloudAppEvents/);
  });

  it('a record of more than 16 MB is refused, one below is read', async () => {
    stage.write('DeviceEvents.jsonl', `{"DeviceName":"${'x'.repeat(15_000_000)}"}`);
    expect((await stage.ask('DeviceEvents | project n = strlen(DeviceName)')).rows).toEqual([{ n: 15_000_000 }]);
    stage.write('DeviceEvents.jsonl', `{"DeviceName":"${'x'.repeat(18_000_000)}"}`);
    await expect(stage.ask('DeviceEvents | project DeviceName')).rejects.toThrow('longer than 16 MB');
  });

  it('names: hostile, escaped, repeated, none', async () => {
    stage.write(
      'DeviceEvents.jsonl',
      '{"__proto__":{"polluted":1},"Device\\u004eame":"a","DeviceName":"b","constructor":"x","":1}\n{}\n',
    );
    const { rows } = await stage.ask('DeviceEvents | project DeviceName');
    expect(rows).toEqual([{ DeviceName: 'b' }, { DeviceName: '' }]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('half of a pair does not get in', async () => {
    stage.write('DeviceEvents.jsonl', '{"DeviceName":"a\\ud83d"}\n');
    expect((await stage.ask('DeviceEvents | project DeviceName')).rows).toEqual([{ DeviceName: 'a\uFFFD' }]);
  });
});
