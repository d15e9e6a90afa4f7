import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type StateSurroundings, stateChecks } from '../../../src/cli/doctor/state-checks.ts';
import { createManualClock } from '../../../src/lib/clock.ts';
import { type Log, silentLog } from '../../../src/lib/log.ts';
import { requireLocalFile } from '../../../src/state/file/network-folder.ts';
import { takeRunnerLock } from '../../../src/state/runner-lock.ts';
import { openConnection } from '../../../src/state/sqlite/connection.ts';
import { openSqliteStore } from '../../../src/state/sqlite-store.ts';
import { commitAlerts } from '../../state/samples.ts';

const ROOMY: StateSurroundings = {
  user: process.getuid?.() ?? null,
  freeBytes: () => 5e9,
  fileSystem: () => 0xef53,
  mounts: () => '',
};

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'state-checks-'));
  path = join(folder, 'state.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function makeState(): Promise<void> {
  const store = openSqliteStore({ path, clock: createManualClock(0) });
  const ids = Array.from({ length: 200 }, (_, index) => `a${index}`);
  await commitAlerts(store, ids, ['soar']);
  await store.close();
}

const keptLog = (): { readonly log: Log; readonly lines: string[] } => {
  const lines: string[] = [];
  return { log: { ...silentLog, warn: (message) => void lines.push(message) }, lines };
};
const look = (surroundings: Partial<StateSurroundings> = {}) => stateChecks({ path }, { ...ROOMY, ...surroundings });
const faults = (surroundings: Partial<StateSurroundings> = {}) => look(surroundings).filter((check) => !check.ok);

describe('the state as doctor sees it', () => {
  it('may not be there yet, and is not made', () => {
    expect(look()).toMatchObject([
      { name: 'state', ok: true, message: 'is not there yet; the first run makes it' },
      { name: 'disk', ok: true, message: 'has room to grow: 5 GB are free' },
      { name: 'runner', ok: true, message: 'none is alive now' },
    ]);
    expect(look()).toHaveLength(3);
  });

  it('is sound, beside a runner that is alive', async () => {
    await makeState();
    const lock = takeRunnerLock(path);
    const results = look();
    lock.release();
    expect(results.map(({ ok, message }) => [ok, message])).toEqual([
      [true, expect.stringMatching(/^is sound \(\d+(\.\d)? MB, layout \d+\)$/)],
      [true, 'has room to grow: 5 GB are free'],
      [true, 'is alive; "huntwire status" tells who it is'],
    ]);
  });

  it('is no database, or a damaged one', async () => {
    writeFileSync(path, 'not a database at all, but long enough to be taken for one'.repeat(100));
    expect(faults()).toMatchObject([
      {
        name: 'state',
        message: expect.stringContaining('is damaged or no database'),
        fix: expect.stringContaining('put a backup in its place'),
      },
    ]);
    rmSync(path);
    await makeState();
    truncateSync(path, 5 * 8192);
    expect(faults()).toMatchObject([
      {
        name: 'state',
        message: expect.stringMatching(/damaged/),
        fix: expect.stringContaining('put a backup in its place'),
      },
    ]);
  });

  it('was written by a newer version, or by an older one, which is no fault', async () => {
    await makeState();
    const connection = openConnection(path);
    connection.script('PRAGMA user_version = 9999');
    connection.close();
    expect(faults()).toMatchObject([
      {
        name: 'state',
        message: expect.stringMatching(/^was written by a newer huntwire \(layout 9999; this one knows \d+\)$/),
        fix: 'Install that version, or use another state.path.',
      },
    ]);
    const older = openConnection(path);
    older.script('PRAGMA user_version = 1');
    older.close();
    expect(look()[0]).toMatchObject({
      ok: true,
      message: expect.stringMatching(/^has layout 1; the next run brings it up to \d+$/),
    });
  });

  it('is a folder', () => {
    mkdirSync(path);
    expect(faults()).toMatchObject([{ name: 'state', message: expect.stringContaining('cannot be opened') }]);
  });

  it('belongs to another user', async () => {
    await makeState();
    expect(faults({ user: 4242 })).toMatchObject([
      { name: 'owner', fix: 'Run doctor as the user that runs huntwire.' },
    ]);
  });

  it('lies on a disk that is full, or nearly so', () => {
    expect(faults({ freeBytes: () => 1e6 })).toMatchObject([
      { name: 'disk', message: 'the disk is full: 1 MB are left' },
    ]);
    expect(faults({ freeBytes: () => 1e8 })).toMatchObject([
      { name: 'space', message: 'the disk is nearly full: 100 MB are left' },
    ]);
  });

  const onLinux = process.platform === 'linux' ? it : it.skip;
  onLinux('lies on a file system of a program, which is one over a network for some of them', () => {
    const mounts = (type: string) => () =>
      `36 35 98:0 / / rw - ext4 /dev/sda1 rw\n40 36 0:52 / ${folder} rw - ${type} where rw\n`;
    const of = (type: string) => ({ fileSystem: () => 0x65735546, mounts: mounts(type) });
    expect(faults(of('fuse.sshfs'))).toMatchObject([
      { name: 'network', message: expect.stringContaining('(fuse.sshfs)') },
    ]);
    expect(faults(of('fuse.mergerfs'))).toEqual([]);
    const { log, lines } = keptLog();
    const refused = { code: 'STATE_FAILED', message: expect.stringContaining('state.overNetwork: true') };
    expect(() => requireLocalFile({ path }, log, of('fuse.sshfs'))).toThrow(expect.objectContaining(refused));
    requireLocalFile({ path, overNetwork: true }, log, of('fuse.sshfs'));
    requireLocalFile({ path }, log, of('fuse.mergerfs'));
    expect(lines).toEqual([expect.stringContaining('state.overNetwork says that none does')]);
    const vouched = stateChecks({ path, overNetwork: true }, { ...ROOMY, ...of('fuse.sshfs') });
    expect(vouched).toContainEqual(expect.objectContaining({ name: 'network', ok: true }));
  });

  onLinux('lies on a file system over a network, whose kind Linux tells by a number', () => {
    for (const kind of [0x6969, 0xfe534d42])
      expect(faults({ fileSystem: () => kind })).toMatchObject([
        {
          name: 'network',
          message: expect.stringContaining('whether another machine runs on this file cannot be told'),
        },
      ]);
  });
});
