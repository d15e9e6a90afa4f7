import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runCli } from '../../src/cli/cli.ts';
import { convert } from '../../src/cli/convert.ts';
import { loadRules, parseRules } from '../../src/rules/load-rules.ts';
import { sentinelText } from '../rules/readers/sentinel-text.ts';
import { createFakeWorld } from './fake-world.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convert-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function run(...args: readonly string[]) {
  const world = createFakeWorld(folder);
  const exitCode = await runCli(['convert', ...args], world, [convert]);
  return { exitCode, out: world.out(), err: world.err() };
}

const ID = '4f2a1c9e-7a3b-4c55-9d10-0d6c8d2f9a11';

describe('convert', () => {
  it('writes a rule to stdout, and comments before what theirs became', async () => {
    const text = sentinelText({ severity: 'High # agreed with the SOC' })
      .replace('queryFrequency', '# not too often\nqueryFrequency')
      .replace('id: ', '# made by the blue team\nid: ');
    writeFileSync(join(folder, 'a.yaml'), text);
    const { exitCode, out, err } = await run('a.yaml');
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '1 rule written, 0 refused.\n' });
    const lines = out.split('\n');
    expect(lines[0]).toBe('# made by the blue team');
    expect(lines[lines.indexOf('severity: high') - 1]).toBe('# agreed with the SOC');
    expect(lines[lines.indexOf('schedule:') - 1]).toBe('# not too often');
    expect(lines[lines.indexOf('query: |') + 1]).toBe('  DeviceProcessEvents');
    expect(parseRules('a.yaml', out)).toMatchObject({ problems: [], rules: [{ id: ID }] });
  });

  it('writes a file for each rule, never over one that is there', async () => {
    writeFileSync(join(folder, 'a.yaml'), sentinelText());
    expect((await run('a.yaml', '--out', 'new')).exitCode).toBe(0);
    const path = join(folder, 'new', `${ID}.yaml`);
    writeFileSync(path, 'mine');
    const again = await run('a.yaml', '--out', 'new');
    expect(again.exitCode).toBe(1);
    expect(again.err).toContain('--force');
    expect(readFileSync(path, 'utf8')).toBe('mine');
    expect((await run('a.yaml', '--out', 'new', '--force')).exitCode).toBe(0);
    expect(readFileSync(path, 'utf8')).toContain(ID);
  });

  it('exits 1 where a file was refused, and writes the others', async () => {
    writeFileSync(join(folder, 'a.yaml'), sentinelText());
    writeFileSync(join(folder, 'b.yaml'), sentinelText({ kind: 'Fusion' }));
    const { exitCode, err } = await run('a.yaml', 'b.yaml', 'none.yaml', '--out', 'new');
    expect(exitCode).toBe(1);
    expect(err).toContain('none.yaml: There is no such file or folder.');
    expect(err).toContain('b.yaml: A rule of the kind Fusion cannot run here.');
    expect(err).toContain('1 rule written, 2 refused.');
    expect(existsSync(join(folder, 'new', `${ID}.yaml`))).toBe(true);
  });

  it('makes rules of bare queries, in folders too, and never of a rules folder', async () => {
    writeFileSync(join(folder, 'proc_a.kql'), 'DeviceProcessEvents\n| where FileName =~ "a.exe"\n');
    const { exitCode, err } = await run('.', '--out', 'new');
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '1 rule written, 0 refused.\n' });
    expect(readFileSync(join(folder, 'new', 'proc-a.yaml'), 'utf8')).toContain('status: testing');
    expect((await loadRules([folder])).rules.map(({ id }) => id)).toEqual(['proc-a']);
  });

  it('gives one document with --format json', async () => {
    writeFileSync(join(folder, 'a.yaml'), sentinelText());
    const { out } = await run('a.yaml', '--format', 'json');
    expect(JSON.parse(out)).toMatchObject({
      written: [{ rule: ID, path: null, text: expect.stringContaining('query: |') }],
      refused: [],
      verdicts: [{ rule: ID, verdict: 'loaded' }],
    });
  });
});
