import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cursorIn } from '../editor/editor-client.ts';
import { createEditorStub, type EditorStub } from '../editor/vscode-stub.ts';

const root = join(import.meta.dirname, '../..');
const load = createRequire(join(root, 'editors/vscode/client.js'));
const { startClient } = load('./client.js') as {
  readonly startClient: (vscode: object, output: object) => Promise<{ stop(): Promise<void> }>;
};

const TEXT = `id: office-shell
name: Shell
severity: high
schedule: {every: 15m}
query: |
  let shells = dynamic(["powershell.exe"]);
  DeviceProcessEvents
  | where FileName in~ (shells) and FilNam != ""
  | project Timestamp,DeviceId, ReportId, DeviceName
alert: {title: x}
tests:
  - name: is not told
    rows: []
    alerts: []
`;

const folder = mkdtempSync(join(tmpdir(), 'huntwire-extension-'));
const file = join(folder, 'rule.yaml');
const uri = pathToFileURL(file).href;
const token = { onCancellationRequested: () => undefined };
const document = { uri: { toString: () => uri } };

/** The extension as it is packed, the program as it is built, a process between them: each thing that the server can do, once. */
describe('the extension with the program', () => {
  let editor: EditorStub;
  let client: { stop(): Promise<void> };
  beforeAll(async () => {
    const program = join(folder, 'huntwire');
    writeFileSync(
      program,
      `#!/bin/sh\nexec "${process.execPath}" --no-warnings "${join(root, 'dist/main.js')}" "$@"\n`,
    );
    chmodSync(program, 0o755);
    writeFileSync(file, TEXT);
    editor = createEditorStub({ folder, uri, text: TEXT, program });
    client = await startClient(editor.vscode, { append: () => undefined, appendLine: () => undefined });
  });
  afterAll(async () => {
    await client.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = (provider: string, method: string, ...given: readonly unknown[]): Promise<unknown> =>
    Promise.resolve(editor.providers.get(provider)?.[method]?.(document, ...given));
  /** Where a cursor stands that is written into a line of the text. */
  const at = (line: string) => cursorIn(TEXT.replace(line.replace('«|»', ''), line)).at;
  const json = async (answer: Promise<unknown>): Promise<string> => JSON.stringify(await answer);

  it('shows what is found in a text, and mends it', async () => {
    const found = await editor.found((some) => some.some(({ code }) => code === 'column-unknown'));
    const { range } = found.find(({ code }) => code === 'column-unknown') ?? {};
    expect(range).toEqual({ start: { line: 7, character: 36 }, end: { line: 7, character: 42 } });
    expect(await json(ask('CodeActions', 'provideCodeActions', range, {}, token))).toContain('Write \\"FileName\\"');
  });

  it('offers and tells what stands at a cursor', async () => {
    const complete = (line: string) => json(ask('CompletionItem', 'provideCompletionItems', at(line), token));
    expect(await complete('| where File«|»Name in~')).toContain('"label":"FileName"');
    expect(await complete('al«|»ert: {title: x}')).toContain('"label":"threshold"');
    expect(await json(ask('Hover', 'provideHover', at('DeviceProcess«|»Events'), token))).toContain(
      'Processes that start',
    );
  });

  it('formats, renames, folds and colors', async () => {
    expect(await json(ask('DocumentFormatting', 'provideDocumentFormattingEdits', {}, token))).toContain(
      'project Timestamp, DeviceId, ReportId, DeviceName',
    );
    expect(await ask('Rename', 'prepareRename', at('let she«|»lls'), token)).toMatchObject({ start: { line: 5 } });
    const edit = (await ask('Rename', 'provideRenameEdits', at('let she«|»lls'), 'all', token)) as Map<
      string,
      object[]
    >;
    expect(edit.get(uri)).toHaveLength(2);
    await expect(ask('Rename', 'prepareRename', at('na«|»me: Shell'), token)).rejects.toThrow('Only names');
    expect(await json(ask('FoldingRange', 'provideFoldingRanges', {}, token))).toContain('{"start":4,"end":8}');
    const { data } = (await ask('DocumentSemanticTokens', 'provideDocumentSemanticTokens', token)) as {
      data: Uint32Array;
    };
    expect(data.length).toBeGreaterThan(50);
  });

  it('runs tests and verbs, and takes up what changes beside', async () => {
    const lenses = (await ask('CodeLens', 'provideCodeLenses', token)) as {
      readonly command: { readonly title: string; readonly command: string; readonly arguments: readonly unknown[] };
    }[];
    expect(lenses.map(({ command }) => command.title)).toEqual(['run test', 'explain', 'backtest', 'run test']);
    const hinted = editor.hinted();
    editor.change(TEXT.replace(' and FilNam != ""', ''));
    await hinted;
    await editor.found((some) => some.some(({ code }) => code === 'attack-missing'));
    expect(await json(ask('InlayHints', 'provideInlayHints', { start: {}, end: {} }, token))).toContain('✓ passes');
    for (const { command } of lenses.slice(0, 2)) await editor.commands.get(command.command)?.(...command.arguments);
    expect(editor.shown[0]).toBe('1 passed, 0 failed.');
    expect(editor.shown[1]).toContain('office-shell');
    writeFileSync(
      join(folder, 'huntwire.yaml'),
      'source: {api: local, path: .}\nlint: {checks: {attack-missing: off}}\n',
    );
    const [watcher] = editor.watched.values();
    watcher?.change(pathToFileURL(join(folder, 'huntwire.yaml')).href);
    await editor.found((some) => some.every(({ code }) => code !== 'attack-missing'));
    const row = {
      Timestamp: new Date(Date.now() - 86_400_000),
      DeviceId: 'd',
      ReportId: 1,
      FileName: 'PowerShell.exe',
    };
    writeFileSync(join(folder, 'DeviceProcessEvents.jsonl'), `${JSON.stringify(row)}\n`);
    writeFileSync(file, TEXT.replace(' and FilNam != ""', ''));
    const backtest = lenses[2]?.command;
    await editor.commands.get(backtest?.command ?? '')?.(...(backtest?.arguments ?? []));
    expect(editor.shown[2]).toMatch(/168 of 168 answered[\s\S]*alerts +1 \(high 1\)/);
  });
});
