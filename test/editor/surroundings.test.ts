import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CodeActionRequest,
  type CompletionItem,
  CompletionRequest,
  type Diagnostic,
  DocumentFormattingRequest,
} from 'vscode-languageserver-protocol/node';
import { scopesOf } from '../../src/cli/lsp/scopes.ts';
import { createFakeWorld } from '../cli/fake-world.ts';
import { cursorIn, type EditorClient, openEditor } from './editor-client.ts';

const CONFIG = 'source: {api: local, path: data}\nrules: [rules/]\noverlays: [overlays/]\n';
const ruleOf = (id: string): string => `id: ${id}
name: ${id}
severity: high
attack: [T1059.001]
schedule: {every: 15m}
query: |
  DeviceProcessEvents
  | where FileName =~ "powershell.exe"
`;

describe('findings with what stands around a file', () => {
  let editor: EditorClient;
  beforeAll(async () => {
    editor = await openEditor({
      capabilities: { workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } },
    });
  });
  afterAll(() => editor.end());

  /** What is told of a file once it is told with this code. */
  const toldWith = async (name: string, code: string) =>
    (await editor.diagnostics(name, (some) => some.some((one) => one.code === code))).find((one) => one.code === code);

  it('go by the configuration above the file, saved or not', async () => {
    editor.write('one/huntwire.yaml', `${CONFIG}lint: {checks: {test-missing: off}}\n`);
    await editor.open('one/huntwire.yaml', `${CONFIG}lint: {checks: {test-missing: error}}\n`);
    await editor.open('one/rules/deep/a.yaml', ruleOf('a'));
    expect(await toldWith('one/rules/deep/a.yaml', 'test-missing')).toMatchObject({ severity: 1 });
  });

  it('tell ids that another rule of the configuration has', async () => {
    editor.write('two/huntwire.yaml', CONFIG);
    editor.write('two/rules/other.yaml', ruleOf('same'));
    await editor.open('two/rules/this.yaml', ruleOf('same'));
    expect((await toldWith('two/rules/this.yaml', 'RULE_INVALID'))?.message).toContain('already taken');
  });

  it('tell what is wrong with the configuration itself', async () => {
    await editor.open('three/huntwire.yaml', 'source: {api: local, path: data}\nrulez: [rules/]\n');
    expect(await toldWith('three/huntwire.yaml', 'CONFIG_INVALID')).toMatchObject({ range: { start: { line: 1 } } });
  });

  it('tell what is wrong with defaults and overlays', async () => {
    editor.write('four/huntwire.yaml', CONFIG);
    editor.write('four/rules/a.yaml', ruleOf('a'));
    await editor.open('four/rules/defaults.yaml', 'severty: low\n');
    expect((await toldWith('four/rules/defaults.yaml', 'RULE_INVALID'))?.message).toContain('"severity"');
    editor.write('five/huntwire.yaml', CONFIG);
    editor.write('five/rules/a.yaml', ruleOf('a'));
    await editor.open('five/overlays/o.yaml', 'overlays:\n  - match: {ids: [nobody]}\n    set: {severity: low}\n');
    expect(await toldWith('five/overlays/o.yaml', 'overlay-unmatched')).toMatchObject({ source: 'huntwire' });
  });

  it('follow what changes on the disk: the configuration, tables, and rules beside', async () => {
    expect(editor.watched).toEqual([{ globPattern: expect.stringMatching(/yaml.*json.*kql.*csv/) }]);
    const config = 'source: {api: local, path: data}\nrules: [rules/]\nschemas: [own.json]\n';
    const tables = (column: string) =>
      JSON.stringify({
        name: 'own',
        date: '2026-11-01',
        tables: { Own_CL: { columns: [{ name: column, type: 'string' }], time: null, ingestionTime: false } },
      });
    editor.write('six/huntwire.yaml', config);
    editor.write('six/own.json', tables('First'));
    await editor.open(
      'six/rules/a.yaml',
      ruleOf('a').replace('DeviceProcessEvents\n', 'Own_CL\n').replace('FileName', 'First'),
    );
    const codes = async (isRight: (codes: readonly unknown[]) => boolean) => {
      const found = await editor.diagnostics('six/rules/a.yaml', (some) => isRight(some.map(({ code }) => code)));
      return found.map(({ code }) => code);
    };
    const untold = 'result-time-missing';
    expect(await codes((some) => some.includes(untold))).not.toContain('column-unknown');
    await editor.rewrite('six/own.json', tables('Second'));
    expect(await codes((some) => some.includes('column-unknown'))).toContain(untold);
    await editor.rewrite('six/huntwire.yaml', `${config}lint: {checks: {${untold}: off}}\n`);
    expect(await codes((some) => !some.includes(untold))).toContain('column-unknown');
    await editor.rewrite('six/rules/0.yaml', ruleOf('a'));
    expect(await codes((some) => some.includes('RULE_INVALID'))).toContain('RULE_INVALID');
  });

  it('go by the configuration that is named for all files', async () => {
    editor.write('nine/huntwire.yaml', CONFIG);
    const named = `${editor.folder}/nine/huntwire.yaml`;
    const scopeOf = scopesOf(createFakeWorld(editor.folder), named);
    expect((await scopeOf(`${editor.folder}/one/rules/deep/a.yaml`, new Map())).config).toBe(named);
  });

  it('know saved functions, which stand in front of a query that is then not formatted', async () => {
    editor.write('ten/huntwire.yaml', `${CONFIG}functions: [functions/]\n`);
    editor.write('ten/functions/Shells.kql', 'DeviceProcessEvents\n| where FileName =~ "cmd.exe"\n| extend Mine = 1\n');
    const { text, at } = cursorIn(ruleOf('a').replace(/Device\w+\n.*\n/, 'Shells()\n  | where Mi«|»ne==1\n'));
    const uri = await editor.open('ten/rules/a.yaml', text);
    const found = await editor.diagnostics('ten/rules/a.yaml');
    expect(found.map(({ code }) => code)).not.toContain('column-unknown');
    const items = await editor.connection.sendRequest(CompletionRequest.type, { textDocument: { uri }, position: at });
    expect((items as CompletionItem[]).map(({ label }) => label)).toContain('Mine');
    const options = { tabSize: 2, insertSpaces: true };
    const asked = { textDocument: { uri }, options };
    expect(await editor.connection.sendRequest(DocumentFormattingRequest.type, asked)).toEqual([]);
  });

  it('offer the names of its targets', async () => {
    const targets = 'targets: {soar: {type: stdout}, siem: {type: file, path: out}}\ndefaultTargets: [soar]\n';
    editor.write('seven/huntwire.yaml', CONFIG + targets);
    for (const written of ['targets: [«|»]\n', 'targets:\n  - «|»\n']) {
      const { text, at } = cursorIn(ruleOf('a') + written);
      const uri = await editor.open('seven/rules/a.yaml', text);
      const place = { textDocument: { uri }, position: at };
      const items = (await editor.connection.sendRequest(CompletionRequest.type, place)) as CompletionItem[];
      expect(items.map(({ label }) => label)).toEqual(['soar', 'siem']);
      await editor.close('seven/rules/a.yaml');
    }
    const { text, at } = cursorIn(`${CONFIG}${targets.replace('[soar]', '[«|»]')}`);
    const uri = await editor.open('seven/huntwire.yaml', text);
    const place = { textDocument: { uri }, position: at };
    const items = (await editor.connection.sendRequest(CompletionRequest.type, place)) as CompletionItem[];
    expect(items.map(({ label }) => label)).toEqual(['soar', 'siem']);
  });

  it('offer the name of the target that is meant', async () => {
    editor.write('eight/huntwire.yaml', `${CONFIG}targets: {soar: {type: stdout}}\ndefaultTargets: [soar]\n`);
    const text = `${ruleOf('a')}targets: [saor]\n`;
    const uri = await editor.open('eight/rules/a.yaml', text);
    const isMeant = ({ message }: Diagnostic): boolean => JSON.stringify(message).includes('saor');
    const found = await editor.diagnostics('eight/rules/a.yaml', (some) => some.some((one) => isMeant(one)));
    const range = found.find((one) => isMeant(one))?.range ?? {
      start: { line: 0, character: 0 },
      end: { line: 0, character: 0 },
    };
    const asked = { textDocument: { uri }, range, context: { diagnostics: [] } };
    const actions = (await editor.connection.sendRequest(CodeActionRequest.type, asked)) ?? [];
    const meant = actions.find(({ title }) => title === 'Write "soar"');
    expect(actions.map((one) => one.title)).toContain('Write "soar"');
    expect(meant && 'edit' in meant && meant.edit?.changes?.[uri]?.map(({ newText }) => newText)).toEqual(['soar']);
  });

  it('tell what is wrong with defaults where there is no configuration', async () => {
    editor.write('alone/a.yaml', ruleOf('a'));
    await editor.open('alone/defaults.yaml', 'severty: low\n');
    expect((await toldWith('alone/defaults.yaml', 'RULE_INVALID'))?.message).toContain('"severity"');
  });

  const doubling = Array.from(
    { length: 30 },
    (_, at) => `a${at}: &a${at} [${at > 0 ? `*a${at - 1}, *a${at - 1}` : 'x'}]`,
  );

  it.each([
    ['nested without end', `id: x\nquery: x\nschedule: ${'['.repeat(20_000)}`, 'nested'],
    ['full of aliases', `id: x\nquery: x\nschedule: {every: 1h}\n${doubling.join('\n')}\n`, 'aliases'],
    ['one query longer than any', `${ruleOf('long')}  | where FileName != "${'x'.repeat(300_000)}"\n`, '100000'],
    ['longer than is looked at', `${ruleOf('long')}#${'x'.repeat(1_100_000)}`, 'does not look'],
  ])('survive a text that is %s', async (name, text, told) => {
    const file = `${name.replaceAll(' ', '-')}.yaml`;
    await editor.open(file, text);
    const found = await editor.diagnostics(file, (some) => some.length > 0);
    expect(found.map(({ message }) => message).join('\n')).toContain(told);
  });
});
