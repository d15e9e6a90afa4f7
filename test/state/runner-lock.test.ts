import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { isRunnerAlive, type RunnerLock, takeRunnerLock } from '../../src/state/runner-lock.ts';
import { openSqliteStore } from '../../src/state/sqlite-store.ts';
import type { Store } from '../../src/state/store.ts';
import { commitAlerts, START } from './samples.ts';

/** Child processes need compiled code; `npm test` builds it first. */
const compiled = resolve(process.env.HUNTWIRE_DIST ?? 'dist', 'state/runner-lock.js');
const HOLDER = `
import { takeRunnerLock } from ${JSON.stringify(compiled)};
takeRunnerLock(process.argv[1]);
process.stdout.write('locked');
setInterval(() => undefined, 1000);
`;

const clock = createManualClock(START);
let folder: string;
let path: string;
let locks: RunnerLock[];
let stores: Store[];
let child: ChildProcess | null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'huntwire-lock-'));
  path = join(folder, 'state.db');
  locks = [];
  stores = [];
  child = null;
});

afterEach(async () => {
  child?.kill('SIGKILL');
  for (const store of stores) await store.close();
  for (const lock of locks) lock.release();
  rmSync(folder, { recursive: true });
});

function take(): RunnerLock {
  const lock = takeRunnerLock(path);
  locks.push(lock);
  return lock;
}

function openAs(lock?: RunnerLock): Store {
  const store = openSqliteStore({ path, clock, ...(lock && { lock }) });
  stores.push(store);
  return store;
}

describe('the runner lock', () => {
  it('is held by one runner, and the second is told which file', () => {
    const lock = take();
    expect(lock.path).toBe(`${path}.lock`);
    expect(() => takeRunnerLock(path)).toThrow(
      expect.objectContaining({ code: 'STATE_LOCKED', message: expect.stringContaining(`${path}.lock`) }),
    );
  });

  it('is free after its release, and other state files have their own', () => {
    take().release();
    locks = [];
    take();
    takeRunnerLock(join(folder, 'other.db')).release();
    expect(existsSync(`${path}.lock`)).toBe(true);
  });

  it('needs no state file and does not make one', () => {
    take();
    expect(() => takeRunnerLock(path)).toThrow(expect.objectContaining({ code: 'STATE_LOCKED' }));
    expect(existsSync(path)).toBe(false);
  });

  it('tells whether a runner is alive, and keeps nobody from becoming one', () => {
    expect(isRunnerAlive(path)).toBe(false);
    const lock = take();
    expect(isRunnerAlive(path)).toBe(true);
    lock.release();
    locks = [];
    expect(isRunnerAlive(path)).toBe(false);
    take();
  });

  it('names who holds it, once that process has said so', async () => {
    const lock = take();
    const who = { verb: 'run', pid: 4711, machine: 'hunter', version: '0.1.0', startedAt: START, endedAt: null };
    await openAs(lock).noteRunner({ ...who, rules: [] });
    expect(() => takeRunnerLock(path)).toThrow(
      `"huntwire run" (pid 4711 on hunter, since 2026-01-01T12:00:00Z) runs on the state file ${path} (it holds ${path}.lock); end it, or give this one its own state.path.`,
    );
  });

  it('lets short writers and readers in', async () => {
    const runner = openAs(take());
    await commitAlerts(runner, ['a1'], ['soar']);
    const beside = openAs();
    expect(await beside.buryPending('soar', { reason: 'r', at: START })).toBe(1);
    expect(beside.fence).toBe(runner.fence);
  });

  const ready = existsSync(compiled);
  (ready ? it : it.skip)('is freed by the system when its process is killed', async () => {
    child = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (child.stdout) await once(child.stdout, 'data');
    expect(() => takeRunnerLock(path)).toThrow(expect.objectContaining({ code: 'STATE_LOCKED' }));
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(take().path).toBe(`${path}.lock`);
  });
});

describe('the fence', () => {
  it('grows with each runner, and commits of an earlier one are refused', async () => {
    const lock = take();
    const first = openAs(lock);
    await commitAlerts(first, ['a1'], ['soar']);
    const second = openAs(lock);
    expect(second.fence).toBe(first.fence + 1);
    await expect(commitAlerts(first, ['a2'], ['soar'])).rejects.toMatchObject({
      code: 'STATE_FENCED',
      retryable: false,
      message: expect.stringContaining(path),
    });
    await commitAlerts(second, ['a3'], ['soar']);
    expect((await second.targetCounts())[0]?.pending).toBe(2);
  });
});
