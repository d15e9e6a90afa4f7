import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CodeActionRequest,
  type CompletionItem,
  CompletionRequest,
  DocumentFormattingRequest,
  FoldingRangeRequest,
  type Hover,
  HoverRequest,
  PrepareRenameRequest,
  RenameRequest,
  SemanticTokensRequest,
  type TextEdit,
} from 'vscode-languageserver-protocol/node';
import { cursorIn, type EditorClient, openEditor, textIn } from './editor-client.ts';

const HEAD = 'id: office-shell\nname: Shell\nseverity: high\nattack: [T1059.001]\nschedule: {every: 15m}\n';
const QUERY =
  'query: |\n  DeviceProcessEvents\n  | where FileName =~ "powershell.exe"\n  | project Timestamp, DeviceId, ReportId, DeviceName, Shell = FileName\n';

let editor: EditorClient;
let files = 0;
beforeAll(async () => {
  editor = await openEditor({
    capabilities: { textDocument: { completion: { completionItem: { snippetSupport: true } } } },
  });
});
afterAll(() => editor.end());

/** Opens a text with a cursor, once it has been looked at where that is asked. */
async function opened(marked: string, { name = 'rule', looked = false } = {}) {
  const { text, at } = cursorIn(marked);
  files += 1;
  const file = `${name}-${files}.yaml`;
  const uri = await editor.open(file, text);
  if (looked) await editor.diagnostics(file);
  return { text, place: { textDocument: { uri }, position: at }, file, uri };
}

async function offered(marked: string, options = {}): Promise<readonly CompletionItem[]> {
  const { place } = await opened(marked, options);
  return ((await editor.connection.sendRequest(CompletionRequest.type, place)) ?? []) as readonly CompletionItem[];
}

const labels = (items: readonly CompletionItem[]): readonly string[] => items.map(({ label }) => label);

/** What a text becomes with an item chosen. */
async function chosen(marked: string, label: string, options = {}): Promise<string> {
  const item = (await offered(marked, options)).find((one) => one.label === label);
  return edited(cursorIn(marked).text, item?.textEdit ? [item.textEdit as TextEdit] : []);
}

function edited(text: string, edits: readonly TextEdit[]): string {
  const offset = ({ line, character }: { line: number; character: number }): number =>
    text.split('\n').slice(0, line).join('\n').length + (line > 0 ? 1 : 0) + character;
  return [...edits]
    .sort((a, b) => offset(b.range.start) - offset(a.range.start))
    .reduce(
      (made, { range, newText }) => made.slice(0, offset(range.start)) + newText + made.slice(offset(range.end)),
      text,
    );
}

