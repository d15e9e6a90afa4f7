import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { RunnableRule } from '../../src/rules/rule.ts';
import type { PlantedRow } from '../run/planted-source.ts';
import { COLUMNS } from '../run/story.ts';

/** One process: when it starts, and what it does (see life.mjs). The last step may be `die`. */
export interface LifePlan {
  readonly now: number;
  readonly steps: readonly ('run' | 'drain' | 'checkpoint' | 'replay' | 'note' | 'close' | 'die')[];
}

export interface RecordPlan {
  readonly rules: readonly RunnableRule[];
  readonly rows: readonly PlantedRow[];
  readonly lives: readonly LifePlan[];
  readonly stepMs: number;
}

const DIST = resolve(process.env.HUNTWIRE_DIST ?? 'dist');
const SCRIPT = resolve(import.meta.dirname, 'life.mjs');
/** All calls that change a file, or make a change durable. */
const CALLS = [
  ...['open', 'openat', 'creat', 'write', 'pwrite64', 'writev', 'pwritev', 'pwritev2', 'truncate', 'ftruncate'],
  ...[
    'fallocate',
    'fsync',
    'fdatasync',
    'sync_file_range',
    'rename',
    'renameat',
    'renameat2',
    'unlink',
    'unlinkat',
    'mkdir',
    'mkdirat',
  ],
].join(',');

/** Why system calls cannot be recorded here, or null. */
export function recordingProblem(): string | null {
  const tried = spawnSync('strace', ['-f', '--seccomp-bpf', '-y', '-e', 'trace=fsync', '-o', '/dev/null', 'true']);
  if (tried.error) return 'strace is not installed';
  return tried.status === 0 ? null : 'strace may not trace here';
}

/** Lives one process after another in `folder`/disk and returns the record of their system calls. */
export function recordLives(folder: string, plan: RecordPlan): string {
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  const orders = join(folder, 'orders.json');
  writeFileSync(orders, JSON.stringify({ ...plan, dist: DIST, folder: disk, columns: COLUMNS }));
  const trace = join(folder, 'trace');
  const lives = plan.lives.map((_, life) => `"${process.execPath}" "${SCRIPT}" "${orders}" ${life}`);
  const script = plan.lives.map(
    ({ steps }, life) => `${lives[life]}${steps.at(-1) === 'die' ? '; true' : ' || exit 1'}`,
  );
  const options = [
    '-f',
    '--seccomp-bpf',
    '-y',
    '-xx',
    '-s',
    String(2 ** 24),
    '-e',
    `trace=${CALLS}`,
    '-e',
    'signal=none',
    '-o',
    trace,
  ];
  const ran = spawnSync('strace', [...options, 'sh', '-c', script.join('\n')], { encoding: 'utf8' });
  if (ran.status !== 0) throw new Error(`the lives failed: ${ran.stderr}`);
  return trace;
}
