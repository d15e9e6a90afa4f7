import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { lookoutDeps } from '../../src/cli/lsp/lookout-deps.ts';
import { createAnswerer } from '../../src/editor/answers.ts';
import { createFakeWorld } from '../cli/fake-world.ts';
import { type EditorClient, openEditor } from './editor-client.ts';

const RULE = 'id: many\nname: many\nseverity: high\nschedule: {every: 15m}\nquery: DeviceProcessEvents\n';

describe('of what is large an editor is told', () => {
  let editor: EditorClient;
  beforeAll(async () => {
    editor = await openEditor();
  });
  afterAll(() => editor.end());

  it('500 findings of a file', async () => {
    const keys = Array.from({ length: 90 }, (_, at) => `own${at}: x\n`).join('');
    const rules = Array.from({ length: 6 }, (_, at) => RULE.replace('id: many', `id: many-${at}`) + keys);
    await editor.open('findings.yaml', rules.join('---\n'));
    expect(await editor.diagnostics('findings.yaml')).toHaveLength(500);
    await editor.close('findings.yaml');
  });

  it('findings of 200 open texts, and that the next one is not looked at until one of them is closed', async () => {
    for (let at = 0; at < 200; at += 1) await editor.open(`open${at}.txt`, '');
    await editor.open('last.yaml', `${RULE}own: x\n`);
    const messages = async () => (await editor.diagnostics('last.yaml')).map(({ message }) => message).join('\n');
    expect(await messages()).toContain('too many are open');
    await editor.close('open7.txt');
    await editor.change('last.yaml', `${RULE}own: y\n`);
    expect(await messages()).toContain('Unknown key "own"');
  });

  it('the first 100 tests of a file', async () => {
    const asked: string[] = [];
    const world = createFakeWorld(editor.folder);
    const answer = createAnswerer({
      ...lookoutDeps(world, null),
      testRule: async ({ id }, { name, line, column }) => {
        asked.push(name);
        return { rule: id, name, file, line, column, ok: true, differences: [], trace: [] } as never;
      },
    });
    const file = `${editor.folder}/tested.yaml`;
    const tests = Array.from({ length: 101 }, (_, at) => `  - {name: test ${at}, rows: [], alerts: []}\n`);
    const texts = [{ file, text: `${RULE}tests:\n${tests.join('')}` }];
    const { passed, hints } = await answer(texts, { name: 'test', file, only: null });
    expect([passed, hints[0]?.hints.length, asked.at(-1)]).toEqual([100, 100, 'test 99']);
  });
});
