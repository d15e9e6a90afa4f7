import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Alert } from '../../src/alerts/alert.ts';
import type { RunnableRule } from '../../src/rules/rule.ts';
import type { PlantedRow } from '../run/planted-source.ts';
import { COLUMNS, MINUTE } from '../run/story.ts';
import { type HttpReceiver, startHttpReceiver } from '../targets/http-receiver.ts';

/** Where the process kills itself. */
export const POINTS = [
  'before the commit',
  'inside the commit',
  'after the commit',
  'before sending',
  'after the answer',
  'before the acknowledgement',
  'after the acknowledgement',
] as const;

/** Where the parent kills it: a request has come and is not answered; or any moment. */
export const MOMENTS = ['while it waits for the answer', 'at random'] as const;

export type Kill = (typeof POINTS)[number] | (typeof MOMENTS)[number];

export interface Message {
  readonly id: string;
  readonly alert: Alert;
}

/** A state file with its runner, which lives and dies again and again while time goes on. */
export interface Lives {
  readonly statePath: string;
  readonly messages: Message[];
  /** One life, 20 minutes after the one before; tells whether it was killed. */
  live(kill: Kill | null, nth: number): Promise<boolean>;
  close(): Promise<void>;
}

interface Run {
  readonly folder: string;
  readonly receiver: HttpReceiver;
  child: ChildProcess | null;
  /** The request of this life that is answered by a kill; 0: none. */
  fatalRequest: number;
}

const DIST = resolve(process.env.HUNTWIRE_DIST ?? 'dist');
const JOIN = resolve(import.meta.dirname, 'join-modules.mjs');
const SCRIPT = resolve(import.meta.dirname, 'runner.mjs');
export const LIFE_MS = 20 * MINUTE;

export async function startLives(
  start: number,
  rules: readonly RunnableRule[],
  rows: readonly PlantedRow[],
  random: () => number,
): Promise<Lives> {
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-kill-'));
  const messages: Message[] = [];
  const receiver = await startHttpReceiver(({ headers, body }, response) => {
    messages.push({ id: String(headers['webhook-id']), alert: JSON.parse(body) as Alert });
    run.fatalRequest -= 1;
    if (run.fatalRequest === 0) run.child?.kill('SIGKILL');
    else response.end();
  });
  const run: Run = { folder, receiver, child: null, fatalRequest: 0 };
  const statePath = join(folder, 'state.db');
  const script = join(folder, 'compiled.cjs');
  execFileSync(process.execPath, [JOIN, DIST, script]);
  let now = start;
  const live = (kill: Kill | null, nth: number): Promise<boolean> => {
    const orders = { script, state: statePath, url: receiver.url, now, rules, rows, columns: COLUMNS };
    now += LIFE_MS;
    writeFileSync(join(folder, 'orders.json'), JSON.stringify({ ...orders, kill: { point: kill, nth } }));
    return liveOnce(run, kill, nth, random);
  };
  const close = async (): Promise<void> => {
    run.child?.kill('SIGKILL');
    await receiver.close();
    rmSync(folder, { recursive: true });
  };
  return { statePath, messages, live, close };
}

async function liveOnce(run: Run, kill: Kill | null, nth: number, random: () => number): Promise<boolean> {
  const child = spawn(process.execPath, [SCRIPT, join(run.folder, 'orders.json')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  run.child = child;
  run.fatalRequest = kill === 'while it waits for the answer' ? nth : 0;
  const errors: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  child.stdout.once('data', () => {
    if (kill === 'at random') setTimeout(() => child.kill('SIGKILL'), random() * 40);
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(`the runner ended with ${code}: ${Buffer.concat(errors)}`);
  return signal === 'SIGKILL';
}
