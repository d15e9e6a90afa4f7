import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runCli } from '../../src/cli/cli.ts';
import { state } from '../../src/cli/state.ts';
import { createManualClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { Secret } from '../../src/lib/secret.ts';
import { exportState } from '../../src/state/file/export-state.ts';
import { takeRunnerLock } from '../../src/state/runner-lock.ts';
import { openConnection } from '../../src/state/sqlite/connection.ts';
import { MIGRATIONS } from '../../src/state/sqlite/migrations.ts';
import { openReader, openSqliteStore } from '../../src/state/sqlite-store.ts';
import { openStateFile } from '../../src/state/state-file.ts';
import { openState } from '../../src/state/state-place.ts';
import type { Store } from '../../src/state/store.ts';
import { postgres } from '../lib/postgres.ts';
import { commitAlerts, START } from '../state/samples.ts';
import { createFakeWorld } from './fake-world.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/states');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'huntwire-state-'));
  configure('s.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function configure(path: string): void {
  writeFileSync(join(folder, 'huntwire.yaml'), `source: {api: local, path: data}\nstate: {path: ${path}}\n`);
}

const at = (name: string): string => join(folder, name);
const clock = createManualClock(START);

async function call(...args: readonly string[]) {
  const world = createFakeWorld(folder);
  const exitCode = await runCli(['state', ...args], world, [state]);
  return { exitCode, out: world.out(), err: world.err() };
}

async function fill() {
  const store = openSqliteStore({ path: at('s.db'), clock });
  await commitAlerts(store, ['a1', 'a2'], ['soar']);
  return store;
}

async function alertsIn(path: string): Promise<readonly string[]> {
  const reader = openReader({ path, clock });
  const found = await reader.alertsById('a');
  await reader.close();
  return found.map(({ id }) => id).sort();
}

describe('state backup', () => {
  it('copies a state beside whoever works with it, for its owner alone; the copy goes on as the state', async () => {
    const store = await fill();
    expect(await call('backup', 'copy.db')).toMatchObject({ exitCode: 0, out: expect.stringContaining('is whole') });
    await store.close();
    expect(statSync(at('copy.db')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.includes('part'))).toEqual([]);
    expect(await alertsIn(at('copy.db'))).toEqual(['a1', 'a2']);
    const restored = openSqliteStore({ path: at('copy.db'), clock, lock: takeRunnerLock(at('copy.db')) });
    await commitAlerts(restored, ['a3'], ['soar']);
    await restored.close();
  });

  it('takes no file that is there, and needs a state', async () => {
    expect((await call('backup', 'copy.db')).exitCode).toBe(2);
    await (await fill()).close();
    expect(await call('backup', 's.db')).toMatchObject({ exitCode: 2, err: expect.stringContaining('there already') });
    expect((await call('backup', 'none/copy.db')).exitCode).toBe(2);
  });
});

describe('state check', () => {
  it('tells what a state is like, and what is wrong with it', async () => {
    await (await fill()).close();
    const newest = MIGRATIONS.at(-1)?.number;
    const { exitCode, out } = await call('check', '--format', 'json');
    expect([exitCode, JSON.parse(out)]).toEqual([0, { state: at('s.db'), layout: newest, newest, damage: null }]);
    const bytes = readFileSync(at('s.db'));
    writeFileSync(at('s.db'), bytes.fill(7, bytes.length - 8192 * 2));
    expect((await call('check')).exitCode).toBe(5);
  });
});

