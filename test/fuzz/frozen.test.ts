import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startHttpReceiver } from '../targets/http-receiver.ts';

/** 220 alerts of 250 kB in `npm test`, 8,192 by `npm run fuzz`: as many as syslog may have in flight. */
const COUNT = Math.min(8192, Math.max(220, Number(process.env.HUNTWIRE_FUZZ_RUNS ?? 0)));
const CHARACTERS = 250_000;
/** What the runner may keep in memory, which is less than what waits for those that are frozen. */
const HEAP_MEGABYTES = 128;

const ROOT = join(import.meta.dirname, '../..');
const closers: (() => unknown)[] = [];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'huntwire-frozen-'));
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  rmSync(folder, { recursive: true });
});

/** Ids that have arrived, and who waits for all of them. */
interface Arrivals {
  readonly ids: Set<string>;
  add(id: string): void;
  readonly all: Promise<void>;
}

function createArrivals(): Arrivals {
  const ids = new Set<string>();
  let done = (): void => undefined;
  const all = new Promise<void>((resolve) => {
    done = resolve;
  });
  const add = (id: string): void => {
    ids.add(id);
    if (ids.size === COUNT) done();
  };
  return { ids, add, all };
}

/** Finds ids in a stream of text, however it is cut. */
function idReader(arrivals: Arrivals): (chunk: Buffer) => void {
  let rest = '';
  return (chunk) => {
    const text = rest + chunk.toString('latin1');
    for (const [, id = ''] of text.matchAll(/"id":"(a\d{6})"/g)) arrivals.add(id);
    rest = text.slice(-20);
  };
}

interface Receiver {
  readonly settings: object;
  readonly arrivals: Arrivals;
  /** Begins to take what it is given. */
  thaw(): void;
}

async function startWebhook(isFrozen: boolean): Promise<Receiver> {
  const arrivals = createArrivals();
  let frozen = isFrozen;
  let held: [ServerResponse, string][] = [];
  const take = (response: ServerResponse, id: string): void => {
    if (response.destroyed) return;
    arrivals.add(id);
    response.writeHead(204).end();
  };
  const server = await startHttpReceiver(({ headers }, response) => {
    server.received.length = 0;
    const id = String(headers['webhook-id']);
    if (frozen) held.push([response, id]);
    else take(response, id);
  });
  closers.push(server.close);
  const thaw = (): void => {
    frozen = false;
    for (const one of held) take(...one);
    held = [];
  };
  // Two seconds of the runner's clock, which is ten times as fast.
  return { settings: { type: 'webhook', url: server.url, timeoutSeconds: 20 }, arrivals, thaw };
}

/** Takes connections and does not read. */
async function startSyslog(): Promise<Receiver> {
  const arrivals = createArrivals();
  const sockets: Socket[] = [];
  let frozen = true;
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    if (frozen) socket.pause();
    socket.on('data', idReader(arrivals));
    if (frozen) socket.pause();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const thaw = (): void => {
    frozen = false;
    for (const socket of sockets) socket.resume();
  };
  const { port } = server.address() as AddressInfo;
  return { settings: { type: 'syslog', host: '127.0.0.1', port, protocol: 'tcp' }, arrivals, thaw };
}

/** A reader of a pipe that has opened it and reads as little as its own buffers take. */
function startPipe(): Receiver {
  const arrivals = createArrivals();
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const reader = spawn('cat', [path], { stdio: ['ignore', 'pipe', 'ignore'] });
  closers.push(() => reader.kill('SIGKILL'));
  const thaw = (): void => {
    reader.stdout.on('data', idReader(arrivals));
  };
  return { settings: { type: 'file', path }, arrivals, thaw };
}

async function startRunner(targets: object): Promise<ChildProcess> {
  const orders = {
    dist: join(ROOT, 'dist'),
    state: join(folder, 'state.db'),
    count: COUNT,
    characters: CHARACTERS,
    targets,
  };
  const runner = fork(join(import.meta.dirname, 'frozen-runner.mjs'), [JSON.stringify(orders)], {
    execArgv: ['--no-warnings', `--max-old-space-size=${HEAP_MEGABYTES}`],
  });
  closers.push(() => runner.kill('SIGKILL'));
  await once(runner, 'message');
  return runner;
}

describe('receivers that take nothing for a while', () => {
  it('cost a bounded memory, hold no other target up, and get everything when they are back', async () => {
    const steady = await startWebhook(false);
    const frozen = [await startWebhook(true), await startSyslog(), startPipe()];
    const [webhook, syslog, pipe] = frozen.map(({ settings }) => settings);
    const runner = await startRunner({ steady: steady.settings, webhook, syslog, pipe });
    const ended = once(runner, 'exit').then(([code, signal]) => {
      throw new Error(`the runner ended: ${code ?? signal}`);
    });
    await Promise.race([steady.arrivals.all, ended]);
    expect(frozen.map(({ arrivals }) => arrivals.ids.size)).toEqual([0, 0, 0]);
    for (const receiver of frozen) receiver.thaw();
    await Promise.race([Promise.all(frozen.map(({ arrivals }) => arrivals.all)), ended]);
    ended.catch(() => undefined);
    const said = once(runner, 'message');
    runner.send('stop');
    const [left] = (await said) as [{ readonly dead: number; readonly megabytes: number }];
    expect(left.dead).toBe(0);
    expect(left.megabytes).toBeLessThan(4 * HEAP_MEGABYTES);
  });
});
