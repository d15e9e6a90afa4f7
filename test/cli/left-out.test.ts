import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli, type Verb } from '../../src/cli/cli.ts';
import { once } from '../../src/cli/once.ts';
import { status } from '../../src/cli/status.ts';
import { sentinelText } from '../rules/readers/sentinel-text.ts';
import { ruleText } from '../rules/rule-text.ts';
import { createFakeWorld } from './fake-world.ts';

const FIND = '4f2a1c9e-7a3b-4c55-9d10-0d6c8d2f9a12';
const FILES = {
  'huntwire.yaml': `source: {api: local, path: data}
rules: [rules/]
functions: [functions/]
targets: {out: {type: file, path: alerts.jsonl}}
defaultTargets: [out]
state: {path: state.db}
`,
  'data/DeviceProcessEvents.jsonl': '{"FileName":"x.exe"}\n',
  'functions/broken.yaml': 'FunctionQuery: DeviceEvents\n',
  'rules/ours.yaml': ruleText({ id: 'ours' }),
  'rules/find.yaml': sentinelText({ id: FIND, query: 'find in (DeviceEvents) where FileName == "a"' }),
  'rules/fusion.yaml': sentinelText({ kind: 'Fusion' }),
  'rules/workflow.yml': 'on: [push]\njobs: {}\n',
  'rules/binary.yaml': Buffer.from([0, 255, 254]),
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'left-out-'));
  for (const name of ['rules', 'functions', 'data']) mkdirSync(join(folder, name));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(verb: Verb, ...args: readonly string[]) {
  const world = createFakeWorld(folder);
  const exitCode = await runCli(args, world, [verb]);
  return { exitCode, document: JSON.parse(world.out()), err: world.err() };
}

describe('what cannot run beside what can', () => {
  it('is left out and logged, and the rest runs', async () => {
    const { exitCode, document, err } = await run(once, 'once', '--format', 'json');
    expect(exitCode).toBe(0);
    expect(document.runs).toMatchObject([{ rule: 'ours', outcome: 'ok' }]);
    const told = err.split('\n').filter((line) => line.includes('left out'));
    for (const name of ['find.yaml', 'fusion.yaml', 'binary.yaml', 'functions/broken.yaml'])
      expect(told.filter((line) => line.includes(name))).toHaveLength(1);
    expect(told.some((line) => line.includes('workflow.yml'))).toBe(false);
  });

  it('is told by status afterwards', async () => {
    const { document } = await run(status, 'status', '--format', 'json');
    expect(document.rules).toMatchObject([
      { rule: FIND, state: 'refused', error: { message: expect.stringContaining('`find`') } },
      { rule: 'ours', state: 'ok' },
    ]);
    const files = document.refusals.map(({ file }: { readonly file: string }) => file.slice(folder.length + 1));
    expect(files.sort()).toEqual(['functions/broken.yaml', 'rules/binary.yaml', 'rules/fusion.yaml']);
    expect(document.problems).toEqual([]);
  });
});
