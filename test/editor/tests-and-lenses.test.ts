import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CodeLensRequest,
  DidOpenTextDocumentNotification,
  ExecuteCommandRequest,
  type InlayHint,
  InlayHintRefreshRequest,
  InlayHintRequest,
} from 'vscode-languageserver-protocol/node';
import { type EditorClient, openEditor } from './editor-client.ts';

const RULE = `id: office-shell
name: Shell
severity: high
attack: [T1059.001]
schedule: {every: 15m}
query: |
  DeviceProcessEvents
  | where FileName =~ "powershell.exe"
alert: {title: "{{FileName}}"}
`;
const TESTS = `tests:
  - name: is told
    tables:
      DeviceProcessEvents:
        - {FileName: powershell.exe, DeviceName: pc1}
    alerts: [{title: powershell.exe}]
  - name: is not told
    tables:
      DeviceProcessEvents:
        - {FileName: cmd.exe, DeviceName: pc1}
    alerts: []
`;

let editor: EditorClient;
let refreshed: () => void = () => undefined;
let latest: readonly InlayHint[] = [];
beforeAll(async () => {
  editor = await openEditor({
    capabilities: { workspace: { inlayHint: { refreshSupport: true } } },
    initializationOptions: { showsResults: true },
  });
  editor.connection.onRequest(InlayHintRefreshRequest.type, () => refreshed());
});
afterAll(() => editor.end());

const ALL = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };

function shownOf(uri: string): Promise<readonly InlayHint[] | null> {
  return editor.connection.sendRequest(InlayHintRequest.type, { textDocument: { uri }, range: ALL });
}

/** Opens a text as editors do that begin to count versions anew. */
function open(uri: string, text: string): Promise<void> {
  const textDocument = { uri, languageId: 'yaml', version: 1, text };
  return editor.connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument });
}

/** The results that are shown beside the tests of a text, once they are there. */
async function hintsOf(uri: string, change: () => Promise<unknown>): Promise<readonly string[]> {
  const told = new Promise<void>((resolve) => {
    refreshed = resolve;
  });
  await change();
  await told;
  latest = (await shownOf(uri)) ?? [];
  return latest.map(({ position, label }: InlayHint) => `${position.line}: ${label}`);
}

describe('tests of a rule', () => {
  it('run while one types, and their results stand beside them', async () => {
    const uri = editor.uri('shell.yaml');
    const passing = await hintsOf(uri, () => editor.open('shell.yaml', RULE + TESTS));
    expect(passing).toEqual(['10: ✓ passes', '15: ✓ passes']);
    const failing = await hintsOf(uri, () =>
      editor.change('shell.yaml', (RULE + TESTS).replace('"powershell.exe"', '"pwsh.exe"')),
    );
    expect(failing[0]).toMatch(/^10: ✗ alerts/);
    expect(failing[1]).toBe('15: ✓ passes');
    expect(String(latest[0]?.tooltip)).toMatch(/where FileName =~ "pwsh.exe" {3}<- drops every row/);
  });

  it('go by the defaults of the folder where there is no configuration', async () => {
    editor.write('defaulted/defaults.yaml', 'details: {Who: DeviceName}\n');
    const tests = TESTS.replace('[{title: powershell.exe}]', '[{details: {Who: pc1}}]');
    const uri = editor.uri('defaulted/a.yaml');
    const hints = await hintsOf(uri, () => editor.open('defaulted/a.yaml', RULE.replace('office-shell', 'a') + tests));
    expect(hints[0]).toBe('10: ✓ passes');
  });

  it('stand in the file beside, too', async () => {
    editor.write('beside.yaml', RULE.replace('office-shell', 'beside'));
    const uri = editor.uri('beside.test.yaml');
    expect(await hintsOf(uri, () => editor.open('beside.test.yaml', TESTS))).toEqual(['1: ✓ passes', '6: ✓ passes']);
    await editor.open('beside.yaml', RULE.replace('office-shell', 'beside').replace('high', 'highest'));
    await editor.diagnostics('beside.yaml', (found) => found.some(({ code }) => code === 'RULE_INVALID'));
    // The rule does not load: what its tests said is true no more.
    expect(await shownOf(uri)).toEqual([]);
  });

  it('are none of a text that is opened again with another content, whatever its version', async () => {
    const uri = editor.uri('again.yaml');
    const text = RULE.replace('office-shell', 'again') + TESTS;
    expect(await hintsOf(uri, () => open(uri, text))).toHaveLength(2);
    await editor.close('again.yaml');
    await open(uri, `# Another line.\n${text}`);
    expect(await shownOf(uri)).toEqual([]);
  });
});

describe('lenses', () => {
  it('offer what can be done with a rule and with each test', async () => {
    const uri = await editor.open('lenses.yaml', RULE.replace('office-shell', 'lenses') + TESTS);
    const lenses = (await editor.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri } })) ?? [];
    expect(lenses.map(({ range, command }) => `${range.start.line}: ${command?.title}`)).toEqual([
      ...['0: run tests', '0: explain', '0: backtest'],
      ...['10: run test', '15: run test'],
    ]);
    const run = (title: string) => {
      const { command = '', arguments: given = [] } = lenses.find((one) => one.command?.title === title)?.command ?? {};
      return editor.connection.sendRequest(ExecuteCommandRequest.type, { command, arguments: given });
    };
    expect(await run('run tests')).toBe('2 passed, 0 failed.');
    expect(await run('run test')).toBe('1 passed, 0 failed.');
    expect(await run('explain')).toMatch(/^explain .*lenses\.yaml of/);
    expect(await run('backtest')).toMatch(/^backtest .*lenses\.yaml --from 7d of/);
  });

  it('name the file of a single rule, and the rule where a file holds several', async () => {
    const explain = (uri: string) =>
      editor.connection.sendRequest(ExecuteCommandRequest.type, {
        command: 'huntwire.explain',
        arguments: [uri, 'led-in'],
      });
    const one = RULE.replace('office-shell', 'led-in');
    expect(await explain(await editor.open('led-in.yaml', `# Ours.\n---\n${one}`))).toMatch(
      /^explain .*led-in\.yaml of/,
    );
    const two = `${one}---\n${one.replace('led-in', 'second')}`;
    expect(await explain(await editor.open('both.yaml', two))).toMatch(/^explain led-in of/);
  });

  it('are none in other files, and commands refuse what is not open', async () => {
    const uri = await editor.open('compose.yaml', 'services: {}\n');
    expect(await editor.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri } })).toEqual([]);
    const command = { command: 'huntwire.explain', arguments: ['file:///nowhere.yaml'] };
    await expect(editor.connection.sendRequest(ExecuteCommandRequest.type, command)).rejects.toThrow('open');
  });
});
