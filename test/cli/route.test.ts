import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../../src/cli/cli.ts';
import { route } from '../../src/cli/route.ts';
import { ruleText } from '../rules/rule-text.ts';
import { sampleAlert } from '../targets/sample-alert.ts';
import { createFakeWorld } from './fake-world.ts';

const CONFIG = `source: {api: graph}
auth: {tenantId: t, clientId: c, clientSecret: "\${env:NOT_SET}"}
rules: [rules/]
targets: {soar: {type: stdout}, pager: {type: stdout}, ops: {type: stdout}}
defaultTargets: [soar]
health: {targets: [ops]}
routes:
  - {match: ['severity=~"high|critical"'], targets: [pager]}
`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'route-test-'));
  mkdirSync(join(folder, 'rules'));
  writeFileSync(join(folder, 'huntwire.yaml'), CONFIG);
  writeFileSync(join(folder, 'rules/own.yaml'), ruleText({ id: 'own', targets: '[soar]' }));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function routed(text: string, ...more: readonly string[]) {
  writeFileSync(join(folder, 'alert.json'), text);
  const world = createFakeWorld(folder);
  const code = await runCli(['route', '--alert', 'alert.json', ...more], world, [route]);
  return { code, out: world.out(), err: world.err() };
}

const alertText = (changes: Parameters<typeof sampleAlert>[0] = {}) =>
  JSON.stringify(sampleAlert({ dedupKey: 'd'.repeat(32), ...changes }));

describe('huntwire route', () => {
  it('tells the way of an alert and why, as a table and as JSON', async () => {
    expect((await routed(alertText())).out).toMatch(/pager +route 1 matches: severity=~"high\|critical"/);
    const { code, out } = await routed(alertText({ severity: 'low' }), '--format', 'json');
    expect([code, JSON.parse(out)]).toEqual([
      0,
      { alertId: sampleAlert().id, targets: [{ target: 'soar', because: 'a default target, as no route matches' }] },
    ]);
  });

  it('knows the targets that the rule names', async () => {
    const { rule } = sampleAlert();
    expect((await routed(alertText({ rule: { ...rule, id: 'own' } }))).out).toMatch(
      /soar +the rule or an overlay names it/,
    );
  });

  it('says which files the rule may be in, where it does not find it', async () => {
    writeFileSync(join(folder, 'rules/broken.yaml'), 'id: broken\nquery: [\n');
    const { rule } = sampleAlert();
    const found = await routed(alertText({ rule: { ...rule, id: 'own' } }));
    const lost = await routed(alertText());
    rmSync(join(folder, 'rules/broken.yaml'));
    expect([found.err, lost.code, lost.err]).toEqual(['', 0, expect.stringMatching(/^left out: .*broken.yaml:/)]);
  });

  it('says how: in a digest, on to whom, and who stands in', async () => {
    const other = CONFIG.replace(
      'targets: [pager]}',
      'targets: [soar], digest: {every: 1h}, escalate: {after: 15m, to: [pager]}}',
    );
    writeFileSync(join(folder, 'other.yaml'), other);
    const { out } = await routed(alertText(), '--config', 'other.yaml');
    expect(out).toMatch(/in a digest every 1h; not acknowledged: to pager after 15m each/);
  });

  it('knows where alerts about Huntwire itself go', async () => {
    const health = { kind: 'health' as const, health: { code: 'gap' as const, subject: 'x' } };
    expect((await routed(alertText(health))).out).toMatch(/ops +alerts about Huntwire itself go there/);
  });

  it('refuses what is no alert', async () => {
    for (const [text, message] of [
      ['{', 'alert.json is no alert as format native writes it: it is no JSON.'],
      ['{}', 'The alert breaks its schema'],
    ] as const) {
      const { code, err } = await routed(text);
      expect([code, err]).toEqual([2, expect.stringContaining(message)]);
    }
  });
});