describe('completion in a query', () => {
  it('offers tables at its beginning', async () => {
    const items = await offered(`${HEAD}query: |\n  Device«|»\n`);
    expect(labels(items)).toEqual(expect.arrayContaining(['DeviceProcessEvents', 'EmailEvents']));
    expect(items.find(({ label }) => label === 'EmailEvents')?.documentation).toMatch(/^Mail/);
  });

  it('offers the columns of this point of the pipe', async () => {
    const items = labels(
      await offered(`${HEAD}query: |\n  DeviceEvents\n  | project Mine = FileName\n  | where «|»\n`),
    );
    expect(items).toContain('Mine');
    expect(items).not.toContain('FileName');
  });

  it.each([
    ['a block', 'query: |\n  DeviceEvents\n  | where File«|»\n', 'query: |\n  DeviceEvents\n  | where FileName\n'],
    [
      'a folded block',
      'query: >\n  DeviceEvents\n  | where File«|»\n',
      'query: >\n  DeviceEvents\n  | where FileName\n',
    ],
    [
      'quotes',
      'query: "DeviceEvents | where File«|» == \\"a\\""\n',
      'query: "DeviceEvents | where FileName == \\"a\\""\n',
    ],
    ['one line', 'query: DeviceEvents | where File«|»\n', 'query: DeviceEvents | where FileName\n'],
    [
      'Windows line ends',
      'query: |\r\n  DeviceEvents\r\n  | where File«|»\r\n',
      'query: |\r\n  DeviceEvents\r\n  | where FileName\r\n',
    ],
  ])('puts in what is chosen where it belongs in %s', async (_, query, after) => {
    expect(await chosen(HEAD + query, 'FileName')).toBe(HEAD + after);
  });

  it('offers operators behind a pipe, with a sentence', async () => {
    const items = await offered(`${HEAD}query: |\n  DeviceEvents | «|»\n`);
    expect(items.find(({ label }) => label === 'summarize')?.documentation).toBe('Makes one row of each group.');
  });

  it('offers functions, with the cursor between their parentheses, and a sentence', async () => {
    const items = await offered(`${HEAD}query: |\n  DeviceEvents\n  | where strl«|»\n`);
    const item = items.find(({ label }) => label.startsWith('strlen'));
    expect([item?.insertTextFormat, (item?.textEdit as TextEdit)?.newText]).toEqual([2, 'strlen($0)']);
    expect(item?.documentation).toBe('How many characters a text has.');
  });

  it('offers in a text what its column may hold', async () => {
    const query = 'query: |\n  DeviceLogonEvents\n  | where ActionType in ("LogonFailed", "«|»")\n';
    expect(labels(await offered(HEAD + query))).toEqual(
      expect.arrayContaining(['LogonAttempted', 'LogonFailed', 'LogonSuccess']),
    );
    const before = `${HEAD}query: |\n  DeviceRegistryEvents | where ActionType == "Reg«|»"\n`;
    expect(await chosen(before, 'RegistryValueSet')).toContain('ActionType == "RegistryValueSet"\n');
  });

  it('offers values behind operators that tell letter case apart', async () => {
    const query =
      'query: |\n  DeviceLogonEvents\n  | where ActionType startswith_cs "«|»" or ActionType hasprefix_cs ""\n';
    expect(labels(await offered(HEAD + query))).toContain('LogonFailed');
    const other =
      'query: |\n  DeviceLogonEvents\n  | where ActionType endswith_cs "" or ActionType hasprefix_cs "«|»"\n';
    expect(labels(await offered(HEAD + other))).toContain('LogonFailed');
  });

  it('works in files of KQL and in rules of other products', async () => {
    const { text, at } = cursorIn('DeviceEvents | where File«|»');
    const uri = await editor.open('bare.kql', text);
    const place = { textDocument: { uri }, position: at };
    expect(labels((await editor.connection.sendRequest(CompletionRequest.type, place)) as CompletionItem[])).toContain(
      'FileName',
    );
    const sentinel =
      'id: 5b6ae038-f66e-4f74-9315-df52fd492be4\nname: x\nkind: Scheduled\nqueryFrequency: 1h\nquery: |\n  DeviceEvents | where File«|»\n';
    expect(labels(await offered(sentinel))).toContain('FileName');
  });
});

