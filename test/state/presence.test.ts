import { copyFileSync, cpSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { type RunnerLock, takeRunnerLock } from '../../src/state/runner-lock.ts';
import { openConnection } from '../../src/state/sqlite/connection.ts';
import { watchFiles } from '../../src/state/sqlite/presence.ts';
import { openSqliteStore } from '../../src/state/sqlite-store.ts';
import type { Store } from '../../src/state/store.ts';
import { createScene, DELIVERED, fakeTarget, NEVER } from '../outbox/scene.ts';
import { commitAlerts, freshTarget, START } from './samples.ts';

const clock = createManualClock(START);
let root = '';
let folder = '';
let path = '';
let lock: RunnerLock | null = null;
let store: Store | null = null;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'huntwire-presence-'));
  folder = join(root, 'data');
  path = join(folder, 'state.db');
});
afterEach(async () => {
  await store?.close();
  lock?.release();
  store = null;
  lock = null;
  rmSync(root, { recursive: true });
});

function open(): Store {
  lock = takeRunnerLock(path);
  store = openSqliteStore({ path, clock, lock });
  return store;
}

const GONE = { code: 'STATE_GONE', retryable: false, message: expect.stringContaining('deleted or replaced') };

describe('a runner whose files', () => {
  it.each<{ name: string; change: () => void }>([
    { name: 'lie in a folder that is deleted', change: () => rmSync(folder, { recursive: true }) },
    { name: 'lie in a folder that is moved', change: () => renameSync(folder, `${folder}.old`) },
    {
      name: 'are replaced by copies',
      change: () => {
        renameSync(folder, `${folder}.old`);
        cpSync(`${folder}.old`, folder, { recursive: true });
      },
    },
    { name: 'lose the lock', change: () => unlinkSync(`${path}.lock`) },
    { name: 'lose the write-ahead log', change: () => unlinkSync(`${path}-wal`) },
    {
      name: 'are overlaid by a copy of the state',
      change: () => {
        copyFileSync(path, `${path}.copy`);
        renameSync(`${path}.copy`, path);
      },
    },
  ])('$name commits nothing more', async ({ change }) => {
    const opened = open();
    await commitAlerts(opened, ['a1'], ['soar']);
    change();
    await expect(commitAlerts(opened, ['a2'], ['soar'])).rejects.toMatchObject(GONE);
    await expect(opened.delivered([1], START)).rejects.toMatchObject(GONE);
    await expect(opened.commitHealth({ alerts: [], messages: [], health: [] })).rejects.toMatchObject(GONE);
    await expect(opened.setTargetState(freshTarget('soar'))).rejects.toMatchObject(GONE);
    await expect(opened.targetCounts()).rejects.toMatchObject(GONE);
  });

  it('are moved away and back in time goes on', async () => {
    const opened = open();
    renameSync(folder, `${folder}.old`);
    renameSync(`${folder}.old`, folder);
    await commitAlerts(opened, ['a1'], ['soar']);
    expect(await opened.targetCounts()).toMatchObject([{ pending: 1 }]);
  });

  it('have a name of their own says which one is missing', async () => {
    const opened = open();
    unlinkSync(`${path}.lock`);
    await expect(commitAlerts(opened, ['a1'], ['soar'])).rejects.toThrow(`${path}.lock, which was deleted or replaced`);
  });
});

describe('a file that is watched', () => {
  const watched = () => join(root, 'watched');
  /** A link that leads to itself cannot be looked at, which says nothing of a file. */
  const tangle = () => symlinkSync(watched(), watched());
  const write = () => writeFileSync(watched(), '');
  const remove = () => rmSync(watched(), { force: true });

  it.each<[string, boolean, (() => void)[], (() => void)[]]>([
    ['was there and is', true, [write], []],
    ['was there and is not', false, [write], [remove]],
    ['was not there and is', true, [], [write]],
    ['was not there and is not', true, [], []],
    ['was there and cannot be looked at', true, [write], [remove, tangle]],
    ['could not be looked at and is there', true, [tangle], [remove, write]],
    ['could not be looked at and is not there', true, [tangle], [remove]],
  ])('%s: may go on %s', (_, goesOn, before, after) => {
    for (const change of before) change();
    const connection = watchFiles(openConnection(':memory:'), [watched()]);
    for (const change of after) change();
    const work = [
      () => connection.read(() => 1),
      () => connection.write(() => 1),
      () => connection.writeLazily(() => 1),
    ];
    for (const one of work)
      if (goesOn) expect(one()).toBe(1);
      else expect(one).toThrow(expect.objectContaining(GONE));
    connection.close();
  });
});

describe('the delivery loop on a state that is deleted', () => {
  it('ends with that error while it is idle', async () => {
    const scene = createScene({ targets: [fakeTarget('soar')], store: open(), clock });
    await scene.start();
    rmSync(folder, { recursive: true });
    await clock.advance(20_000);
    await expect(scene.stop()).rejects.toMatchObject(GONE);
  });

  it('ends with it when an acknowledgement cannot be stored', async () => {
    let answer: () => void = () => undefined;
    const soar = fakeTarget('soar', () => new Promise((resolve) => (answer = () => resolve(DELIVERED))));
    const scene = createScene({ targets: [soar], store: open(), clock });
    await commitAlerts(scene.store, ['a1'], ['soar']);
    await scene.start();
    rmSync(folder, { recursive: true });
    answer();
    await clock.advance(100);
    await expect(scene.stop()).rejects.toMatchObject(GONE);
  });

  it('ends although a delivery hangs, and nothing more is started', async () => {
    const soar = fakeTarget('soar', () => NEVER);
    const mail = fakeTarget('mail');
    const scene = createScene({ targets: [soar, mail], store: open(), clock });
    await commitAlerts(scene.store, ['a1'], ['soar']);
    await scene.start();
    await commitAlerts(scene.store, ['a2'], ['mail']);
    rmSync(folder, { recursive: true });
    await clock.advance(20_000);
    await expect(scene.stop()).rejects.toMatchObject(GONE);
    expect(mail.seen).toEqual([]);
  });

  it('fails a drain with it', async () => {
    const scene = createScene({ targets: [fakeTarget('soar')], store: open(), clock });
    await commitAlerts(scene.store, ['a1'], ['soar']);
    rmSync(folder, { recursive: true });
    await expect(scene.drain()).rejects.toMatchObject(GONE);
  });
});
