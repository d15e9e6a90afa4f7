import { describe, expect, it } from '@jest/globals';
import { loadLibrary } from '../../../src/rules/functions/load-functions.ts';
import { readRulesOfText } from '../../../src/rules/read-text.ts';
import { memoryFiles } from '../overlays/overlay-folder.ts';
import { libraryOf, refusalsOf } from './library-of.ts';

const PARSER = `id: 1
Parser: {Title: DNS, Version: '0.1'}
ParserName: vimDnsX
EquivalentBuiltInParser: _Im_Dns_X
ParserParams:
  - {Name: starttime, Type: datetime, Default: datetime(null)}
  - {Name: list, Type: dynamic, Default: 'dynamic([])'}
  - Name: text
    Type: string
    Default: '*'
  - {Name: quoted, Type: string, Default: '"a"'}
  - {Name: off, Type: bool, Default: false}
  - {Name: T, Type: 'table:(*)'}
  - {Name: rows, Type: '(a:string)'}
  - {Name: 'times:(At:datetime)', Type: table}
  - {Name: needed, Type: long}
ParserQuery: |
  let parser = (x:string) { DeviceEvents | where ActionType == x };
  parser(text);
  // the end
`;

describe('functions in YAML', () => {
  it('are there under all their names, with their parameters', async () => {
    const { library, refusals } = await libraryOf({ 'a.yaml': PARSER });
    expect(refusals).toEqual([]);
    expect([...library.functions.keys()]).toEqual(['vimDnsX', '_Im_Dns_X']);
    expect(library.functions.get('_Im_Dns_X')).toMatchObject({
      file: '/set/functions/a.yaml',
      parameters:
        '(starttime:datetime=datetime(null), list:dynamic=dynamic([]), text:string="*", quoted:string="a", off:bool=false, T:(*), rows:(a:string), times:(At:datetime), needed:long)',
      body: 'let parser = (x:string) { DeviceEvents | where ActionType == x };\nparser(text)',
    });
  });

  it('may say "query" beside an alias, and are no rules in a rules folder', async () => {
    const text =
      'id: UnifiedSignIns\nname: Sign-ins\nfunctionAlias: UnifiedSignIns\nquery: union SigninLogs, OtherLogs\n';
    const { library, refusals } = await libraryOf({ 'a.yaml': text });
    expect(refusals).toEqual([]);
    expect(library.functions.get('UnifiedSignIns')?.body).toBe('union SigninLogs, OtherLogs');
    const { refused, found } = readRulesOfText('a.yaml', text);
    expect([refused, found.map(({ problems }) => problems)]).toEqual([null, [[]]]);
  });

  it('keep the places of what they say', async () => {
    const { library } = await libraryOf({ 'a.yaml': PARSER });
    const one = library.functions.get('vimDnsX');
    expect(one?.place(one.body.indexOf('ActionType'))).toMatchObject({ line: 18, column: 50 });
  });

  it('need a name, an alias will do, a query, and parameters that are some', async () => {
    expect(
      (await libraryOf({ 'a.yaml': 'FunctionName: Cisco Duo\nFunctionAlias: CiscoDuo\nFunctionQuery: Syslog' })).library
        .functions.size,
    ).toBe(1);
    expect(
      await refusalsOf({
        'a.yaml': 'FunctionName: Cisco Duo\nFunctionQuery: Syslog\n',
        'b.yaml': 'FunctionName: b\nFunctionQuery: " // nothing"\n',
        'c.yaml': 'FunctionName: c\nFunctionParams:\n  - {Name: "a b", Type: strin}\nFunctionQuery: Syslog\n',
        'd.yaml': 'FunctionName: d\nFunctionQuery: >\n  Syslog // all\n  | where a == 1\n',
        'e.yaml': 'FunctionName: [\nFunctionQuery: Syslog\n',
      }),
    ).toEqual([
      'a.yaml:1:1 The function has no name: give FunctionName or FunctionAlias.',
      'b.yaml:2:16 "FunctionQuery" holds no query.',
      'c.yaml:3:12 The parameter "a b" is no name.',
      'c.yaml:3:25 "strin" is no type of a parameter: string, bool, int, long, real, decimal, datetime, timespan, dynamic, guid or table.',
      'd.yaml:2:16 A comment takes in the next line, because YAML joins the lines: write "|".',
      expect.stringMatching(/^e\.yaml:/),
    ]);
  });

  it('leave other YAML alone, broken or not', async () => {
    expect(await refusalsOf({ 'a.yaml': 'name: a workflow\n', 'b.yaml': '{{ broken', 'c.yml': '' })).toEqual([]);
  });
});

