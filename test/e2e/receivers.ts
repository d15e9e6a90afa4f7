import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from '@jest/globals';

const PATIENCE_MS = 15_000;
const SEARCHED = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'].join(delimiter);

/** Describes tests that need a program. Without it they are skipped with a reason, and fail where CI is set. */
export function describeReceiver(program: string, name: string, body: () => void): void {
  const isHere = spawnSync('sh', ['-c', `command -v ${program}`], { env: { PATH: SEARCHED } }).status === 0;
  const missing = `${program} is not installed`;
  if (isHere) describe(name, body);
  else if (process.env.CI !== 'true') describe(name, () => it.skip(missing, () => undefined));
  else {
    it(`${name} is there`, () => {
      throw new Error(`${missing}, and CI must not go without it.`);
    });
  }
}

export interface Receiver {
  readonly folder: string;
  /** What a file in the folder holds; empty while it is not there. */
  read(file: string): string;
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
  return { folder, read: (file) => readIfThere(join(folder, file)), stop };
}

/** Waits for something that another process does. */
export async function eventually(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Waited in vain: ${what}`);
    await sleep(20);
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
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

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = new Promise((resolve) => child.once('exit', resolve));
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
