import { describe, expect, it } from '@jest/globals';
import { findingsOf, prepare } from '../queries.ts';

/** The covered texts, each with the table it denotes. */
async function spansOf(query: string): Promise<readonly string[]> {
  const prepared = await prepare(query);
  return prepared.tables.map((one) => `${one.table} <- ${query.slice(one.start, one.end)}`);
}

describe('a table is found', () => {
  it.each([
    ['by its name', 'DeviceEvents | take 1', ['DeviceEvents <- DeviceEvents']],
    ['in brackets', "['DeviceEvents'] | take 1", ["DeviceEvents <- ['DeviceEvents']"]],
    ['as table("T")', 'table("DeviceEvents") | take 1', ['DeviceEvents <- table("DeviceEvents")']],
    ['as database("d").T', 'database("d").DeviceEvents | take 1', ['DeviceEvents <- database("d").DeviceEvents']],
    ['in a let', 'let x = DeviceEvents; x | take 1', ['DeviceEvents <- DeviceEvents']],
    ['in a function body', 'let f = () { DeviceEvents | take 1 }; f()', ['DeviceEvents <- DeviceEvents']],
    [
      'in a function that is not called',
      'let f = () { DeviceEvents }; DeviceInfo',
      ['DeviceEvents <- DeviceEvents', 'DeviceInfo <- DeviceInfo'],
    ],
    ['in materialize', 'let x = materialize(DeviceEvents | take 1); x', ['DeviceEvents <- DeviceEvents']],
    ['in toscalar', 'print toscalar(DeviceEvents | count)', ['DeviceEvents <- DeviceEvents']],
    [
      'in in()',
      'DeviceInfo | where DeviceId in ((DeviceEvents | project DeviceId))',
      ['DeviceInfo <- DeviceInfo', 'DeviceEvents <- DeviceEvents'],
    ],
    [
      'as sole operand of in',
      'DeviceInfo | where DeviceId in (DeviceEvents)',
      ['DeviceInfo <- DeviceInfo', 'DeviceEvents <- DeviceEvents'],
    ],
    ['as argument', 'let f = (T: (*)) { T | take 1 }; f(DeviceEvents)', ['DeviceEvents <- DeviceEvents']],
    [
      'as argument of a plug-in',
      'DeviceEvents | evaluate ipv4_lookup(DeviceInfo, DeviceName, PublicIP)',
      ['DeviceEvents <- DeviceEvents', 'DeviceInfo <- DeviceInfo'],
    ],
    ['in a piped search', 'DeviceEvents | search "mimikatz"', ['DeviceEvents <- DeviceEvents']],
    [
      'as a leg of make-graph',
      'DeviceEvents | make-graph DeviceId --> SHA1 with DeviceInfo on DeviceId | graph-match (a)-[e]->(b) project a.DeviceId',
      ['DeviceEvents <- DeviceEvents', 'DeviceInfo <- DeviceInfo'],
    ],
    ['unknown, in tabular position', 'Custom_CL | take 1', ['Custom_CL <- Custom_CL']],
    ['unknown, as the value of a let', 'let x = Custom_CL; x | take 1', ['Custom_CL <- Custom_CL']],
    [
      'unknown, as sole operand of in',
      'DeviceEvents | where DeviceId in (Watched)',
      ['DeviceEvents <- DeviceEvents', 'Watched <- Watched'],
    ],
    [
      'unknown, behind another unknown',
      'Custom_CL | where A in~ (Watched)',
      ['Custom_CL <- Custom_CL', 'Watched <- Watched'],
    ],
  ])('%s', async (_, query, expected) => {
    expect(await spansOf(query)).toEqual(expected);
  });

  it.each([
    ['a let that shadows one', 'let DeviceEvents = datatable(a: string)["x"]; DeviceEvents'],
    ['a column', 'datatable(DeviceInfo: string)["x"] | where DeviceInfo == "x"'],
    ['one of several operands of in', 'datatable(a: string)["x"] | where a in (b, c)'],
    ['a wildcard of columns', 'datatable(a1: string)["x"] | project-away *1'],
    ['a list by let', 'let l = dynamic(["a"]); datatable(a: string)["x"] | where a in (l)'],
    ['a parameter', 'let f = (T: (a: string)) { T | take 1 }; f(datatable(a: string)["x"])'],
  ])('but not in %s', async (_, query) => {
    expect(await spansOf(query)).toEqual([]);
  });

  it('with its time column', async () => {
    const prepared = await prepare('union DeviceEvents, BehaviorInfo, DeviceTvmSoftwareInventory, Custom_CL');
    expect(prepared.tables.map((one) => [one.table, one.known, one.timeColumn])).toEqual([
      ['DeviceEvents', true, 'Timestamp'],
      ['BehaviorInfo', true, 'Timestamp'],
      ['DeviceTvmSoftwareInventory', true, null],
      ['Custom_CL', false, 'Timestamp'],
    ]);
  });

  it('guesses the time column of an unknown table from the query', async () => {
    const prepared = await prepare('SigninLogs | where TimeGenerated > ago(1h)');
    expect(prepared.tables[0]).toMatchObject({ known: false, timeColumn: 'TimeGenerated' });
  });
});