describe('completion in a rule', () => {
  it.each([
    [
      'keys that are not there yet, those first that must be',
      `${HEAD}${QUERY}al«|»\n`,
      ['alert', 'threshold'],
      ['severity', 'query'],
    ],
    ['keys of maps', `${HEAD}${QUERY}alert:\n  «|»\n`, ['title', 'dedup'], ['severity']],
    ['keys within braces', `id: x\nschedule: {«|»}\n${QUERY}`, ['every', 'cron'], []],
    ['keys of items', `${HEAD}${QUERY}tests:\n  - name: one\n    «|»\n`, ['alerts', 'tables'], ['name']],
    ['words of enumerations', `id: x\nseverity: «|»\n${QUERY}`, ['informational', 'critical'], []],
    ['words in lists of braces', `${HEAD}${QUERY}alert:\n  entities:\n    - {type: «|»}\n`, ['host', 'account'], []],
    ['techniques', `id: x\nattack: [T1059.001, «|»]\n${QUERY}`, ['T1204.002', 'TA0002'], []],
    ['techniques in lines', `id: x\nattack:\n  - «|»\n${QUERY}`, ['T1204.002'], []],
    [
      'tables of a test',
      `${HEAD}${QUERY}tests:\n  - name: a\n    tables:\n      Dev«|»\n`,
      ['DeviceProcessEvents'],
      [],
    ],
    [
      'columns of a row of a test',
      `${HEAD}${QUERY}tests:\n  - name: a\n    tables:\n      DeviceEvents:\n        - {FileName: x, «|»}\n`,
      ['DeviceName'],
      ['FileName'],
    ],
    [
      'values of a row of a test',
      `${HEAD}${QUERY}tests:\n  - name: a\n    tables:\n      DeviceLogonEvents:\n        - {LogonType: «|»}\n`,
      ['Interactive', 'Network'],
      ['ProcessCreated'],
    ],
  ])('offers %s', async (_, marked, wanted, unwanted) => {
    const items = labels(await offered(marked));
    expect(items).toEqual(expect.arrayContaining(wanted));
    for (const one of unwanted) expect(items).not.toContain(one);
  });

  it('says what a key is for', async () => {
    const items = await offered(`${HEAD}${QUERY}«|»\n`);
    expect(items.find(({ label }) => label === 'exceptions')?.documentation).toMatch(/^Rows to drop/);
  });

  it.each([
    ['entities', 'alert:\n  entities:\n    - {type: host, name: «|»}\n'],
    ['a title', 'alert:\n  title: "x on {{Dev«|»"\n'],
    ['a description', 'alert:\n  description: "x on {{«|»"\n'],
    ['what is redacted', 'redact: {columns: [«|»]}\n'],
    ['dedup', 'alert:\n  dedup: {columns: [«|»]}\n'],
    ['groups', 'threshold:\n  groupBy:\n    - «|»\n'],
    ['a threshold', 'threshold: {measure: distinct, column: «|»}\n'],
    ['details', 'alert:\n  details: {Name: «|»}\n'],
    ['exceptions', 'exceptions:\n  - where: {«|»}\n'],
  ])('offers the columns of the result in %s', async (_, part) => {
    // While something is written the file may be none: what the query gave before is known.
    const { file, place } = await opened(`${HEAD}${QUERY}«|»`, { looked: true });
    const { text, at } = cursorIn(`${HEAD}${QUERY}${part}`);
    await editor.change(file, text);
    const found = await editor.connection.sendRequest(CompletionRequest.type, { ...place, position: at });
    expect(labels(found as CompletionItem[])).toEqual(['Timestamp', 'DeviceId', 'ReportId', 'DeviceName', 'Shell']);
  });

  it('closes the braces of a title', async () => {
    const { file, place } = await opened(`${HEAD}${QUERY}«|»`, { looked: true });
    const { text, at } = cursorIn(`${HEAD}${QUERY}alert:\n  title: "on {{Dev«|»"\n`);
    await editor.change(file, text);
    const found = await editor.connection.sendRequest(CompletionRequest.type, { ...place, position: at });
    const item = (found as CompletionItem[]).find(({ label }) => label === 'DeviceName');
    expect(edited(text, [item?.textEdit as TextEdit])).toContain('"on {{DeviceName}}"');
  });

  it.each([
    ['comments', `${HEAD}# sev«|»\n`],
    ['texts of several lines', `${HEAD}description: |\n  sev«|»\n`],
    ['files that are none of ours', 'services:\n  web:\n    «|»\n'],
  ])('offers nothing in %s', async (_, marked) => {
    expect(await offered(marked)).toEqual([]);
  });
});

describe('hover', () => {
  const shown = async (marked: string): Promise<string> => {
    const { place } = await opened(marked);
    const hover = (await editor.connection.sendRequest(HoverRequest.type, place)) as Hover | null;
    return hover ? (hover.contents as { readonly value: string }).value : '';
  };

  it('tells of tables, columns and functions of a query', async () => {
    expect(await shown(`${HEAD}query: |\n  Device«|»Events\n`)).toContain('Many kinds of events of a device');
    expect(await shown(`${HEAD}query: |\n  DeviceEvents | where File«|»Name == ""\n`)).toMatch(
      /FileName: string[\s\S]*without its folder/,
    );
    expect(await shown(`${HEAD}query: |\n  DeviceEvents | where str«|»len(FileName) > 1\n`)).toMatch(
      /strlen\(string\): long[\s\S]*How many characters/,
    );
  });

  it('tells of operators, and what a column may hold', async () => {
    const shownOperator = await shown(`${HEAD}query: |\n  DeviceEvents | summ«|»arize count()\n`);
    expect(shownOperator).toMatch(/summarize[\s\S]*one row of each group/);
    const { place } = await opened(`${HEAD}query: |\n  UrlClickEvents | where Action«|»Type != ""\n`, { looked: true });
    const hover = (await editor.connection.sendRequest(HoverRequest.type, place)) as Hover;
    const { value } = hover.contents as { readonly value: string };
    expect(value).toContain('Among its values: ClickAllowed, ClickBlocked');
    const broken = HEAD.replace('high', 'highest');
    expect(await shown(`${broken}query: |\n  UrlClickEvents | where Action«|»Type != ""\n`)).toContain(
      'values: ClickAllowed',
    );
  });

  it('tells of keys and techniques', async () => {
    expect(await shown(`${HEAD}${QUERY}alert:\n  sup«|»press: 4h\n`)).toContain('Quiet time of a dedup key');
    expect(await shown('id: x\nseve«|»rity: high\nquery: x\n')).toContain('One of: informational, low');
    expect(await shown('id: x\nquery: x\nattack: [T1059«|».001]\n')).toBe('PowerShell');
  });
});

