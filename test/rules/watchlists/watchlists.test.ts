import { describe, expect, it } from '@jest/globals';
import { createKqlEngine } from '../../../src/engine/kql-engine.ts';
import { createAnalyst } from '../../../src/kql/analyst.ts';
import { defenderSchema } from '../../../src/kql/defender.ts';
import { type LoadedRules, loadRules } from '../../../src/rules/load-rules.ts';
import { prepareRules } from '../../../src/rules/prepare-rules.ts';
import { loadWatchlists } from '../../../src/rules/watchlists/load-watchlists.ts';
import { watchlistCalls } from '../../../src/rules/watchlists/watchlist-calls.ts';
import { memoryFiles } from '../overlays/overlay-folder.ts';
import { ruleText } from '../rule-text.ts';

type Files = Readonly<Record<string, string>>;

const LISTS = { vip: '/set/lists/vip.csv', 'HostName-DCs': '/set/lists/dcs.csv' };
const FILES = {
  'lists/vip.csv': 'User Principal Name,tier,Note\nada@x.example,1,"says ""hi"",\noften"\nbob@x.example,,\n',
  'lists/dcs.csv': '\uFEFFHost\ndc1\ndc2\n',
};

function load(files: Files, watchlists: Files = LISTS): Promise<LoadedRules> {
  const places = {
    paths: ['/set/rules'],
    overlays: [],
    functions: ['/set/functions'],
    watchlists,
    roots: [],
    folder: '/set',
  };
  return loadRules(places, memoryFiles({ ...FILES, 'functions/F.kql': 'DeviceInfo', ...files }));
}

