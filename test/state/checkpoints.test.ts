import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { silentLog } from '../../src/lib/log.ts';
import { type Connection, openConnection } from '../../src/state/sqlite/connection.ts';
import {
  type CheckpointThread,
  createCheckpoints,
  type StartCheckpoints,
} from '../../src/state/writer/checkpoints/checkpoints.ts';

let folder = '';
let connection: Connection;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'huntwire-checkpoints-'));
  connection = openConnection(join(folder, 'state.db'));
  connection.script('PRAGMA journal_mode = WAL; CREATE TABLE t (a INTEGER)');
});
afterEach(() => {
  connection.close();
  rmSync(folder, { recursive: true });
});

const FEW = 3000;
const MANY = 6000;

function write(rows: number): void {
  connection.script(
    `WITH RECURSIVE n(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM n WHERE a < ${rows}) INSERT INTO t SELECT a FROM n`,
  );
}

function autocheckpoint(): unknown {
  return connection.prepare('PRAGMA wal_autocheckpoint').rows([])[0];
}

/** A thread that copies when it is told to. */
function fakeThread() {
  const told: string[] = [];
  const copies: { readonly resolve: () => void; readonly reject: (reason: Error) => void }[] = [];
  const thread: CheckpointThread = {
    copy: () => {
      told.push('copy');
      return new Promise((resolve, reject) => copies.push({ resolve, reject }));
    },
    end: async () => void told.push('end'),
  };
  const start: StartCheckpoints = () => {
    told.push('start');
    return thread;
  };
  return { told, copies, start };
}

const settled = (): Promise<void> => new Promise(setImmediate);

it('starts its thread when much was written, and has it copy once more only when it has done so', async () => {
  const { told, copies, start } = fakeThread();
  const checkpoints = createCheckpoints(connection, start, silentLog);
  write(FEW);
  checkpoints.noteWrite();
  expect(told).toEqual([]);
  write(FEW);
  checkpoints.noteWrite();
  expect(told).toEqual(['start', 'copy']);
  write(MANY);
  checkpoints.noteWrite();
  expect(told).toEqual(['start', 'copy']);
  copies[0]?.resolve();
  await settled();
  checkpoints.noteWrite();
  expect(told).toEqual(['start', 'copy', 'copy']);
  await checkpoints.close();
  expect(told.at(-1)).toBe('end');
});

it('leaves the copying to the writer where the thread has ended', async () => {
  const { told, copies, start } = fakeThread();
  const checkpoints = createCheckpoints(connection, start, silentLog);
  write(MANY);
  checkpoints.noteWrite();
  expect(autocheckpoint()).toEqual({ wal_autocheckpoint: 8000 });
  copies[0]?.reject(new Error('it has ended'));
  await settled();
  expect(autocheckpoint()).toEqual({ wal_autocheckpoint: 2000 });
  write(MANY);
  checkpoints.noteWrite();
  expect(told).toEqual(['start', 'copy']);
});

it('copies in a thread of its own, which begins from compiled files only, and lets the state go at the end', async () => {
  const { startCheckpointThread } = (await import(resolve('dist/state/writer/checkpoints/thread.js'))) as {
    readonly startCheckpointThread: StartCheckpoints;
  };
  connection.script('PRAGMA wal_autocheckpoint = 0');
  write(FEW);
  const thread = startCheckpointThread(connection.path);
  await thread.copy();
  const copy = join(folder, 'copy.db');
  copyFileSync(connection.path, copy);
  const copied = openConnection(copy);
  expect(copied.prepare('SELECT count(*) AS rows FROM t').rows([])).toEqual([{ rows: FEW }]);
  copied.close();
  await thread.end();
  await expect(thread.copy()).rejects.toThrow();
});
