import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../../../src/cli/cli.ts';
import { changedSince } from '../../../src/cli/lint/changed-files.ts';
import { lint } from '../../../src/cli/lint.ts';
import { createFakeWorld } from '../fake-world.ts';

let folder = '';
const PATH = { PATH: '/usr/local/bin:/usr/bin:/bin' };
const world = () => ({ ...createFakeWorld(folder), env: PATH });
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

function git(...given: readonly string[]): void {
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.test', '-c', 'commit.gpgSign=false'];
  execFileSync('git', [...who, ...given], { cwd: folder, env: { ...PATH, HOME: folder }, stdio: 'ignore' });
}

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'lint-changed-')));
  git('init', '-q', '-b', 'main');
  mkdirSync(join(folder, 'rules'));
  for (const name of ['old', 'edited', 'gone', 'staged']) write(`rules/${name}.yaml`, `id: ${name}\nname: A\n`);
  write('.gitignore', 'rules/ignored.yaml\n');
  git('add', '.');
  git('commit', '-qm', 'one');
  git('checkout', '-qb', 'work');
  write('rules/committed.yaml', 'id: committed\n');
  git('add', '.');
  git('commit', '-qm', 'two');
  git('checkout', '-q', 'main');
  write('rules/old.yaml', 'id: old\nname: changed on the other side\n');
  git('commit', '-qam', 'three');
  git('checkout', '-q', 'work');
  write('rules/edited.yaml', 'id: edited\nname: B\n');
  write('rules/staged.yaml', 'id: staged\nname: B\n');
  write('rules/ü new.yaml', 'id: new\n');
  write('rules/ignored.yaml', 'id: ignored\n');
  git('add', 'rules/staged.yaml');
  rmSync(join(folder, 'rules/gone.yaml'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('what has changed', () => {
  it('is what is committed, staged, edited or new since the branch parted', async () => {
    const isChanged = await changedSince(world(), 'main');
    const names = ['old', 'edited', 'gone', 'staged', 'committed', 'ü new', 'ignored'];
    expect(names.filter((name) => isChanged(join(folder, `rules/${name}.yaml`)))).toEqual([
      'edited',
      'staged',
      'committed',
      'ü new',
    ]);
  });

  it('takes commits and ways to say them, and files by another path', async () => {
    const isChanged = await changedSince(world(), 'HEAD~1');
    expect(isChanged(join(folder, 'rules/committed.yaml'))).toBe(true);
    symlinkSync(join(folder, 'rules'), join(folder, 'link'));
    expect(isChanged(join(folder, 'link/edited.yaml'))).toBe(true);
  });

  it.each([
    '--output=/tmp/x',
    '-x',
    '',
    'a b',
    'main\nx',
    'main\0',
    '--upload-pack=touch x',
    'no-such-branch',
    ':/x',
    'HEAD:rules',
  ])('refuses the ref %j', async (ref) => {
    await expect(changedSince(world(), ref)).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('is told by git where there is no repository', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'lint-outside-'));
    const other = { ...createFakeWorld(outside), env: { ...PATH, GIT_CEILING_DIRECTORIES: tmpdir() } };
    await expect(changedSince(other, 'main')).rejects.toThrow('git knows no "main"');
    rmSync(outside, { recursive: true });
  });

  it('starts nothing that the repository names', async () => {
    git('config', 'core.fsmonitor', `touch ${join(folder, 'started')}`);
    git('config', 'diff.external', `touch ${join(folder, 'started')}`);
    await changedSince(world(), 'main');
    git('config', '--unset', 'core.fsmonitor');
    expect(execFileSync('ls', [folder], { encoding: 'utf8' })).not.toContain('started');
  });

  it('is all that lint tells', async () => {
    const made = world();
    const exitCode = await runCli(['lint', 'rules', '--strict', '--changed', 'main'], made, [lint]);
    expect(exitCode).toBe(1);
    expect(made.out()).toMatch(/rules\/committed\.yaml[\s\S]*rules\/edited\.yaml[\s\S]*rules\/ü new\.yaml/);
    expect(made.out()).not.toContain('rules/old.yaml');
    expect(made.out()).toContain('4 files, 0 rules');
  });

  it('takes in the rules that a changed overlay is laid over, and their paths as one would type them', async () => {
    const valid = (id: string): string =>
      `id: ${id}\nname: A\nseverity: low\nquery: DeviceEvents | where ActionType has "${id}"\nschedule: {every: 1h}\n`;
    write('huntwire.yaml', 'source: {api: local, path: .}\nrules: [set/]\noverlays: [overlays/]\n');
    for (const name of ['set', 'overlays']) mkdirSync(join(folder, name));
    write('set/a.yaml', valid('a'));
    write('overlays/x.yaml', 'overlays:\n  - {match: {ids: [a]}, set: {schedule: {every: 1m}}}\n');
    git('add', '.');
    git('commit', '-qm', 'four');
    write(
      'overlays/x.yaml',
      'overlays:\n  - {match: {ids: [a]}, set: {schedule: {every: 30s}, severity: low}}\n  - {match: {ids: [a]}, set: {severity: high}}\n',
    );
    const made = world();
    const exitCode = await runCli(['lint', '--changed', 'HEAD', '--format', 'github'], made, [lint]);
    expect(exitCode).toBe(0);
    expect(made.out()).toContain('file=overlays/x.yaml,line=2,col=42,title=schedule-below-minute');
    expect(made.out()).toContain('is set here and at overlays/x.yaml:2;');
  });
});
