import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runCli } from '../../src/cli/cli.ts';
import { withIgnored } from '../../src/cli/init/ignored.ts';
import { init } from '../../src/cli/init.ts';
import { createFakeWorld } from './fake-world.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'init-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function initialized(...argv: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const world = createFakeWorld(folder);
  const code = await runCli(['init', ...argv], world, [init]);
  return { code, out: world.out(), err: world.err() };
}
const text = (name: string): string => readFileSync(join(folder, name), 'utf8');

describe('init', () => {
  it.each([[[]], [['--demo']]])('overwrites nothing but with --force, and a .gitignore never: %j', async (argv) => {
    writeFileSync(join(folder, '.gitignore'), 'node_modules/\r\n*.key');
    expect((await initialized(...argv)).code).toBe(0);
    expect(text('.gitignore')).toBe('node_modules/\r\n*.key\ndata/\n*.pem\n');
    writeFileSync(join(folder, 'huntwire.yaml'), 'mine');
    const refused = await initialized(...argv);
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('huntwire.yaml')]);
    expect(text('huntwire.yaml')).toBe('mine');
    const forced = await initialized(...argv, '--force');
    expect([forced.code, forced.out]).toEqual([0, expect.stringContaining('kept .gitignore')]);
    expect(text('huntwire.yaml')).not.toBe('mine');
    expect(text('.gitignore')).toBe('node_modules/\r\n*.key\ndata/\n*.pem\n');
  });

  it('writes into a folder that is not there, and says what comes next', async () => {
    const { out } = await initialized('new/one');
    expect(existsSync(join(folder, 'new/one/rules/encoded-powershell.yaml'))).toBe(true);
    expect(out).toContain('wrote .gitignore');
    expect(out).toContain('cd new/one && huntwire doctor');
  });

  it('with --demo writes for the port that it is given', async () => {
    const { out } = await initialized('--demo', '--port', '9999');
    expect(text('huntwire.yaml')).toContain('baseUrl: http://127.0.0.1:9999\n');
    expect(out).toContain('huntwire emulate --port 9999');
    expect((await initialized('--demo', '--port', 'many', '--force')).code).toBe(2);
  });
});

describe('lines of a .gitignore', () => {
  it('are added once, behind what is there', () => {
    expect(withIgnored('', ['a', 'b'])).toBe('a\nb\n');
    expect(withIgnored(' a \nc\n', ['a', 'b'])).toBe(' a \nc\nb\n');
    const all = 'b\n\n# note\na';
    expect(withIgnored(all, ['a', 'b'])).toBe(all);
  });
});
