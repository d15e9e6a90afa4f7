import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runnerKeeping } from '../../../src/cli/kept/keeping.ts';
import { createRulesLook } from '../../../src/cli/kept/look-at-rules.ts';
import { readToLook } from '../../../src/cli/read-config.ts';
import { createKeptReader, type FileKeeping } from '../../../src/rules/kept/kept-reader.ts';
import { ruleText } from '../../rules/rule-text.ts';
import { createFakeWorld } from '../fake-world.ts';

const CONFIG = `tenants:
  - {name: a, source: {api: local, path: .}}
  - {name: b, source: {api: local, path: .}}
rules: [rules/]
state: {path: state.db}
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'look-at-rules-'));
  mkdirSync(join(folder, 'rules'));
  writeFileSync(join(folder, 'huntwire.yaml'), CONFIG);
  for (const id of ['one', 'two']) writeRule(id);
});
afterEach(() => rmSync(folder, { recursive: true }));

const pathOf = (id: string): string => join(folder, 'rules', `${id}.yaml`);
function writeRule(id: string, over: Parameters<typeof ruleText>[0] = {}): string {
  const text = ruleText({ id, ...over });
  writeFileSync(pathOf(id), text);
  return text;
}

describe('who looks on beside a runner', () => {
  it('reads each file once for all tenants, from what the runner keeps, and only what has changed when it looks again', async () => {
    const kept = runnerKeeping(join(folder, 'state.db'), 'build');
    if (kept) await createKeptReader(kept)(pathOf('one'), writeRule('one'));
    kept?.save();
    const asked: string[] = [];
    const told = (found: string | null) => (found === null ? 'read' : 'kept');
    const keepingOf = (state: string): FileKeeping | null => {
      const keeping = runnerKeeping(state, 'build');
      const get = async (key: string) => {
        const found = (await keeping?.cache.get(key)) ?? null;
        asked.push(told(found));
        return found;
      };
      return keeping && { ...keeping, cache: { ...keeping.cache, get } };
    };
    const look = createRulesLook(keepingOf);
    const { config } = readToLook(createFakeWorld(folder), 'huntwire.yaml');
    const first = await look(config);
    expect(['a', 'b'].map((name) => first.rulesOf(name).map(({ id }) => id))).toEqual([
      ['one', 'two'],
      ['one', 'two'],
    ]);
    expect(asked).toEqual(['kept', 'read']);
    writeRule('two', { severity: 'low' });
    const second = await look(config);
    expect(second.rules.map(({ severity }) => severity)).toEqual(['high', 'low']);
    expect(asked).toEqual(['kept', 'read', 'read']);
    rmSync(pathOf('one'));
    expect((await look(config)).rulesOf('b').map(({ id }) => id)).toEqual(['two']);
  });
});
