import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../../src/cli/cli.ts';
import { lint } from '../../src/cli/lint.ts';
import type { RuleReport } from '../../src/rules/readers/rule-report.ts';
import { sentinelText } from '../rules/readers/sentinel-text.ts';
import { ruleText } from '../rules/rule-text.ts';
import { createFakeWorld } from './fake-world.ts';

let folder = '';
const files: Readonly<Record<string, string>> = {
  'own.yaml': ruleText(),
  'stream.yaml': sentinelText(),
  'odd.yaml': sentinelText({ id: 'odd', querry: 'x' }),
  'syntax.yaml': sentinelText({ id: 'syntax', query: 'DeviceEvents | where' }),
  'fusion.yaml': sentinelText({ id: 'fusion', kind: 'Fusion' }),
  'tabs.yaml': `queryFrequency: 1h\n\tquery: x\n`,
  'package.json': '{"name": "x"}',
  'broken.json': '{"resources": [',
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'report-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: readonly string[]) {
  const world = createFakeWorld(folder);
  const exitCode = await runCli(['lint', '.', ...args], world, [lint]);
  return { exitCode, out: world.out(), err: world.err() };
}

describe('lint --report', () => {
  it('gives a verdict for every file, and totals that add up', async () => {
    const { exitCode, out } = await run('--report', '--format', 'json');
    const { verdicts, totals } = JSON.parse(out) as RuleReport;
    const names = verdicts.map((one) => `${one.file.split('/').at(-1)} ${one.format} ${one.verdict}`);
    expect(names).toEqual([
      'broken.json arm refused',
      'fusion.yaml sentinel refused',
      'odd.yaml sentinel warnings',
      'own.yaml native loaded',
      'package.json arm refused',
      'stream.yaml sentinel loaded',
      'syntax.yaml sentinel refused',
      'tabs.yaml sentinel refused',
    ]);
    expect(totals).toEqual({ files: 8, loaded: 2, warnings: 1, refused: 5, rules: 3 });
    expect(totals.loaded + totals.warnings + totals.refused).toBe(totals.files);
    for (const { verdict, reason } of verdicts) expect(reason !== null).toBe(verdict === 'refused');
    const refused = verdicts.filter(({ verdict }) => verdict === 'refused');
    expect(
      refused.flatMap(({ honoured, approximated, ignored }) => [...honoured, ...approximated, ...ignored]),
    ).toEqual([]);
    const stream = verdicts.find(({ file }) => file.endsWith('stream.yaml'));
    expect(stream?.approximated).toEqual(['queryPeriod: by arrival, so that late events are found too']);
    expect(stream?.honoured).not.toContain('queryPeriod');
    expect(exitCode).toBe(1);
  });

  it('prints a line a rule and the totals', async () => {
    const { out } = await run('--report');
    expect(out).toContain('8 files: 2 loaded, 1 with warnings, 5 refused; 3 rules can run.\n');
    expect(out).toMatch(/warnings +sentinel +odd\.yaml +odd +line \d+: The key "querry" is not known/);
  });
});

describe('lint --report on what is beside rule files', () => {
  it('tells paths that lead nowhere, and exits 1', async () => {
    const { exitCode, out, err } = await run('--report', 'nowhere');
    expect([exitCode, out]).toEqual([1, expect.stringContaining('8 files: ')]);
    expect(err).toContain('nowhere\n  There is no such file or folder.');
  });
});

describe('lint of files of other products', () => {
  it('calls what is refused an error, what is odd a warning, and a file that is no rule a warning', async () => {
    const { exitCode, out } = await run();
    expect(out).toContain('The key "querry" is not known and changes nothing. [vendor-file]');
    expect(out).toContain('The file holds no rule of a known format. [vendor-file]');
    expect(out).toContain('A rule of the kind Fusion cannot run here.');
    expect(exitCode).toBe(1);
  });
});