describe('a wildcard', () => {
  it('stands for the tables of the schema, with a warning', async () => {
    const prepared = await prepare('union Email*Events, Url* | take 1');
    expect(prepared.tables.map((one) => [one.table, one.expanded])).toEqual([
      ['EmailEvents', true],
      ['EmailPostDeliveryEvents', true],
      ['UrlClickEvents', true],
    ]);
    expect(findingsOf(prepared, 'warning')).toEqual(['wildcard: Email*Events', 'wildcard: Url*']);
  });

  it('that takes in a view of the query is refused', async () => {
    const query = 'let DeviceX = view () { DeviceEvents }; union Device*';
    expect(findingsOf(await prepare(query), 'error')).toEqual(['window-refused: Device*']);
  });

  it('that matches nothing is refused', async () => {
    expect(findingsOf(await prepare('union Nothing*'), 'error')).toEqual(['window-refused: Nothing*']);
  });
});

describe('a leg of union withsource', () => {
  it('is marked where it is a table itself', async () => {
    const prepared = await prepare(
      'DeviceInfo | union withsource=S DeviceEvents, (DeviceFileEvents), (EmailEvents | take 1) | union UrlClickEvents',
    );
    expect(prepared.tables.map((one) => [one.table, one.nameLeg])).toEqual([
      ['DeviceInfo', true],
      ['DeviceEvents', true],
      ['DeviceFileEvents', true],
      ['EmailEvents', false],
      ['UrlClickEvents', false],
    ]);
  });
});

describe('refused under a window, at its place, is', () => {
  const CASES: readonly (readonly [string, string, string])[] = [
    ['find', 'find in (DeviceEvents) where FileName == "a"', 'find in (DeviceEvents) where FileName == "a"'],
    ['bare search', 'search "mimikatz"', 'search "mimikatz"'],
    ['search in', 'search in (DeviceEvents) "mimikatz"', 'search in (DeviceEvents) "mimikatz"'],
    [
      'table of an expression',
      'DeviceEvents | union (table(strcat("Device", "Info")))',
      'table(strcat("Device", "Info"))',
    ],
    ['materialized_view', 'materialized_view("View") | take 1', 'materialized_view("View")'],
    ['external_table', 'external_table("Blobs") | take 1', 'external_table("Blobs")'],
    ['workspace', 'workspace("other").SigninLogs | take 1', 'workspace("other").SigninLogs'],
    ['cluster', 'cluster("c").database("d").T | take 1', 'cluster("c").database("d").T'],
    ['adx', 'DeviceEvents | join kind=leftanti (adx("c/d").T) on DeviceId', 'adx("c/d").T'],
    ['arg', 'arg("").Resources | take 1', 'arg("").Resources'],
    ['a wildcard in another database', 'union database("d").Device*', 'database("d").Device*'],
    ['an unknown function', '_GetWatchlist("vip") | take 1', '_GetWatchlist("vip")'],
    [
      'an unknown function as let',
      'let w = _GetWatchlist("vip"); DeviceEvents | where DeviceName in (w)',
      '_GetWatchlist("vip")',
    ],
    ['an unknown function that is invoked', 'DeviceEvents | invoke Enrich()', 'Enrich()'],
  ];

  it.each(CASES)('%s', async (_, query, place) => {
    const refused = (await prepare(query)).findings.filter((one) => one.code === 'window-refused');
    expect(refused.map((one) => [one.severity, query.slice(one.start, one.end)])).toEqual([['error', place]]);
    expect(refused[0]?.hint).toMatch(/\.$/);
  });

  it('and none of them without a window', async () => {
    for (const [, query] of CASES) {
      const prepared = await prepare(query, { basis: 'none' });
      expect(prepared.findings.filter((one) => one.code === 'window-refused')).toEqual([]);
    }
  });

  it('but not an unknown function that the rule lists', async () => {
    const query = '_GetWatchlist("vip") | join kind=inner DeviceEvents on DeviceId';
    const prepared = await prepare(query, { tables: { _GetWatchlist: 'none' } });
    expect(findingsOf(prepared, 'error')).toEqual([]);
    expect(prepared.tables[0]).toMatchObject({ table: '_GetWatchlist', role: 'untimed', start: 0, end: 20 });
  });
});
