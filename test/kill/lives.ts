import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Alert } from '../../src/alerts/alert.ts';
import type { RunnableRule } from '../../src/rules/rule.ts';
import type { PlantedRow } from '../run/planted-source.ts';
import { COLUMNS, MINUTE } from '../run/story.ts';
import { type HttpReceiver, startHttpReceiver } from '../targets/http-receiver.ts';

/** Where a life stops dead by itself, to be killed (see stops.mjs). */
export const POINTS = [
  'before commit',
  'inside commit',
  'after commit',
  'before sending',
  'after the answer',
  'before delivered',
  'after delivered',
] as const;

/** Where it is killed as it goes: a request has come and is not answered; or any moment, which is one of all lives in the process. */
export const MOMENTS = ['while it waits for the answer', 'at random'] as const;

export type Kill = (typeof POINTS)[number] | (typeof MOMENTS)[number];

/** Where a life is to be killed, at which time that it comes there; null: nowhere. */
export interface Fate {
  readonly kill: Kill | null;
  readonly nth: number;
}

export interface Message {
  readonly id: string;
  readonly alert: Alert;
}

/** State files with their runners, which live and die together again and again while time goes on. */
export interface Lives {
  readonly statePaths: readonly string[];
  /** What each of them has told. */
  readonly messages: readonly Message[][];
  /** One life of each, 20 minutes after the one before; tells which were killed. Throws where one did anything after it had stopped. */
  live(fates: readonly Fate[]): Promise<readonly boolean[]>;
  close(): Promise<void>;
}

const DIST = resolve(process.env.HUNTWIRE_DIST ?? 'dist');
const JOIN = resolve(import.meta.dirname, 'join-modules.mjs');
const SCRIPT = resolve(import.meta.dirname, 'runner.mjs');
export const LIFE_MS = 20 * MINUTE;
/** Moments at random are so far from the beginning at most. */
const RANDOM_MS = 100;

/** One process and what is known of its lives. */
interface Process {
  readonly child: ChildProcess;
  /** Requests that each may still have answered; the next one finds its life killed. */
  readonly answers: number[];
  readonly waiting: Set<number>;
  readonly stopped: Map<number, string>;
  readonly ended: Set<number>;
}

export async function startLives(options: {
  readonly start: number;
  readonly states: number;
  readonly rules: readonly RunnableRule[];
  readonly rows: readonly PlantedRow[];
  readonly random: () => number;
}): Promise<Lives> {
  const { start, states, rules, rows, random } = options;
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'huntwire-kill-'));
  const messages: Message[][] = Array.from({ length: states }, () => []);
  const statePaths = messages.map((_, state) => join(folder, `state-${state}.db`));
  let running: Process | null = null;
  const receiver: HttpReceiver = await startHttpReceiver(({ path, headers, body }, response) => {
    const state = Number(path.split('/').at(-1));
    messages[state]?.push({ id: String(headers['webhook-id']), alert: JSON.parse(body) as Alert });
    if (running === null || mayAnswer(running, state)) response.end();
    else killWhenDue(running, states);
  });
  const script = join(folder, 'compiled.cjs');
  execFileSync(process.execPath, [JOIN, DIST, script]);
  let now = start;
  const live = async (fates: readonly Fate[]): Promise<readonly boolean[]> => {
    const orders = { script, url: receiver.url, now, rules, rows, columns: COLUMNS };
    now += LIFE_MS;
    const file = join(folder, 'orders.json');
    const places = fates.map(({ kill, nth }, state) => ({ path: statePaths[state], kill: { point: kill, nth } }));
    writeFileSync(file, JSON.stringify({ ...orders, states: places }));
    running = begin(file, fates);
    const killed = await toItsEnd(running, fates, random);
    for (const [state, digest] of running.stopped)
      if (digestOf(statePaths[state] ?? '') !== digest) throw new Error(`state ${state} was written to by the dead`);
    return killed;
  };
  const close = async (): Promise<void> => {
    running?.child.kill('SIGKILL');
    await receiver.close();
    rmSync(folder, { recursive: true });
  };
  return { statePaths, messages, live, close };
}

function begin(file: string, fates: readonly Fate[]): Process {
  const child = spawn(process.execPath, [SCRIPT, file], { stdio: ['ignore', 'pipe', 'pipe'] });
  const answers = fates.map(({ kill, nth }) =>
    kill === 'while it waits for the answer' ? nth - 1 : Number.POSITIVE_INFINITY,
  );
  return { child, answers, waiting: new Set(), stopped: new Map(), ended: new Set() };
}

function mayAnswer({ answers, waiting }: Process, state: number): boolean {
  const left = answers[state] ?? 0;
  answers[state] = left - 1;
  if (left <= 0) waiting.add(state);
  return left > 0;
}

/** Kills once no life goes on and one is to die. */
function killWhenDue({ child, waiting, stopped, ended }: Process, states: number): void {
  const dying = waiting.size + stopped.size;
  if (dying > 0 && dying + ended.size === states) child.kill('SIGKILL');
}

async function toItsEnd(one: Process, fates: readonly Fate[], random: () => number): Promise<readonly boolean[]> {
  const { child, stopped, ended } = one;
  const isRandom = fates.some(({ kill }) => kill === 'at random');
  let errors = '';
  child.stderr?.on('data', (chunk) => (errors += chunk));
  const lines = createInterface({ input: child.stdout as NonNullable<ChildProcess['stdout']> });
  lines.on('line', (line) => {
    const said = JSON.parse(line) as 'ready' | { readonly state: number; readonly digest: string | null };
    if (said === 'ready') return isRandom && setTimeout(() => child.kill('SIGKILL'), random() * RANDOM_MS);
    if (said.digest === null) ended.add(said.state);
    else stopped.set(said.state, said.digest);
    return killWhenDue(one, fates.length);
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(`the runner ended with ${code}: ${errors}`);
  return fates.map((_, state) => signal === 'SIGKILL' && !ended.has(state));
}

/** As stops.mjs tells what the files of a life were when it stopped. */
function digestOf(state: string): string {
  const hash = createHash('sha256');
  for (const path of [state, `${state}-wal`]) hash.update(existsSync(path) ? readFileSync(path) : '-').update('|');
  return hash.digest('hex');
}