describe('functions in ARM templates', () => {
  const search = (properties: object, type = 'Microsoft.OperationalInsights/workspaces/savedSearches'): object => ({
    type,
    name: 'x',
    properties: { category: 'Function', displayName: 'X', version: 2, ...properties },
  });
  const template = (...resources: readonly object[]): string =>
    JSON.stringify({
      $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
      parameters: { table: { type: 'string', defaultValue: 'DeviceEvents' } },
      resources,
    });

  it('are saved searches with an alias, nested ones and those of the older form too', async () => {
    const { library, refusals } = await libraryOf({
      'a.json': template(
        search({
          functionAlias: 'Odd',
          functionParameters: 'who:string, days:int=7',
          query: 'DeviceEvents\n| where A == who;',
        }),
        {
          type: 'Microsoft.OperationalInsights/workspaces',
          resources: [
            search({ functionAlias: 'Inner', query: "[concat(parameters('table'), ' | take 1')]" }, 'savedSearches'),
          ],
        },
        search({ category: 'Hunting Queries', query: 'DeviceInfo' }),
      ),
      'b.json': '{"dependencies": {}}',
      'c.json': '{ broken',
    });
    expect(refusals).toEqual([]);
    expect([...library.functions.values()]).toMatchObject([
      { name: 'Odd', parameters: '(who:string, days:int=7)', body: 'DeviceEvents\n| where A == who' },
      { name: 'Inner', parameters: '()', body: 'DeviceEvents | take 1' },
    ]);
  });

  it('are left out and told where they have no name or query, or the file is broken', async () => {
    const told = await refusalsOf({
      'a.json': template(
        search({ functionAlias: 'a b', query: 'T' }),
        search({ functionAlias: 'A', query: ' // none' }),
      ),
      'b.json': '{"functionAlias": ',
    });
    expect(told.map((one) => one.replace(/:\d+:\d+/, ''))).toEqual([
      'a.json "a b" is no name of a function.',
      'a.json "query" holds no query.',
      expect.stringMatching(/^b\.json /),
    ]);
  });
});

describe('functions in KQL', () => {
  it('a file is a function of its name', async () => {
    const { library } = await libraryOf({ 'Vips.kql': '\uFEFF// all of them\nDeviceInfo\n| where x == 1;\n' });
    const one = library.functions.get('Vips');
    expect(one).toMatchObject({ parameters: '()', body: '// all of them\nDeviceInfo\n| where x == 1' });
    expect(one?.place(one.body.indexOf('where'))).toEqual({ line: 3, column: 3 });
  });

  it('lets are functions each', async () => {
    const { library } = await libraryOf({
      'a.csl': '// two\nlet A = (x: string, y: dynamic = dynamic({"a": 1})) {\n  B(x) };\nlet B = view () { T };\n',
    });
    expect(library.functions.get('A')).toMatchObject({ parameters: '(x: string, y: dynamic = dynamic({"a": 1}))' });
    expect(library.functions.get('B')).toMatchObject({ parameters: 'view ()', body: ' T' });
    const one = library.functions.get('A');
    expect(one?.place(one.body.indexOf('B('))).toEqual({ line: 3, column: 3 });
    expect(one?.head).toEqual({ line: 2, column: 5 });
  });

  it('Kusto writes them out with a command', async () => {
    const text =
      '.create-or-alter function with (docstring = "a (b)", folder = "x") Find(days: long) {\n  T | where d > ago(days * 1d)\n}\n';
    const { library } = await libraryOf({ 'x-y.kql': text });
    expect(library.functions.get('Find')).toMatchObject({ parameters: '(days: long)' });
  });

  it('what is none is told with its place', async () => {
    expect(
      await refusalsOf({
        'a b.kql': 'T | take 1',
        'b.kql': 'let a = () { T };\nlet x = 5;\n',
        'c.kql': '// nothing\n',
        'd.kql': '.create function Broken(',
        'e.kql': '\nlet ;',
      }),
    ).toEqual(
      [
        'a b.kql:1:1 "a b" is no name of a function: rename the file, or write let Name = (…) { … };',
        'b.kql:2:5 This is no function: its name, parameters in brackets and body in braces.',
        'c.kql:null:null The file holds no function.',
        'd.kql:1:18 This is no function: its name, parameters in brackets and body in braces.',
        'e.kql:2:1 This is no function: write let Name = (…) { … };',
      ].map((text) => text.replace('null:null', '1:1')),
    );
  });
});

