import { describe, expect, it } from '@jest/globals';
import type { LintFinding } from '../../../src/rules/lint/check.ts';
import { lintRules } from '../../../src/rules/lint/lint-rules.ts';
import { analyzed, LINT_SETTINGS } from '../analyzed.ts';
import { ruleOf } from '../rule-text.ts';

/** Line and column of an offset in the query, as it stands in the rule of `ruleOf`: from the fifth line on, two columns in. */
function placeOf(query: string, offset: number): string {
  const lines = query.slice(0, offset).split('\n');
  return `${lines.length + 4}:${(lines.at(-1)?.length ?? 0) + 3}`;
}

async function findingsOn(query: string, check: string, basis: 'ingestion' | 'none' = 'ingestion') {
  const prepared = await analyzed(`${query}\n`, { basis });
  const rule = ruleOf({
    query: `|\n${query
      .split('\n')
      .map((line) => `  ${line}`)
      .join('\n')}`,
  });
  return lintRules([{ rule, prepared }], LINT_SETTINGS).filter((finding) => finding.check === check);
}

function spanOf({ line, column, endLine, endColumn }: LintFinding): string {
  return `${line}:${column}-${endLine}:${endColumn}`;
}

/** Queries with «» around what a check finds; without, it finds nothing. */
const CASES: Readonly<Record<string, readonly string[]>> = {
  'name-case': [
    'DeviceProcessEvents\n| where FileName «==» "cmd.exe"',
    'DeviceProcessEvents | where InitiatingProcessFileName «in» ("a.exe", "b.exe") and FolderPath «!=» @"C:\\x"',
    'DeviceRegistryEvents | where RegistryKey «!in» ("HKLM")',
    'DeviceProcessEvents | where FileName =~ "cmd.exe" or FileName == "" or FileName == "123"',
    'DeviceProcessEvents | extend FileName = tolower(FileName) | where FileName == "cmd.exe"',
    'DeviceProcessEvents | where FileName == InitiatingProcessFileName and DeviceName == "pc"',
    'EmailAttachmentInfo | where FileName == "a.pdf"',
    'let names = dynamic(["a"]); DeviceProcessEvents | where FileName in (names)',
  ],
  'contains-word': [
    'DeviceProcessEvents | where ProcessCommandLine «contains» " -encoded " and FolderPath «!contains» @"\\temp\\"',
    'DeviceProcessEvents | where ProcessCommandLine contains "-encoded" or FileName contains "power"',
    'DeviceProcessEvents | where ProcessCommandLine contains " -e " or ProcessCommandLine contains "_name_"',
    'DeviceProcessEvents | where ProcessCommandLine has " -encoded "',
  ],
  'join-kind-missing': [
    'DeviceProcessEvents | where FileName =~ "x"\n| «join» (DeviceNetworkEvents) on DeviceId',
    'DeviceProcessEvents | join kind=inner (DeviceNetworkEvents) on DeviceId',
    'DeviceProcessEvents | join kind = innerunique (DeviceNetworkEvents) on DeviceId',
    'DeviceProcessEvents | lookup (DeviceInfo) on DeviceId',
    'DeviceProcessEvents | summarize n = count() by DeviceId | where n > 3 | join (DeviceInfo) on DeviceId',
    'DeviceProcessEvents | distinct DeviceId | join DeviceInfo on $left.DeviceId == $right.DeviceId',
    'DeviceProcessEvents | summarize n = count() by DeviceId, FileName | «join» (DeviceInfo) on DeviceId',
    'DeviceProcessEvents | summarize n = count() by bin(Timestamp, 1h) | «join» (DeviceInfo) on Timestamp',
  ],
  'join-key-types': [
    'DeviceProcessEvents | join kind=inner DeviceNetworkEvents on DeviceId, «$left.FileName == $right.RemotePort»',
    'DeviceProcessEvents | project Key = FileName | join kind=inner (DeviceNetworkEvents | project Key = RemotePort) on «Key»',
    'DeviceProcessEvents | join kind=inner DeviceNetworkEvents on $left.ProcessId == $right.RemotePort, DeviceId',
  ],
  'compare-never': [
    'DeviceProcessEvents | where FileName == «@"C:\\Windows\\cmd.exe"» or InitiatingProcessFileName in~ ("a.exe", «"/bin/sh"»)',
    'DeviceFileEvents | where SHA256 == «"d41d8cd98f00b204e9800998ecf8427e"» and MD5 =~ "d41d8cd98f00b204e9800998ecf8427e"',
    'DeviceFileEvents | where SHA1 != «"0xda39a3ee5e6b4b0d3255bfef95601890afd80709"» and SHA256 == ""',
    'DeviceNetworkEvents | where RemoteIP in («"evil.example"», «"10.0.0.0/8"», "10.0.0.1", "-", "::ffff:10.0.0.1", "fe80::1%eth0")',
    'EmailEvents | where SenderIPv4 !in («"mail.example.org"», "192.0.2.1")',
    'DeviceLogonEvents | where AccountSid =~ «"SYSTEM"» or AccountSid == "S-1-5-18"',
    'DeviceRegistryEvents | where RegistryKey =~ «@"HKLM\\SOFTWARE"» or RegistryKey =~ @"HKEY_LOCAL_MACHINE\\SOFTWARE"',
    'AlertInfo | where Severity in~ ("high", «"Critical"»)',
    'DeviceProcessEvents | extend FileName = FolderPath | where FileName =~ @"C:\\a.exe"',
    'DeviceProcessEvents | where FileName endswith @"\\a.exe" or FolderPath =~ @"C:\\a.exe" or FileName == ProcessCommandLine',
    'AlertEvidence | where FileName == "a/b" or RemoteIP == "x.example"',
    'DeviceProcessEvents | where FileName in (dynamic(["a/b"]))',
  ],
  'filter-late': [
    'DeviceProcessEvents | summarize n = count() by DeviceName | where n > 5 and «DeviceName startswith "srv"»',
    'DeviceProcessEvents | summarize n = count() by DeviceName\n| where n > 5\n| where «DeviceName has "srv"»',
    'DeviceProcessEvents | join kind=leftouter (DeviceInfo) on DeviceId | where «FileName =~ "x"»',
    'DeviceProcessEvents | summarize arg_max(Timestamp, *) by DeviceId | where FileName =~ "x"',
    'DeviceProcessEvents | summarize n = count() by Name = tolower(DeviceName) | where Name has "srv"',
    'DeviceProcessEvents | join (DeviceInfo) on DeviceId | where FileName =~ "x"',
    'DeviceProcessEvents | join kind=rightouter (DeviceInfo) on DeviceId | where FileName =~ "x"',
    'DeviceProcessEvents | summarize n = count() by DeviceName | where DeviceName has "a" or n > 5',
  ],
  'time-unbinned': [
    'DeviceProcessEvents | summarize count() by DeviceId, «Timestamp»',
    'DeviceProcessEvents | summarize count() by DeviceId, bin(Timestamp, 1h)',
    'DeviceProcessEvents | extend Timestamp = bin(Timestamp, 1h) | summarize count() by Timestamp',
    'DeviceProcessEvents | summarize make_set(FileName) by DeviceId, Timestamp, ReportId',
    'DeviceProcessEvents | summarize by DeviceId, Timestamp',
    'CloudAppEvents | mv-expand ActivityObjects | where AppId > 1 | summarize make_bag(ActivityObjects) by Timestamp',
  ],
  'newest-needless': [
    'DeviceProcessEvents | summarize «arg_max(DeviceId, FileName)» by DeviceId',
    'DeviceProcessEvents | summarize Last = «arg_max(1, *)» by DeviceId',
    'DeviceProcessEvents | summarize arg_max(Timestamp, *), arg_min(Timestamp, FileName) by DeviceId',
  ],
  'regex-plain': [
    'DeviceProcessEvents | where FileName «matches regex "powershell"»',
    'DeviceProcessEvents | where FileName «matches regex @"(?i)^cmd\\.exe$"»',
    'DeviceProcessEvents | where FileName matches regex "a.c" or FileName matches regex @"\\d+" or FileName matches regex "a|b"',
  ],
  'literal-refused': [
    'DeviceProcessEvents | where Timestamp > «datetime("Dummy")»',
    'DeviceProcessEvents | where Timestamp between («datetime(2026-13-01)» .. «datetime(2026-02-30 10:00)») or Timestamp > «datetime(2026-1-1T10:61:00Z)»',
    'DeviceProcessEvents | where Timestamp in (datetime(2028-02-29), datetime(2026-1-9 7:05), datetime(2026-01), datetime(2026-01-31T23:59:59.9999999Z), datetime(1 Jan 2026))',
    'DeviceProcessEvents | where FileName matches regex «@"a(?=b)"» or FileName matches regex «@"(a)\\1"»',
    'DeviceProcessEvents | extend A = extract(«"(?<!x)y"», 0, FileName)',
    'DeviceProcessEvents | where FileName matches regex «"[a-z"» or FileName matches regex «"*a"» or FileName matches regex «"a)(b"»',
    'DeviceProcessEvents | where FileName matches regex «"(a|+)"» or FileName matches regex «"(a"» or FileName matches regex «@"a\\"»',
    'DeviceProcessEvents | where FileName matches regex @"^[[:alpha:]()]+(?i)\\[(?P<n>a|b*)?(?s-i:c{2}).+\\$" or FileName matches regex @"[]a]|\\(*|()"',
    'DeviceProcessEvents | where Timestamp > datetime(2026-01-01) or isnull(datetime(null)) or Timestamp > datetime("2026-01-01T10:00Z")',
    'DeviceProcessEvents | where FileName matches regex @"[(?=]\\\\1(?i)(?:a)(?P<n>b)\\(?!"',
  ],
  'case-unreached': [
    'DeviceProcessEvents | summarize n = count() by DeviceId | extend s = case(n > 5, "low", «n > 10», "high", "no")',
    'DeviceProcessEvents | extend s = case(FileName == "a", "low", «FileName  ==  "a"», "high", "no")',
    'DeviceProcessEvents | extend s = case(FileSize <= 5, "a", «FileSize < 5», "b", "c")',
    'DeviceProcessEvents | extend s = case(FileSize > 10, "high", FileSize > 5, "low", FileSize < 2, "x", "no")',
    'DeviceProcessEvents | extend s = case(FileSize > 5, "a", FileSize >= 5, "b", ProcessId > 9, "c", "d")',
  ],
  'filter-missing': [
    '«DeviceProcessEvents»',
    '«DeviceProcessEvents» | where Timestamp > ago(1h) | project Timestamp, DeviceName',
    '«DeviceProcessEvents» | summarize count() by DeviceName',
    'DeviceProcessEvents | where FileName =~ "x"',
    'DeviceProcessEvents | join kind=inner (DeviceInfo) on DeviceId',
    'let f = (T:(*)) { T | where column_ifexists("A", "") == "x" }; DeviceProcessEvents | invoke f()',
  ],
};