describe('the query', () => {
  it('is formatted where it stands, and nothing else', async () => {
    const marked = `${HEAD}query: |\n  DeviceEvents|where FileName=="a" // why\n   | project   DeviceName\nalert: {title: x}\n«|»`;
    const { place, text } = await opened(marked);
    const options = { tabSize: 2, insertSpaces: true };
    const edits = await editor.connection.sendRequest(DocumentFormattingRequest.type, {
      textDocument: place.textDocument,
      options,
    });
    const after = edited(text, edits ?? []);
    expect(after).toContain(
      'query: |\n  DeviceEvents\n  | where FileName == "a" // why\n  | project DeviceName\nalert: {title: x}\n',
    );
  });

  it('is formatted and renamed in a file of KQL', async () => {
    const uri = await editor.open('format.kql', 'let most=5;\nDeviceEvents|take most');
    const textDocument = { uri };
    const options = { tabSize: 2, insertSpaces: true };
    const edits = await editor.connection.sendRequest(DocumentFormattingRequest.type, { textDocument, options });
    expect(edits?.map(({ newText }) => newText)).toEqual(['let most = 5;\nDeviceEvents | take most']);
    const position = { line: 0, character: 5 };
    const renaming = { textDocument, position, newName: 'all' };
    expect((await editor.connection.sendRequest(RenameRequest.type, renaming))?.changes?.[uri]).toHaveLength(2);
  });

  it('is left as it is where YAML joins its lines', async () => {
    const { place } = await opened(`${HEAD}query: >\n  DeviceEvents|where FileName=="a"\n«|»`);
    const options = { tabSize: 2, insertSpaces: true };
    expect(
      await editor.connection.sendRequest(DocumentFormattingRequest.type, {
        textDocument: place.textDocument,
        options,
      }),
    ).toEqual([]);
  });

  it('has names of let renamed, with all their uses', async () => {
    const marked = `${HEAD}query: |\n  let limit = 5;\n  DeviceEvents | where strlen(FileName) > lim«|»it // limit\n`;
    const { place, text, uri } = await opened(marked);
    const range = await editor.connection.sendRequest(PrepareRenameRequest.type, place);
    expect(textIn(text, { range } as never)).toBe('limit');
    const { changes = {} } =
      (await editor.connection.sendRequest(RenameRequest.type, { ...place, newName: 'most' })) ?? {};
    const after = edited(text, changes[uri] ?? []);
    expect(after).toContain('let most = 5;\n  DeviceEvents | where strlen(FileName) > most // limit\n');
  });

  it.each([
    ['a name that stands there', 'FileName'],
    ['what is no name', '5 x'],
  ])('refuses %s as a new name', async (_, newName) => {
    const { place } = await opened(
      `${HEAD}query: |\n  let lim«|»it = 5;\n  DeviceEvents | where strlen(FileName) > limit\n`,
    );
    await expect(editor.connection.sendRequest(RenameRequest.type, { ...place, newName })).rejects.toThrow(newName);
  });

  it('has columns that are not renamed', async () => {
    const { place } = await opened(`${HEAD}query: |\n  DeviceEvents | where File«|»Name == ""\n`);
    expect(await editor.connection.sendRequest(PrepareRenameRequest.type, place)).toBeNull();
  });

  it('has its words told apart', async () => {
    const { place, text } = await opened(`${HEAD}query: |\n  DeviceEvents // all\n  | where FileName == "a"\n«|»`);
    const { data = [] } =
      (await editor.connection.sendRequest(SemanticTokensRequest.type, { textDocument: place.textDocument })) ?? {};
    const lines = text.split('\n');
    let [line, character] = [0, 0];
    const words: string[] = [];
    for (let at = 0; at < data.length; at += 5) {
      const [down = 0, right = 0, length = 0, kind = 0] = data.slice(at, at + 4);
      [line, character] = [line + down, down > 0 ? right : character + right];
      words.push(`${kind} ${lines[line]?.slice(character, character + length)}`);
    }
    expect(words).toEqual(['5 DeviceEvents', '0 // all', '10 where', '4 FileName', '9 ==', '2 "a"']);
  });

  it('can be folded, as other parts of the file', async () => {
    const { place } = await opened(
      `${HEAD}query: |\n  DeviceEvents\n  | where FileName == "a"\nalert:\n  title: x\n«|»`,
    );
    const folds = await editor.connection.sendRequest(FoldingRangeRequest.type, { textDocument: place.textDocument });
    expect(folds?.map(({ startLine, endLine }) => [startLine, endLine])).toEqual(
      expect.arrayContaining([
        [5, 7],
        [8, 9],
      ]),
    );
  });
});

