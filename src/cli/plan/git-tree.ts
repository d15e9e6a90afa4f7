import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HuntwireError } from '../../lib/errors.ts';

/** A commit's files in a folder of their own, until it is closed. */
export interface GitTree {
  /** What stands for the folder that was asked from. */
  readonly folder: string;
  /** The full id of the commit. */
  readonly commit: string;
  close(): Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Writes the files of a commit into a new folder for temporary files; the repository that holds `near` is only read. Whatever `ref` says
 * is a name of a commit and never an option; no hook runs, and links become plain files, so that a branch cannot lead out of the folder.
 * Throws USAGE where there is no repository or no such commit.
 */
export async function openGitTree(near: string, ref: string, environment: Environment): Promise<GitTree> {
  const git = (words: readonly string[], index?: string): Promise<string | null> =>
    outputOf(words, { ...withoutGit(environment), ...(index && { GIT_INDEX_FILE: index }) });
  const [top, prefix] = [
    await git(['-C', near, 'rev-parse', '--show-toplevel']),
    await git(['-C', near, 'rev-parse', '--show-prefix']),
  ];
  if (top === null || prefix === null)
    throw new HuntwireError('USAGE', `--compare: ${near} lies in no git repository.`);
  const commit = await git(['-C', top, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
  if (commit === null || !/^[0-9a-f]{40,64}$/.test(commit))
    throw new HuntwireError('USAGE', `--compare: there is no commit "${ref}".`);
  const folder = await mkdtemp(join(tmpdir(), 'huntwire-plan-'));
  const close = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const files = join(folder, 'files');
  const index = join(folder, 'index');
  const isWritten =
    (await git(['-C', top, ...QUIET, 'read-tree', commit], index)) !== null &&
    (await git(['-C', top, ...QUIET, 'checkout-index', '-a', `--prefix=${files}/`], index)) !== null;
  if (isWritten) return { folder: join(files, prefix), commit, close };
  await close();
  throw new HuntwireError('USAGE', `--compare: git cannot write the files of ${commit}.`);
}

/** A hook of git says where its own index and folder are; these are not for us. */
function withoutGit(environment: Environment): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('GIT_')));
}

const QUIET = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.symlinks=false', '-c', 'core.fsmonitor=false'];

/** What git prints, without the line break at its end; null where it fails or is not there. */
function outputOf(words: readonly string[], env: Record<string, string | undefined>): Promise<string | null> {
  return new Promise((done) => {
    const chunks: Buffer[] = [];
    const child = spawn('git', words, { stdio: ['ignore', 'pipe', 'ignore'], env });
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', () => done(null));
    child.on('close', (code) => done(code === 0 ? Buffer.concat(chunks).toString('utf8').trim() : null));
  });
}
