import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../../src/cli/cli.ts';
import { explain } from '../../src/cli/explain.ts';
import { ruleText } from '../rules/rule-text.ts';
import { createFakeWorld } from './fake-world.ts';

const CONFIG = `source: {api: graph}
auth: {tenantId: t, clientId: c, clientSecret: "\${env:NOT_SET}"}
rules: [rules/]
overlays: [overlays/]
targets: {soar: {type: stdout}}
defaultTargets: [soar]
`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'explain-test-'));
  for (const name of ['rules', 'overlays']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'huntwire.yaml'), CONFIG);
  writeFileSync(join(folder, 'rules/a.yaml'), ruleText({ name: '"Odd \\e[31m name"' }));
  writeFileSync(join(folder, 'overlays/o.yaml'), 'overlays: [{match: {ids: [some-rule]}, set: {suppress: 4h}}]\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...words: readonly string[]) {
  const world = createFakeWorld(folder);
  const exitCode = await runCli(['explain', ...words], world, [explain]);
  return { exitCode, out: world.out(), err: world.err() };
}

describe('explain', () => {
  it('prints one document with what the rule is, its targets and overlays, without secrets', async () => {
    const { exitCode, out } = await run('some-rule', '--format', 'json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      rule: 'some-rule',
      shape: 'stream',
      targets: ['soar'],
      overlays: [{ path: 'alert.suppress', file: join(folder, 'overlays/o.yaml') }],
      mapping: { suppress: '4h' },
      history: null,
    });
  });

  it('lays overlays over a rule that is named by its file, too, and prints for people', async () => {
    const { exitCode, out } = await run('rules/a.yaml');
    expect(exitCode).toBe(0);
    expect(out).toContain('overlays/o.yaml:1');
    expect(out).toContain('// huntwire some-rule');
    expect(out).toContain('96 calls a day');
    expect(out).not.toContain('\u001b');
  });

  it('exits 2 where there is no such rule, and names the nearest', async () => {
    const { exitCode, err } = await run('some-rul');
    expect(exitCode).toBe(2);
    expect(err).toContain('Did you mean "some-rule"?');
  });
});
