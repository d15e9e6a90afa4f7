import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from '@jest/globals';

/** For what hangs, not for what is slow. */
const PATIENCE_MS = 100_000;
const SEARCHED = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'].join(
  delimiter,
);

/** Why a program cannot be used here, or null. */
export function programProblem(program: string): string | null {
  const isHere = spawnSync('sh', ['-c', `command -v ${program}`], { env: { PATH: SEARCHED } }).status === 0;
  return isHere ? null : `${program} is not installed`;
}

/** Why rsyslog cannot be used here, or with these modules, or null: some of them come in packages of their own. */
export function rsyslogProblem(modules: readonly string[]): string | null {
  const absent = programProblem('rsyslogd');
  if (absent) return absent;
  const folder = makeFolder();
  try {
    const file = join(folder, 'modules.conf');
    writeFileSync(file, modules.map((module) => `module(load="${module}")\n`).join(''));
    const { stderr } = spawnSync('rsyslogd', ['-N1', '-f', file], { env: { PATH: SEARCHED }, encoding: 'utf8' });
    const lacking = modules.filter((module) => stderr.includes(`could not load module '${module}'`));
    return lacking.length === 0 ? null : `rsyslog has no ${lacking.join(', ')}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Describes tests that need something of the machine: without it they are skipped with the reason, and fail where all must be there. */
export function describeWith(problem: string | null, name: string, body: () => void): void {
  if (problem === null) describe(name, body);
  else if (process.env.HUNTWIRE_TESTS_NEED_ALL !== '1') describe(name, () => it.skip(problem, () => undefined));
  else {
    it(`${name} can be tested`, () => {
      throw new Error(`${problem}, and HUNTWIRE_TESTS_NEED_ALL is set.`);
    });
  }
}

export interface Receiver {
  readonly folder: string;
  /** What a file in the folder holds; empty while it is not there. */
  read(file: string): string;
  /** `SIGSTOP` freezes it, `SIGCONT` wakes it up; with `SIGKILL` it is gone when this resolves, and its folder stays. */
  signal(name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): Promise<void>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

export function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), 'huntwire-receiver-'));
}

/** Starts a program that stays in the foreground and waits until it listens on the port. */
export async function startReceiver(folder: string, program: string, args: string[], port: number): Promise<Receiver> {
  const child = spawn(program, args, { cwd: folder, env: { PATH: SEARCHED }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  child.on('error', (error) => (said += error.message));
  const stop = async (): Promise<void> => {
    await stopChild(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await eventually(`${program} listens`, async () => (await canConnect(port)) || child.exitCode !== null);
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}: ${said}`);
  } catch (error) {
    await stop();
    throw error;
  }
  const signal: Receiver['signal'] = async (name) => {
    const over = new Promise((resolve) => child.once('exit', resolve));
    child.kill(name);
    if (name === 'SIGKILL') await over;
    if (name === 'SIGSTOP') await eventually(`${program} is frozen`, () => isFrozen(child.pid ?? 0));
  };
  return { folder, read: (file) => readIfThere(join(folder, file)), signal, stop };
}

/** Waits for something that another process does. */
export async function eventually(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Waited in vain: ${what}`);
    await sleep(20);
  }
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

/** Whether all threads of a process have stopped, as /proc tells; a signal takes its time on a busy machine. */
function isFrozen(pid: number): boolean {
  const tasks = `/proc/${pid}/task`;
  return readdirSync(tasks).every((task) => / T \d/.test(readIfThere(join(tasks, task, 'stat'))));
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = new Promise((resolve) => child.once('exit', resolve));
  // What is frozen hears nothing else.
  child.kill('SIGCONT');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 5000);
  await over;
  clearTimeout(late);
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
