import { describe, expect, it } from '@jest/globals';
import { findingsOf, prepare } from './queries.ts';

describe('malformed text', () => {
  it.each([
    ['DeviceEvents | where FileName == "a', 'KS'],
    ['DeviceEvents | where (FileName == "a"', 'KS'],
    ['DeviceEvents | frobnicate', 'KS'],
    ['DeviceEvents | where FileName has_any "x"', 'KS'],
    ['DeviceEvents | where FileName in ("a",)', 'KS'],
  ])('is an error: %s', async (query, code) => {
    const errors = (await prepare(query)).findings.filter((one) => one.severity === 'error');
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.every((one) => one.code.startsWith(code))).toBe(true);
  });

  it('has its place', async () => {
    const query = 'DeviceEvents\n| where FileName has_any "x"';
    const [first] = (await prepare(query)).findings;
    expect(first?.start).toBe(query.indexOf('"x"'));
  });

  it('stops the analysis, and nothing but the findings is told', async () => {
    const prepared = await prepare('DeviceEvents | where Timestamp > ago(1h) and (');
    expect(prepared).toMatchObject({ tables: [], timeCalls: [], columns: null, identity: { kind: 'none' } });
  });
});

describe('types', () => {
  const warned = async (query: string) =>
    (await prepare(query)).findings
      .filter(({ severity }) => severity === 'warning')
      .map(({ message, hint }) => `${message} ${hint ?? ''}`);

  it('of times that nobody knows are no mistakes', async () => {
    const local = 'MyTable_CL | extend T = TimeGenerated + 5h | where hourofday(T) > 3 and T > ago(7d)';
    expect((await warned(local)).filter((one) => !one.includes('MyTable_CL'))).toEqual([]);
    expect(await warned('DeviceEvents | where hourofday(1h) > 2')).toEqual(['A value of type datetime expected. ']);
  });

  it('todynamic() takes what is dynamic already', async () => {
    expect(await warned('DeviceEvents | extend d = todynamic(parse_json(AdditionalFields))')).toEqual([]);
  });

  it('a text has no fields until it is parsed, and no column was meant by one', async () => {
    expect(await warned('DeviceEvents | where AdditionalFields.FileNames == "x"')).toEqual([
      'What "FileNames" is taken from is a text, which has nothing in it until it is parsed. Write parse_json(AdditionalFields).FileNames.',
    ]);
    expect(await warned('DeviceEvents | where parse_json(AdditionalFields).FileNames == "x"')).toEqual([]);
  });
});

describe('one mistake', () => {
  it.each([
    ['DeviceEvents | wher x == 1', 'wher', 'Did you mean "where"?'],
    ['DeviceEvents | summarise count() | where x > 1', 'summarise', 'Did you mean "summarize"?'],
    ['DeviceEvents | where FileName == “a”', '“', 'Use straight quotes: ".'],
    [
      'DeviceEvents | where FileName == "C:\\Users\\x"',
      '\\Users',
      'In a text "\\" begins an escape: write "\\\\", or put @ before the text: @"C:\\Users\\x".',
    ],
    [
      'let a = 5\nDeviceEvents | take a',
      '\nDeviceEvents',
      'A statement ends here: is a "|" missing, or the ";" behind a let?',
    ],
    ['DeviceEvents | where FileName has_any "x"', '"x"', null],
    ['DeviceEvents\n| where FileName == "a\n| take 1', '"a', 'The text that begins here is not closed.'],
    ["DeviceEvents | where FileName == 'a", "'a", 'The text that begins here is not closed.'],
    [
      'DeviceEvents | where FileName == "b" or FileName == @"a\n\n| take "1"',
      '@"a',
      'The text that begins here is not closed.',
    ],
    [
      'SELECT * FROM DeviceEvents',
      'DeviceEvents',
      'This is SQL; KQL begins with the table: DeviceEvents | where … | project …',
    ],
  ])('is one finding: %s', async (query, at, hint) => {
    const { findings } = await prepare(query);
    expect(findings.filter((one) => one.severity !== 'info')).toMatchObject([
      { severity: 'error', start: query.indexOf(at), hint },
    ]);
  });

  it.each([
    'DeviceEvents | where FileNam in~ ("a")',
    'DeviceEvents | where FileNam has "a"',
    'DeviceEvents | extend a = strlen(FileNam)',
  ])('has no second finding for the type of an unknown name: %s', async (query) => {
    expect((await prepare(query)).findings).toMatchObject([{ code: 'KS142', start: query.indexOf('FileNam') }]);
  });

  it('is told beside another on another line', async () => {
    const { findings } = await prepare('DeviceEvents\n| wher x == 1\n| extnd y = 2');
    expect(findings.map((one) => one.hint)).toEqual(['Did you mean "where"?', 'Did you mean "extend"?']);
  });
});

describe('a table of a Sentinel workspace', () => {
  it.each([
    ['SecurityEvent | where A == 1', 'It is taken for a table that your tenant has.'],
    ['imProcessCreate | where A == 1', 'It is a parser of a Sentinel workspace: name its file'],
    ['_Im_Dns | where A == 1', 'It is a parser of a Sentinel workspace: name its file'],
    ['imports | where A == 1', 'It is taken for a table that your tenant has.'],
  ])('is not taken for a slip: %s', async (query, hint) => {
    const { findings } = await prepare(query);
    expect(findings[0]?.hint).toContain(hint);
    expect(findings[0]?.hint).not.toContain('Did you mean');
  });
});

