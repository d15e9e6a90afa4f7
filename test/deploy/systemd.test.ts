import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { describeWith, programProblem } from '../e2e/receivers.ts';

const UNIT = readFileSync(join(import.meta.dirname, '../../deploy/huntwire.service'), 'utf8');
/** Of 10; what `systemd-analyze` calls OK ends at 4. */
const MOST_EXPOSED = 2;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'huntwire-unit-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function analyze(unit: string, ...args: readonly string[]) {
  const file = join(folder, 'huntwire.service');
  // Whether there is such a program is another machine's business.
  writeFileSync(file, unit.replace('/usr/bin/node', process.execPath));
  const { status, stdout, stderr } = spawnSync('systemd-analyze', [...args, file], { encoding: 'utf8' });
  return { status, text: `${stdout}${stderr}` };
}

describeWith(programProblem('systemd-analyze'), 'the unit for systemd', () => {
  it('holds no key that systemd does not know', () => {
    const misspelt = UNIT.replace('DynamicUser=', 'DynamicUsers=');
    expect(analyze(misspelt, 'verify').text).toContain('DynamicUsers');
    expect(analyze(UNIT, 'verify')).toEqual({ status: 0, text: '' });
  });

  it('leaves the program few rights', () => {
    const { text } = analyze(UNIT, 'security', '--offline=true');
    const [, level] = /exposure level for huntwire\.service: ([\d.]+)/.exec(text) ?? [];
    expect(Number(level)).toBeLessThanOrEqual(MOST_EXPOSED);
  });
});
