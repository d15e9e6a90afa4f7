import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { stateChecks } from '../../src/cli/doctor/state-checks.ts';
import { createManualClock } from '../../src/lib/clock.ts';
import { openReader, openSqliteStore } from '../../src/state/sqlite-store.ts';
import { commitAlerts, START } from './samples.ts';

/** Whether this user may mount a small disk: root on Linux, where no container forbids it. */
function mayMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-mount-'));
  const isMounted = mount(folder);
  if (isMounted) execFileSync('umount', [folder]);
  rmdirSync(folder);
  return isMounted;
}

function mount(folder: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder]).status === 0;
}

const real = mayMount() ? describe : describe.skip;
const clock = createManualClock(START);
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'huntwire-disk-'));
  mount(folder);
  path = join(folder, 'state.db');
});
afterEach(() => {
  // A connection that was closed may hold its file until it is collected.
  execFileSync('umount', ['--lazy', folder]);
  rmdirSync(folder);
});

function fill(): void {
  for (let size = 1024 * 1024; size >= 1; size = Math.floor(size / 2)) {
    try {
      while (true) writeFileSync(join(folder, 'filling'), Buffer.alloc(size), { flag: 'a' });
    } catch {
      // No more of this size.
    }
  }
}

function trouble(work: () => unknown): { readonly code: unknown; readonly message: string } {
  try {
    work();
  } catch (error) {
    return error as { readonly code: unknown; readonly message: string };
  }
  throw new Error('nothing was thrown');
}

const failures = () => stateChecks({ path }).filter((check) => !check.ok && check.name === 'state');

/** Made elsewhere, so that nothing of this process is open on the disk. */
async function makeState(): Promise<void> {
  const elsewhere = mkdtempSync(join(tmpdir(), 'huntwire-state-'));
  const store = openSqliteStore({ path: join(elsewhere, 'state.db'), clock });
  await commitAlerts(store, ['a1'], ['soar']);
  await store.close();
  copyFileSync(join(elsewhere, 'state.db'), path);
  rmSync(elsewhere, { recursive: true });
}

real('a disk that is really full (needs the right to mount one)', () => {
  it('is told by whoever opens the state, and by doctor', async () => {
    await makeState();
    fill();
    const told = { code: 'STATE_FULL', message: expect.stringContaining('the disk is full; free space on it') };
    expect(trouble(() => openReader({ path, clock }))).toMatchObject(told);
    expect(trouble(() => openSqliteStore({ path, clock }))).toMatchObject(told);
    expect(failures()).toMatchObject([{ fix: expect.stringMatching(/^Free space on its disk/) }]);
  });

  it('fails a commit whole, and takes it when there is space again', async () => {
    const store = openSqliteStore({ path, clock });
    await commitAlerts(store, ['a1'], ['soar']);
    fill();
    const many = Array.from({ length: 500 }, (_, at) => `b${at}`);
    await expect(commitAlerts(store, many, ['soar'])).rejects.toMatchObject({ code: 'STATE_FULL', retryable: true });
    expect(await store.targetCounts()).toMatchObject([{ pending: 1 }]);
    rmSync(join(folder, 'filling'));
    await commitAlerts(store, many, ['soar']);
    expect(await store.targetCounts()).toMatchObject([{ pending: 501 }]);
    await store.close();
  });
});

real('a disk that is mounted for reading only (needs the right to mount one)', () => {
  it('is told by whoever opens the state, and doctor advises no other owner', async () => {
    await makeState();
    execFileSync('mount', ['-o', 'remount,ro', folder]);
    const told = { code: 'STATE_FAILED', message: expect.stringContaining('mounted for reading only') };
    expect(trouble(() => openReader({ path, clock }))).toMatchObject(told);
    expect(trouble(() => openSqliteStore({ path, clock }))).toMatchObject(told);
    expect(existsSync(`${path}-wal`)).toBe(false);
    const [failure] = failures();
    expect(failure).toMatchObject({ fix: expect.stringContaining('whether its disk is mounted read-only') });
    expect(JSON.stringify(failure)).not.toMatch(/chown|Run huntwire as/);
  });
});
