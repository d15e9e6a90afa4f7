import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../../src/cli/cli.ts';
import { verbsFor } from '../../src/cli/verbs.ts';
import { ruleText } from '../rules/rule-text.ts';
import { createFakeWorld } from './fake-world.ts';

/** One tenant is whole, one lacks its secret, and what is wrong with one no secret mends. */
const CONFIG = `tenants:
  - {name: well, source: {api: local, path: data}}
  - {name: secret, source: {api: graph}, auth: {tenantId: t, clientId: c, clientSecret: "\${file:none}"}}
  - {name: settings, source: {api: graph, limts: {}}, auth: {tenantId: t, clientId: c, clientSecret: x}}
rules: [rules/]
targets: {copy: {type: file, path: copy.jsonl}}
defaultTargets: [copy]
state: {path: state.db}
`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sick-tenants-'));
  for (const name of ['rules', 'data']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'huntwire.yaml'), CONFIG);
  writeFileSync(join(folder, 'data/DeviceProcessEvents.jsonl'), '{"FileName": "a.exe"}\n');
  writeFileSync(join(folder, 'rules/own.yaml'), ruleText({ id: 'own' }));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function call(line: string) {
  const argv = line.split(' ');
  const world = createFakeWorld(folder);
  const code = await runCli(argv, world, await verbsFor(argv));
  return { code, out: world.out(), err: world.err() };
}

describe('tenants that are wrong keep verbs about others, about targets and about the state from nothing', () => {
  it.each([
    'backtest own --from 2h --tenant well',
    'backfill own --from 2h --tenant well --dry-run',
    'explain own',
    'render copy',
    'send-test copy',
    'status',
    'report --format json',
    'gaps',
    'dlq list',
    'silence list',
    'audit',
    'action list_rules',
    'action get_status',
    'state check',
  ])('%s', async (line) => {
    const { code, err } = await call(line);
    expect({ code, err }).toEqual({ code: 0, err: expect.not.stringMatching(/none cannot be read|limts/) });
  });

  it('and are told where they are asked themselves, or planned', async () => {
    for (const verb of ['query DeviceProcessEvents', 'backtest own --from 2h', 'backfill own --from 2h']) {
      expect(await call(`${verb} --tenant secret`)).toMatchObject({
        code: 2,
        err: expect.stringContaining('none cannot be read'),
      });
      expect(await call(`${verb} --tenant settings`)).toMatchObject({
        code: 2,
        err: expect.stringContaining('"limts"'),
      });
    }
    expect(await call('plan')).toMatchObject({
      code: 2,
      out: expect.stringMatching(/^well[\s\S]*^secret/m),
      err: expect.stringContaining('left out: huntwire.yaml:4'),
    });
  });
});
