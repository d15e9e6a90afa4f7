import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { HuntwireError } from '../../lib/errors.ts';
import { visibleLine } from '../../lib/visible.ts';
import type { World } from '../terminal/world.ts';

const MAX_OUTPUT = 64 * 1024 * 1024;
/** Nothing that a repository's own settings name is started. */
const QUIET = ['-c', 'core.fsmonitor=false', '-c', 'core.quotePath=false', '-c', 'diff.external='];

/**
 * Whether a file has changed since the working tree left `ref` (a branch, tag or commit): committed, staged, not staged, or new. Files that
 * git ignores have not.
 */
export async function changedSince(world: World, ref: string): Promise<(file: string) => boolean> {
  const base = await baseOf(world, ref);
  const top = (await git(world, ['rev-parse', '--show-toplevel'])).replace(/\n$/, '');
  const options = ['--name-only', '-z', '--no-ext-diff', '--no-textconv', '--no-renames', '--diff-filter=d'];
  const tracked = await git(world, ['diff', ...options, base, '--'], top);
  const untracked = await git(world, ['ls-files', '-z', '--others', '--exclude-standard'], top);
  const names = `${tracked}\0${untracked}`.split('\0').filter((name) => name !== '');
  const changed = new Set(names.map((name) => realPath(join(top, name))));
  return (file) => changed.has(realPath(file));
}

/** Where the branches parted: what happened on `ref` since then is no change of ours. */
async function baseOf(world: World, ref: string): Promise<string> {
  if (ref.startsWith('-') || !/^[^\s\p{Cc}]+$/u.test(ref))
    throw new HuntwireError('USAGE', `--changed: "${visibleLine(ref)}" is no name of a branch, tag or commit.`);
  const named = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`];
  const commit = await git(world, named).catch(() => '');
  if (!/^[0-9a-f]{40,64}\n$/.test(commit)) {
    const hint = 'In CI, fetch it first (actions/checkout: fetch-depth: 0).';
    throw new HuntwireError('USAGE', `--changed: git knows no "${ref}" in ${world.cwd}. ${hint}`);
  }
  const base = await git(world, ['merge-base', commit.trim(), 'HEAD']).catch(() => commit);
  return base.trim();
}

function git(world: World, given: readonly string[], cwd = world.cwd): Promise<string> {
  const env = { ...world.env, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
  return new Promise((resolve, reject) => {
    const options = { cwd, env, maxBuffer: MAX_OUTPUT, signal: world.signal, encoding: 'utf8' } as const;
    execFile('git', [...QUIET, ...given], options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      const said = visibleLine(stderr).trim() || error.message;
      reject(new HuntwireError('USAGE', `--changed: git says: ${said}`, { cause: error }));
    });
  });
}

function realPath(file: string): string {
  try {
    return realpathSync.native(file);
  } catch {
    return file;
  }
}