async function problemsOf(text: string, name = 'vip.csv'): Promise<readonly string[]> {
  const { refusals, watchlists } = await loadWatchlists({ vip: `/set/${name}` }, memoryFiles({ [name]: text }));
  expect(watchlists.size).toBe(refusals.length === 0 ? 1 : 0);
  return refusals.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

async function rowsOf(query: string): Promise<readonly unknown[]> {
  const engine = createKqlEngine({ schema: defenderSchema(), tables: {}, now: 0, elapsed: () => 0 });
  return [...(await engine.run(query, { signal: new AbortController().signal })).rows()];
}

describe('lists of a configuration', () => {
  it('stand in the query as tables of texts, each once, in the place of the calls', async () => {
    const query = `|
  DeviceLogonEvents
  | where AccountUpn in ((_GetWatchlist('vip') | project ['User Principal Name']))
  | where DeviceName in (_GetWatchlist("HostName-DCs")) or AccountName in (_GetWatchlist ( 'vip' ))
`;
    const { rules, refusals, problems } = await load({ 'rules/a.yaml': ruleText({ query }) });
    expect([refusals, problems]).toEqual([[], []]);
    expect(
      rules[0]?.query,
    ).toBe(`let _GetWatchlist_vip = datatable(["User Principal Name"]:string, ["tier"]:string, Note:string)[
  "ada@x.example", "1", "says \\"hi\\",\\noften",
  "bob@x.example", "", ""
];
let _GetWatchlist_HostName_DCs = datatable(SearchKey:string, Host:string)[
  "dc1", "dc1",
  "dc2", "dc2"
];
DeviceLogonEvents
| where AccountUpn in ((_GetWatchlist_vip | project ['User Principal Name']))
| where DeviceName in (_GetWatchlist_HostName_DCs) or AccountName in (_GetWatchlist_vip)
`);
    expect(rules[0]?.map.watchlists).toEqual([
      { alias: 'vip', file: '/set/lists/vip.csv', rows: 2 },
      { alias: 'HostName-DCs', file: '/set/lists/dcs.csv', rows: 2 },
    ]);
  });

  it('are read by the engine as they were written', async () => {
    const { rules } = await load({ 'rules/a.yaml': ruleText({ query: `_GetWatchlist('vip') | where Note has 'hi'` }) });
    expect(await rowsOf(rules[0]?.query ?? '')).toEqual([
      { 'User Principal Name': 'ada@x.example', tier: '1', Note: 'says "hi",\noften' },
    ]);
  });

  it('stand before the functions that ask for them', async () => {
    const functions = { 'functions/Vips.kql': "// who\n_GetWatchlist('vip')\n| where Missing == 1\n" };
    const { rules } = await load({ 'rules/a.yaml': ruleText({ query: 'Vips | take 1' }), ...functions });
    const [rule] = rules;
    if (!rule) throw new Error('no rule');
    expect(rule.query).toMatch(
      /^let _GetWatchlist_vip = [\s\S]*\];\nlet Vips = \(\) \{\n\/\/ who\n_GetWatchlist_vip\n/,
    );
    expect(rule.map.place(rule.query.indexOf('Missing'))).toEqual({
      file: '/set/functions/Vips.kql',
      line: 3,
      column: 9,
    });
    expect(rule.map.place(10)).toEqual({ file: '/set/lists/vip.csv', line: 1, column: 1 });
    expect(rule.map.place(rule.query.indexOf('take'))).toMatchObject({ line: 4, column: 15 });
  });

  it('leave the places of the query where they are, behind a call and on its line', async () => {
    const query = "DeviceEvents | where DeviceName in (_GetWatchlist('HostName-DCs')) | where Wrong == 1";
    const { rules } = await load({ 'rules/a.yaml': ruleText({ query: `"${query}"` }) });
    const analyst = createAnalyst({ form: 'in-process' });
    const { subjects, problems } = await prepareRules(rules, analyst);
    await analyst.close();
    expect(problems).toEqual([]);
    const [{ prepared, rule } = { prepared: null, rule: null }] = subjects;
    expect(prepared?.tables.map(({ table, role }) => `${table} ${role}`)).toEqual(['DeviceEvents driving']);
    const [finding] = prepared?.findings ?? [];
    expect(rule?.map.place(finding?.start ?? 0)).toMatchObject({ line: 4, column: query.indexOf('Wrong') + 9 });
  });

  it('that are not known stay, and refuse the rule with a way out', async () => {
    const { rules } = await load({
      'rules/a.yaml': ruleText({ query: "DeviceEvents | where A in (_GetWatchlist('VIP'))" }),
    });
    const analyst = createAnalyst({ form: 'in-process' });
    const { problems } = await prepareRules(rules, analyst);
    await analyst.close();
    expect(problems).toMatchObject([{ message: expect.stringContaining('watchlists: {alias: lists/alias.csv}') }]);
  });

  it('change the hash of the rules that ask for them, and of no other', async () => {
    const hashOf = async (query: string, csv: string) =>
      (await load({ 'rules/a.yaml': ruleText({ query: `"${query}"` }), 'lists/vip.csv': csv })).rules[0]?.hash;
    const asking = "_GetWatchlist('vip') | take 1";
    expect(await hashOf(asking, 'A\n1\n')).not.toBe(await hashOf(asking, 'A\n2\n'));
    expect(await hashOf('DeviceEvents', 'A\n1\n')).toBe(await hashOf('DeviceEvents', 'A\n2\n'));
  });

  it('with aliases that differ in signs alone have names of their own', async () => {
    const given = { 'a-b': '/set/lists/vip.csv', a_b: '/set/lists/dcs.csv' };
    const { watchlists } = await loadWatchlists(given, memoryFiles(FILES));
    expect([...watchlists.values()].map(({ name }) => name)).toEqual(['_GetWatchlist_a_b', '_GetWatchlist_a_b_2']);
  });
});

describe('what is no list', () => {
  it.each([
    ['nothing', '', 'null:null The list is empty: it needs a line with the names of its columns.'],
    ['an open quote', 'a\n"b', 'null:null The list has a quote that is not closed.'],
    ['a column without a name', 'a, ,b\n', '1:1 A column of the list has no name.'],
    ['a column twice', '\na,a\n', '2:1 The list has the column "a" twice.'],
    ['a row that is too short', 'a,b\n1,2\n\n3\n', '4:1 The row has 1 cell, the header 2.'],
    ['more columns than any list has', `${'a,'.repeat(200)}b`, '1:1 The list has more than 200 columns.'],
  ])('%s', async (_, text, expected) => {
    expect(await problemsOf(text)).toEqual([expected]);
  });

  it('what no query can hold, with the count', async () => {
    const [problem] = await problemsOf(`a\n${'0123456789\n'.repeat(12_000)}`);
    expect(problem).toBe('null:null The list makes 360043 characters of a query, which has at most 262144.');
  });

  it('a file that is not there is a fault of the configuration', async () => {
    const { problems } = await load({ 'rules/a.yaml': ruleText() }, { vip: '/set/none.csv' });
    expect(problems).toMatchObject([{ file: '/set/none.csv', message: 'There is no list "vip" here.' }]);
  });

  it('takes tabs where the file says so', async () => {
    expect(await problemsOf('a\tb\n1,5\t2\n', 'vip.tsv')).toEqual([]);
  });
});

describe('watchlistCalls', () => {
  it.each([
    [`_GetWatchlist('a')`, ['a']],
    [`_GetWatchlist(@"a b-c")`, ['a b-c']],
    [`_GetWatchlist ( h'a' )`, ['a']],
    [`let l = "a"; _GetWatchlist(l)`, ['a']],
    [`let l = "a"; let l = "b"; _GetWatchlist(l)`, [null]],
    [`let l = strcat("a"); _GetWatchlist(l)`, [null]],
    [`_GetWatchlist('a\\'b')`, [null]],
    [`_GetWatchlist('a', 1)`, [null]],
    [`_GetWatchlist()`, [null]],
    [`_GetWatchlist | take 1`, []],
    [`T | where a == "_GetWatchlist('a')" // _GetWatchlist('b')`, []],
    [`let _GetWatchlist = (a:string) { T }; _GetWatchlist('a')`, []],
  ])('%s', (query, expected) => {
    expect(watchlistCalls(query).map(({ alias }) => alias)).toEqual(expected);
  });
});