describe('findings', () => {
  const actionsAt = async (marked: string) => {
    const { place, text, uri } = await opened(marked, { looked: true });
    const range = { start: place.position, end: place.position };
    const context = { diagnostics: [] };
    const found = await editor.connection.sendRequest(CodeActionRequest.type, {
      textDocument: place.textDocument,
      range,
      context,
    });
    return (found ?? []).map((one) => ({
      title: one.title,
      after: edited(text, ('edit' in one && one.edit?.changes?.[uri]) || []),
    }));
  };

  it('are mended', async () => {
    const actions = await actionsAt(`${HEAD}query: |\n  DeviceEvents\n  | where file«|»name == "a"\n`);
    expect(actions[0]?.title).toBe('Write "FileName" (name-letter-case)');
    expect(actions[0]?.after).toContain('| where FileName == "a"');
  });

  it.each([
    ['columns', `${HEAD}query: |\n  DeviceEvents | where FilN«|»ame == "a"\n`, 'FileName', '| where FileName =='],
    [
      'tables',
      `${HEAD}query: |\n  DeviceProces«|»Events | take 5\n`,
      'DeviceProcessEvents',
      '\n  DeviceProcessEvents |',
    ],
    [
      'functions',
      `${HEAD}query: |\n  DeviceEvents | where tolw«|»er(FileName) == "a"\n`,
      'tolower',
      'tolower(FileName)',
    ],
    ['operators', `${HEAD}query: |\n  DeviceEvents | exten«|»dd A = 1\n`, 'extend', '| extend A'],
    ['keys', `${HEAD}${QUERY}thresh«|»hold: "> 0"\n`, 'threshold', '\nthreshold: '],
    ['words', `id: x\nname: x\nseverity: "h«|»ig"\n${QUERY}`, 'high', 'severity: "high"\n'],
    [
      'columns of a title',
      `${HEAD}${QUERY}alert: {title: "on {{DevceN«|»ame}}"}\n`,
      'DeviceName',
      '"on {{DeviceName}}"',
    ],
    [
      'columns of entities',
      `${HEAD}${QUERY}alert:\n  entities: [{type: host, name: DevceN«|»ame}]\n`,
      'DeviceName',
      'name: DeviceName}',
    ],
    ['columns of dedup', `${HEAD}${QUERY}alert:\n  dedup: {columns: [DeviceI«|»]}\n`, 'DeviceId', '[DeviceId]'],
  ])('offer what was meant by %s', async (_, marked, meant, after) => {
    const actions = await actionsAt(marked);
    const action = actions.find(({ title }) => title === `Write "${meant}"`);
    expect([actions.map(({ title }) => title), action?.after]).toEqual([
      expect.arrayContaining([`Write "${meant}"`]),
      expect.stringContaining(after),
    ]);
  });

  it('are switched off in the query, and beside it', async () => {
    const query = 'query: |\n  DeviceProcessEvents\n  | where FileName =«|»= "powershell.exe"\n';
    const inQuery = (await actionsAt(HEAD + query)).find(({ title }) => title === 'Switch "name-case" off here');
    expect(inQuery?.after).toContain('Events\n  // huntwire-disable name-case: say why\n  | where');
    const beside = (await actionsAt(`${HEAD}que«|»ry: |\n  DeviceProcessEvents\n`)).find(({ title }) =>
      title.includes('off here'),
    );
    expect(beside?.after ?? '').not.toContain('//');
  });
});