describe('the library', () => {
  it('tells names that two files give, and keeps the first', async () => {
    const { library, refusals } = await libraryOf({ 'a/F.kql': 'T', 'b/F.kql': 'U' });
    expect(library.functions.get('F')?.body).toBe('T');
    expect(refusals).toMatchObject([
      { file: '/set/functions/b/F.kql', line: 1, message: expect.stringContaining('a/F.kql') },
    ]);
  });

  it('tells circles, and leaves out those in them alone', async () => {
    const files = {
      'A.kql': 'B | where 1 == 1',
      'B.kql': 'union C, D',
      'C.kql': 'A',
      'D.kql': 'T',
      'E.kql': 'E',
      'F.kql': 'A',
    };
    expect(await refusalsOf(files)).toEqual([
      'A.kql:1:1 Functions use each other in a circle: A → B → C → A.',
      'B.kql:1:1 Functions use each other in a circle: B → C → A → B.',
      'C.kql:1:1 Functions use each other in a circle: C → A → B → C.',
      'E.kql:1:1 Functions use each other in a circle: E → E.',
    ]);
    expect([...(await libraryOf(files)).library.functions.keys()]).toEqual(['D', 'F']);
  });

  it('a path that leads nowhere is a fault of the configuration', async () => {
    const { problems, refusals } = await loadLibrary(
      { functions: ['/set/none', '/set/a.kql'] },
      memoryFiles({ 'a.kql': 'T' }),
    );
    expect(problems).toMatchObject([{ file: '/set/none', message: 'There is no such file or folder.' }]);
    expect(refusals).toEqual([]);
  });

  it('stays within its limits', async () => {
    const many = Array.from({ length: 5002 }, (_, at) => `let F${at} = () { T };`).join('\n');
    const { library, refusals } = await libraryOf({ 'many.kql': many });
    expect(library.functions.size).toBe(5000);
    expect(refusals).toMatchObject([{ message: expect.stringContaining('left out') }]);
    const long = `T | where a == "${'x'.repeat(300_000)}"`;
    expect(await refusalsOf({ 'L.kql': long })).toEqual([
      'L.kql:null:null The function "L" is longer than 262144 characters.',
    ]);
    expect(await refusalsOf({ 'L.kql': long.repeat(5) })).toEqual([
      'L.kql:null:null The file is longer than 1048576 characters.',
    ]);
  });

  it('a file of anything is told or read', async () => {
    const binary = {
      ...memoryFiles({}),
      kind: async () => 'file' as const,
      read: async () => new Uint8Array([0xff, 0, 1]),
    };
    const { refusals } = await loadLibrary({ functions: ['/set/a.kql'] }, binary);
    expect(refusals).toMatchObject([{ file: '/set/a.kql', message: expect.stringContaining('UTF-8') }]);
  });
});
