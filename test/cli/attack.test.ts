import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { attack } from '../../src/cli/attack.ts';
import { runCli } from '../../src/cli/cli.ts';
import { ruleText } from '../rules/rule-text.ts';
import { createFakeWorld } from './fake-world.ts';

const TESTS = '[{name: t, rows: [], alerts: []}]';
const schema = JSON.parse(readFileSync(new URL('../../schemas/navigator-layer.schema.json', import.meta.url), 'utf8'));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'attack-test-'));
  mkdirSync(join(folder, 'rules'));
  const rules = {
    a: { attack: '[T1059.001, T1204.002]', tests: TESTS },
    b: { attack: '[T1059.001, TA0001]', tests: TESTS, status: 'disabled' },
    c: { attack: '[T1086, T1027]' },
    d: { attack: '[T1003]', status: 'testing', tests: TESTS },
    e: { attack: '[T1417]' },
  };
  for (const [id, more] of Object.entries(rules))
    writeFileSync(join(folder, `rules/${id}.yaml`), ruleText({ id, ...more }));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...words: readonly string[]) {
  const world = createFakeWorld(folder);
  const exitCode = await runCli(['attack', ...words], world, [attack]);
  return { exitCode, out: world.out(), err: world.err() };
}

describe('attack', () => {
  it('tells techniques by rules: enabled, tested, retired', async () => {
    const { exitCode, out } = await run('--format', 'json');
    expect(exitCode).toBe(0);
    const { techniques, tactics } = JSON.parse(out);
    expect(techniques).toEqual([
      {
        id: 'T1003',
        name: 'OS Credential Dumping',
        tactics: ['TA0006'],
        rules: ['d'],
        enabled: 0,
        tested: false,
        retired: null,
      },
      {
        id: 'T1027',
        name: expect.any(String),
        tactics: ['TA0005'],
        rules: ['c'],
        enabled: 1,
        tested: false,
        retired: null,
      },
      {
        id: 'T1059.001',
        name: 'PowerShell',
        tactics: ['TA0002'],
        rules: ['a', 'b'],
        enabled: 1,
        tested: true,
        retired: null,
      },
      {
        id: 'T1086',
        name: 'PowerShell',
        tactics: ['TA0002'],
        rules: ['c'],
        enabled: 1,
        tested: false,
        retired: { by: 'T1059.001' },
      },
      {
        id: 'T1204.002',
        name: 'Malicious File',
        tactics: ['TA0002'],
        rules: ['a'],
        enabled: 1,
        tested: true,
        retired: null,
      },
      { id: 'T1417', name: '', tactics: [], rules: ['e'], enabled: 1, tested: false, retired: null },
    ]);
    expect(tactics.find(({ id }: { id: string }) => id === 'TA0001').rules).toEqual(['b']);
  });

  it('prints a table by tactic, in the order of the matrix', async () => {
    const { out } = await run();
    const lines = out.split('\n');
    expect(lines[1]).toMatch(/^Initial Access +TA0001 +the tactic itself +b$/);
    expect(lines[2]).toMatch(/^Execution +T1059\.001 +PowerShell +a, b +1 +yes$/);
    expect(out).toContain('retired, now T1059.001');
    expect(out).toContain('5 techniques with a rule that is on, 2 of them tested.');
  });

  it('writes a layer that keeps to the format, with parents of parts opened and nothing that the matrix lacks', async () => {
    const { out } = await run('--format', 'navigator');
    const layer = JSON.parse(out);
    const validate = new Ajv2020({ strict: false }).compile(schema);
    expect([validate(layer), validate.errors]).toEqual([true, null]);
    const ids = layer.techniques.map((one: { techniqueID: string }) => one.techniqueID);
    expect(ids).toEqual(['T1003', 'T1027', 'T1059.001', 'T1204.002', 'T1059', 'T1204']);
    expect(layer.techniques[0]).toMatchObject({ score: 0, color: '#f2c14e' });
    expect(layer.techniques[4]).toEqual({ techniqueID: 'T1059', showSubtechniques: true });
    expect(layer.gradient.maxValue).toBeGreaterThan(layer.gradient.minValue);
  });

  it('writes a layer also where no rule names a technique', async () => {
    writeFileSync(join(folder, 'none.yaml'), ruleText({ id: 'none' }));
    const { out } = await run('none.yaml', '--format', 'navigator');
    expect(JSON.parse(out)).toMatchObject({ techniques: [], gradient: { minValue: 1, maxValue: 2 } });
    expect((await run('none.yaml')).out).toContain('No rule names a technique');
  });

  it('writes one page that loads nothing, with MITRE’s notice', async () => {
    const { out } = await run('--format', 'html');
    expect(out).toMatch(/^<!doctype html>/);
    expect(out).not.toMatch(/<script|<link|<img|url\(|src=|@import/);
    expect(out).toContain('The MITRE Corporation');
    expect(out).toMatch(/class="cell part r1" title="a, b">PowerShell <small>T1059\.001<\/small> <b>1<\/b>/);
    expect(out).toMatch(/class="cell off untested" title="d"/);
    expect(out).toContain('T1086, T1417');
    const opened = [...out.matchAll(/<(section|div|main|h1|h2|p|footer|span|small|b)\b/g)].length;
    expect([...out.matchAll(/<\/(section|div|main|h1|h2|p|footer|span|small|b)>/g)]).toHaveLength(opened);
  });

  it('exits 2 where a rule does not load', async () => {
    writeFileSync(join(folder, 'broken.yaml'), 'id: x\nquery: DeviceEvents\n');
    expect((await run('broken.yaml')).exitCode).toBe(2);
  });

  it('leaves a broken file out, says so, and shows the others', async () => {
    const path = join(folder, 'rules/z.yaml');
    writeFileSync(path, ruleText({ id: 'z' }).replace('schedule', 'schedul'));
    const { exitCode, out, err } = await run('--format', 'json');
    rmSync(path);
    expect(exitCode).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ techniques: expect.arrayContaining([]), problems: [{ file: path }, {}] });
    expect(JSON.parse(out).techniques.length).toBeGreaterThan(3);
    expect(err).toMatch(/^left out: rules\/z\.yaml:\d+:\d+: Unknown key "schedul"/m);
  });
});