describe('a second query in a text', () => {
  const ANOTHER = 'Another query begins here: a rule has one. Write a rule of its own, or join them by union.';
  it.each([
    ['DeviceEvents\n| project DeviceName\n\n// The others\nDeviceInfo\n| project DeviceName', ANOTHER],
    ['DeviceEvents\n| summarize count() by DeviceName\n \nDeviceInfo | take 5', ANOTHER],
    ['DeviceEvents\n| project DeviceName\n\n  // no query\nDeviceName', null],
    ['DeviceEvents\n| project DeviceName\nDeviceInfo\n| take 5', null],
  ])('is called one where it is a paragraph of its own: %j', async (query, hint) => {
    const { findings } = await prepare(query);
    expect(findings.some((one) => one.hint === ANOTHER)).toBe(hint !== null);
    expect(findings.some(({ severity }) => severity === 'error')).toBe(true);
  });
});

describe('a name that the schema knows to be wrong', () => {
  it.each([
    ['DeviceEvents | where FileNam == 1', 'Did you mean "FileName"?'],
    ['DeviceEvents | summarize count() by Devicename', 'Did you mean "DeviceName"?'],
    [
      'DeviceEvents | join kind=inner (DeviceInfo | project DeviceId, OSPlatform) on DeviceId | where OSPlatfrom == 1',
      'Did you mean "OSPlatform"?',
    ],
    ['deviceevents | take 1', 'Names are case sensitive: DeviceEvents.'],
    ['DeviceEvnts | take 1', 'Did you mean "DeviceEvents"?'],
  ])('is sure, with what was meant: %s', async (query, hint) => {
    const { findings } = await prepare(query);
    expect(findings.filter((one) => one.sure)).toMatchObject([{ severity: 'warning', hint }]);
  });

  it.each([
    'DeviceEvents | where RemoteIP2 == 1',
    'DeviceEvents2 | take 1',
    'Custom_CL | where FileNam == 1',
    'DeviceEvents | extend Parsed = parse_json(AdditionalFields) | where PipeName == 1',
    'DeviceEvents | where Nope == 1',
    'CloudAppEvents | where ISP == 1',
  ])('is not sure where a tenant may have it: %s', async (query) => {
    expect((await prepare(query)).findings.filter((one) => one.sure)).toEqual([]);
  });
});

describe('what does not fit the schema', () => {
  it.each([
    ['DeviceEvents | where Nope == 1', 'KS142: Nope'],
    ['DeviceEvents | where FileName > 5', 'KS'],
    ['NoSuchTable | take 1', 'KS204: NoSuchTable'],
    ['DeviceEvents | extend A = no_such_function(FileName)', 'KS211: no_such_function'],
  ])('is a warning: %s', async (query, expected) => {
    const prepared = await prepare(query);
    expect(findingsOf(prepared, 'error')).toEqual([]);
    expect(findingsOf(prepared, 'warning')[0]?.startsWith(expected)).toBe(true);
  });

  it.each([
    ['DeviceEvents | where TimeGenerated > ago(1h)', "TimeGenerated is Sentinel's name; Defender's is Timestamp."],
    ['ProcessCreationEvents | take 1', 'It is now called DeviceProcessEvents.'],
    ['EmailEvents | where PhishFilterVerdict == "Phish"', 'It has been called ThreatTypes since February 2021.'],
    ['deviceevents | take 1', 'Names are case sensitive: DeviceEvents.'],
    ['Custom_CL | take 1', 'It is taken for a table that your tenant has.'],
  ])('comes with a hint: %s', async (query, hint) => {
    expect((await prepare(query)).findings.map((one) => one.hint)).toContain(hint);
  });
});

describe('what the service accepts although the binder does not', () => {
  it.each([
    'DeviceEvents | invoke FileProfile(SHA1, 1000)',
    'DeviceEvents | invoke FileProfile(InitiatingProcessSHA1)',
    'DeviceEvents | invoke SeenBy(DeviceId)',
    'DeviceEvents | summarize count(FileName)',
    'DeviceEvents | where not(1)',
    'print make_timespan(1, 2, 55.1)',
    'let f = (T: (*)) { T | where FileName == "a" }; DeviceEvents | invoke f()',
  ])('is information: %s', async (query) => {
    const prepared = await prepare(query);
    expect(findingsOf(prepared, 'error')).toEqual([]);
    expect(findingsOf(prepared, 'warning')).toEqual([]);
  });

  it('but not a column that the rows do not have', async () => {
    expect(findingsOf(await prepare('DeviceEvents | invoke FileProfile(Nope)'), 'warning')).toEqual(['KS142: Nope']);
  });

  it('gives the columns of the enrichment, with suffixes where they clash', async () => {
    const { columns } = await prepare(
      'DeviceFileEvents | invoke FileProfile(SHA1) | project SHA1, SHA11, GlobalPrevalence, Signer',
    );
    expect(columns?.map((one) => `${one.name}:${one.type}`)).toEqual([
      'SHA1:string',
      'SHA11:string',
      'GlobalPrevalence:int',
      'Signer:string',
    ]);
  });
});