describe('state export and import', () => {
  it('move a state as it is', async () => {
    await (await fill()).close();
    expect((await call('export', 'all.jsonl')).exitCode).toBe(0);
    configure('other.db');
    expect(await call('import', 'all.jsonl')).toMatchObject({ exitCode: 0 });
    expect(await alertsIn(at('other.db'))).toEqual(['a1', 'a2']);
    exportState(at('other.db'), at('again.jsonl'));
    expect(readFileSync(at('again.jsonl'), 'utf8')).toBe(readFileSync(at('all.jsonl'), 'utf8'));
  });

  it('refuse a state that is there, a runner, a file that was cut off and what is no export, and leave nothing behind', async () => {
    await (await fill()).close();
    await call('export', 'all.jsonl');
    expect((await call('export', 'all.jsonl')).err).toContain('is there already');
    expect((await call('import', 'all.jsonl')).err).toContain('is there already');
    configure('other.db');
    const lock = takeRunnerLock(at('other.db'));
    expect((await call('import', 'all.jsonl')).exitCode).toBe(2);
    lock.release();
    const text = readFileSync(at('all.jsonl'), 'utf8');
    const lines = text.trimEnd().split('\n');
    writeFileSync(at('cut.jsonl'), lines.slice(0, -1).join('\n'));
    expect((await call('import', 'cut.jsonl')).err).toContain('ends too early');
    writeFileSync(at('less.jsonl'), [lines[0], ...lines.slice(2)].join('\n'));
    expect((await call('import', 'less.jsonl')).exitCode).toBe(2);
    writeFileSync(at('not.jsonl'), '{"a":1}\n');
    expect((await call('import', 'not.jsonl')).err).toContain('no exported state');
    writeFileSync(at('newer.jsonl'), text.replace(/"layout":\d+/, '"layout":9999'));
    expect((await call('import', 'newer.jsonl')).err).toContain('newer program');
    expect(readdirSync(folder).filter((name) => name.startsWith('other.db') && !name.endsWith('.lock'))).toEqual([]);
  });

  it.each([1, 8, MIGRATIONS.length])('take an export of layout %d', async (number) => {
    const migrations = MIGRATIONS.filter((one) => one.number <= number);
    openStateFile({ path: at('old.db'), lockPath: null, log: silentLog, migrations }).close();
    const connection = openConnection(at('old.db'));
    connection.script("INSERT INTO meta (name, value) VALUES ('kept', '1')");
    connection.close();
    exportState(at('old.db'), at('old.jsonl'));
    expect((await call('import', 'old.jsonl')).exitCode).toBe(0);
    const store = openSqliteStore({ path: at('s.db'), clock });
    expect(await store.keepFirst('kept', '2')).toBe('1');
    await store.close();
  });

  it('are tried with what the programs of all layouts left: scripts/leave-state.mjs writes that of a new one', () => {
    const layouts = MIGRATIONS.map(({ number }) => `layout-${String(number).padStart(2, '0')}.jsonl`);
    expect(readdirSync(FIXTURES).sort()).toEqual(layouts);
  });

  it.each(readdirSync(FIXTURES))('take %s, which an earlier program left', async (name) => {
    expect((await call('import', join(FIXTURES, name))).exitCode).toBe(0);
    expect(await alertsIn(at('s.db'))).toEqual(['a1', 'a2']);
    const store = openSqliteStore({ path: at('s.db'), clock, lock: takeRunnerLock(at('s.db')) });
    await commitAlerts(store, ['a3'], ['soar']);
    await store.close();
  });
});

postgres.describe('state copy', () => {
  const schema = postgres.freshSchema();
  afterAll(schema.drop);

  it('moves a state with all that it holds into a database, once, and numbers go on there', async () => {
    const store = await fill();
    await store.retryLater([{ id: 1, nextAttemptAt: 5, triedAt: 1, agedMs: 1, reason: 'no \u0000 answer', at: START }]);
    await store.bury([{ id: 2, reason: 'gone', status: 410, answer: 'ü', at: START }]);
    const url = await schema.url();
    const busy = takeRunnerLock(at('s.db'));
    expect(await call('copy', '--from', 's.db', '--to', url)).toMatchObject({ exitCode: 2 });
    busy.release();
    const before = await seenIn(store);
    await store.close();
    const copied = await call('copy', '--from', 's.db', '--to', url, '--format', 'json');
    expect(copied).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(copied.out)).toMatchObject({ state: at('s.db'), rows: expect.any(Number) });
    const moved = await openState({ url: new Secret(url) }, { clock });
    expect(await seenIn(moved)).toEqual(before);
    await commitAlerts(moved, ['a3'], ['soar']);
    expect((await moved.alertsById('a3')).map(({ id }) => id)).toEqual(['a3']);
    await moved.close();
    expect(await call('copy', '--from', 's.db', '--to', url)).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('There is a state in the database'),
    });
    expect(await call('copy', '--from', 'none.db', '--to', url)).toMatchObject({ exitCode: 2 });
    expect(await call('copy', '--from', 's.db')).toMatchObject({ exitCode: 2, err: expect.stringContaining('--to') });
  });

  async function seenIn(store: Store) {
    const [rules, counts, letters, runner] = await Promise.all([
      store.ruleStates(),
      store.targetCounts(),
      store.deadLetters({ target: null, ids: null }),
      store.runner(),
    ]);
    const alerts = await Promise.all(['a1', 'a2'].map((id) => store.alertsById(id)));
    return { rules, counts, letters, runner, alerts, fence: store.fence };
  }
});