describe.each(Object.entries(CASES))('%s', (check, queries) => {
  it.each(queries)('%s', async (marked) => {
    const parts = marked.split(/[«»]/);
    const query = parts.join('');
    let offset = 0;
    const expected: string[] = [];
    for (const [index, part] of parts.entries()) {
      if (index % 2 === 1) expected.push(`${placeOf(query, offset)}-${placeOf(query, offset + part.length)}`);
      offset += part.length;
    }
    const found = await findingsOn(query, check);
    expect(found.map(spanOf)).toEqual(expected);
    for (const { suggestion } of found) expect(suggestion).not.toBeNull();
  });
});

describe('search-unbounded', () => {
  it('is told where no window refuses it', async () => {
    for (const query of ['union * | where DeviceId == "x"', 'search "x"', 'find where FileName == "x"']) {
      expect((await findingsOn(query, 'search-unbounded', 'none')).map(spanOf)).toEqual([
        `5:3-5:${3 + (/^\w+/.exec(query)?.[0].length ?? 0)}`,
      ]);
    }
    expect(await findingsOn('union Device* | search "x"', 'search-unbounded', 'none')).toEqual([]);
    expect(await findingsOn('search in (DeviceEvents) "x"', 'search-unbounded', 'none')).toEqual([]);
  });
});

describe('limited-rows', () => {
  it('says what stands in the place of top-nested, which no limit of alerts does', async () => {
    const [found] = await findingsOn('DeviceEvents | top-nested 5 of FileName by count()', 'limited-rows');
    expect(found?.suggestion).toContain('Write summarize');
  });
});

describe('names', () => {
  const told = async (query: string, check: string) =>
    (await findingsOn(query, check)).map(({ severity, suggestion, fix, ...place }) => [
      spanOf({ severity, suggestion, fix, ...place }),
      severity,
      suggestion,
      fix?.[0]?.text ?? null,
    ]);

  it('name-letter-case: has a fix for tables and columns', async () => {
    expect(await told('deviceProcessEvents | where A == 1', 'name-letter-case')).toEqual([
      ['5:3-5:22', 'error', 'Names are case sensitive: DeviceProcessEvents.', 'DeviceProcessEvents'],
    ]);
    expect(await told('DeviceProcessEvents\n| where filename has "x"', 'name-letter-case')).toEqual([
      ['6:11-6:19', 'error', 'Did you mean "FileName"?', 'FileName'],
    ]);
  });

  it('name-letter-case: warns, and mends nothing, where the schema writes a column in two ways', async () => {
    expect(await told('CloudAppEvents | where ISP has "x"', 'name-letter-case')).toEqual([
      ['5:26-5:29', 'warning', 'Did you mean "Isp"?', null],
    ]);
  });

  it('name-retired: has a fix where the rows are the same', async () => {
    expect(await told('ProcessCreationEvents | take 1', 'name-retired')).toEqual([
      ['5:3-5:24', 'warning', 'It is now called DeviceProcessEvents.', 'DeviceProcessEvents'],
    ]);
    expect(await told('EmailEvents | where FinalEmailAction == "x"', 'name-retired')).toEqual([
      ['5:23-5:39', 'warning', 'It has been called EmailAction since December 2020.', null],
    ]);
    expect(await told('AADSignInEventsBeta | where Application == "x"', 'name-retired')).toEqual([
      ['5:3-5:22', 'warning', 'Write EntraIdSignInEvents, and compare the columns.', null],
    ]);
    expect(await told('union AAD* | where Application == "x"', 'name-retired')).toEqual([]);
  });

  it('time-dialect: TimeGenerated in Defender, Timestamp in a workspace', async () => {
    expect(await told('DeviceProcessEvents | where TimeGenerated > ago(1h)', 'time-dialect')).toEqual([
      ['5:31-5:44', 'warning', "TimeGenerated is Sentinel's name; Defender's is Timestamp.", null],
    ]);
    const [found] = await findingsOn('SigninLogs | where Timestamp > ago(1h)', 'time-dialect');
    expect(found).toMatchObject({ line: 5, column: 22, suggestion: 'Write TimeGenerated.' });
    expect(await told('SigninLogs | where TimeGenerated > ago(1h)', 'time-dialect')).toEqual([]);
    expect(await told('SigninLogs | project Timestamp = TimeGenerated', 'time-dialect')).toEqual([]);
    expect(await told('MyTable_CL | where Timestamp > ago(1h)', 'time-dialect')).toEqual([]);
  });

  it('table-unknown and column-unknown: with the nearest name', async () => {
    expect(await told('DeviceProcesEvents | take 1', 'table-unknown')).toEqual([
      ['5:3-5:21', 'error', 'Did you mean "DeviceProcessEvents"?', null],
    ]);
    expect(await told('MyTable_CL | take 1', 'table-unknown')).toMatchObject([
      ['5:3-5:13', 'warning', 'It is taken for a table that your tenant has.', null],
    ]);
    expect(await told('DeviceProcessEvents | where FileNam has "x" and Own == 1', 'column-unknown')).toMatchObject([
      ['5:31-5:38', 'error', 'Did you mean "FileName"?', null],
      ['5:51-5:54', 'warning', null, null],
    ]);
    expect(await told('DeviceProcessEvents | where FileNam has "x"', 'query-finding')).toEqual([]);
  });

  it('watchlist-unknown: what is asked for and no list of the configuration', async () => {
    const query = "union (_GetWatchlist('a-b')), (_GetWatchlist(pack()))";
    const found = await findingsOn(query, 'watchlist-unknown');
    expect(found.map(spanOf)).toEqual(['5:10-5:30', '5:34-null:null']);
    expect(found.map(({ message }) => message)).toEqual([
      'The configuration has no list "a-b" that can be used.',
      'What list _GetWatchlist() asks for stands not in the text, so that none can stand for it.',
    ]);
    expect(
      await findingsOn('let _GetWatchlist = (a:string) { DeviceInfo }; _GetWatchlist("a")', 'watchlist-unknown'),
    ).toEqual([]);
  });

  it('sentinel-function: whether or not anything else is refused', async () => {
    const query = '_Im_Dns(pack="x") | union (_GetWatchlist("a")), (workspace("w").T)';
    expect((await findingsOn(query, 'sentinel-function')).map(spanOf)).toEqual(['5:3-5:10', '5:52-5:61']);
    expect(await findingsOn('DeviceEvents | where A == "_GetWatchlist(1)" // _Im_Dns()', 'sentinel-function')).toEqual(
      [],
    );
    expect(await findingsOn('let app = () { 1 }; DeviceEvents | extend A = app()', 'sentinel-function')).toEqual([]);
  });

  it('literal-refused: says that look-around is none, and not that a repetition has nothing before it', async () => {
    const messages = async (pattern: string) =>
      (await findingsOn(`DeviceProcessEvents | where FileName matches regex @"${pattern}"`, 'literal-refused')).map(
        ({ message, suggestion }) => `${message} ${suggestion}`,
      );
    const said = (part: string) => [
      `Regular expressions of the service have no look-around or atomic groups ("${part}"): it refuses the query. Say it with two conditions, or extract and compare.`,
    ];
    for (const part of ['(?=', '(?!', '(?<=', '(?<!', '(?>']) expect(await messages(`a${part}b)`)).toEqual(said(part));
    expect(await messages('a(*b)')).toEqual([expect.stringContaining('a repetition has nothing before it')]);
  });

  it('one unknown function of a workspace is one finding, which refuses the rule as the analysis does', async () => {
    const all = async (query: string) => {
      const prepared = await analyzed(`${query}\n`);
      const found = lintRules([{ rule: ruleOf({ query: `|\n  ${query}` }), prepared }], LINT_SETTINGS);
      const named = ['query-finding', 'watchlist-unknown', 'sentinel-function', 'join-key-types'];
      return found
        .filter(({ check }) => named.includes(check))
        .map(({ check, severity, refuses }) => [check, severity, refuses]);
    };
    expect(await all("DeviceEvents | where DeviceName in (_GetWatchlist('vip'))")).toEqual([
      ['watchlist-unknown', 'error', true],
    ]);
    expect(await all('_Im_Dns() | where SrcHostname == "x"')).toEqual([['sentinel-function', 'error', true]]);
    expect(await all('OtherFunction() | where A == "x"')).toEqual([
      ['query-finding', 'error', true],
      ['query-finding', 'warning', false],
    ]);
    const joined =
      'DeviceEvents | join kind=inner (DeviceProcessEvents | project ProcessId) on $left.DeviceName == $right.ProcessId';
    expect(await all(joined)).toEqual([['join-key-types', 'warning', false]]);
  });
});
