import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { type Connection, openConnection } from '../../src/state/sqlite/connection.ts';
import { databaseOf } from '../../src/state/sqlite/database.ts';
import { migrate, versionOf } from '../../src/state/sqlite/migrate.ts';
import { MIGRATIONS } from '../../src/state/sqlite/migrations.ts';
import { createSqlStore } from '../../src/state/sqlite/sql-store.ts';
import { openMemoryStore, openReader, openSqliteStore } from '../../src/state/sqlite-store.ts';
import type { Store } from '../../src/state/store.ts';
import {
  commitAlerts,
  freshTarget,
  NEVER_TOLD,
  SAMPLE_STATE,
  START,
  sampleAlert,
  sampleCommit,
  sampleMessage,
  sampleRun,
} from './samples.ts';

const clock = createManualClock(START);
let folder: string;
let path: string;
let open: { close(): unknown }[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'huntwire-faults-'));
  path = join(folder, 'state.db');
  open = [];
});

afterEach(async () => {
  for (const one of open) await one.close();
  rmSync(folder, { recursive: true });
});

function kept<One extends { close(): unknown }>(one: One): One {
  open.push(one);
  return one;
}

/** A store on a connection that the test can spoil. */
function storeOn(connection: Connection): Store {
  migrate(connection);
  return createSqlStore(connection, clock, 0);
}

const pendingIds = async (store: Pick<Store, 'pending'>, target: string): Promise<string[]> => {
  const query = { now: START, limit: 10_000, except: new Set<number>(), ignoreBackoff: true };
  return (await store.pending(target, query)).map((entry) => entry.messageId);
};

describe('a state file', () => {
  it('keeps what was committed across a reopening', async () => {
    const store = openSqliteStore({ path, clock });
    await commitAlerts(store, ['a1'], ['soar']);
    await store.setTargetState({ ...freshTarget('soar'), blockedSince: 1, reason: 'r', nextProbeAt: 2, probes: 3 });
    await store.cache.set('k', 'v');
    await store.close();
    const again = kept(openSqliteStore({ path, clock }));
    expect(await pendingIds(again, 'soar')).toEqual(['a1']);
    expect(await again.targetState('soar')).toMatchObject({ blockedSince: 1, probes: 3 });
    expect(await again.cache.get('k')).toBe('v');
    expect((await again.ruleState('contoso', 'rule-a'))?.lastRun?.runId).toBe('run-1');
  });

  it('can be read by its owner only', async () => {
    const store = kept(openSqliteStore({ path, clock }));
    await commitAlerts(store, ['a1'], ['soar']);
    const modes = [path, `${path}-wal`].map((file) => statSync(file).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600]);
  });

  it('is refused when a newer program wrote it, and left alone', () => {
    const connection = openConnection(path);
    connection.script('PRAGMA user_version = 99');
    connection.close();
    const before = readFileSync(path);
    expect(() => openSqliteStore({ path, clock })).toThrow(/written by a newer program \(layout 99/);
    expect(() => openReader({ path, clock })).toThrow(/newer program/);
    expect(readFileSync(path)).toEqual(before);
  });

  it('is brought up to date step by step, or not at all', () => {
    const connection = kept(openConnection(path));
    migrate(connection);
    const latest = versionOf(connection);
    const good = { number: latest + 1, statements: ['CREATE TABLE extra (id INTEGER)'] };
    const bad = { number: latest + 2, statements: ['CREATE TABLE more (id INTEGER)', 'no such statement'] };
    expect(() => migrate(connection, [...MIGRATIONS, good, bad])).toThrow(/syntax error/);
    expect(versionOf(connection)).toBe(latest);
    migrate(connection, [...MIGRATIONS, good]);
    expect(versionOf(connection)).toBe(latest + 1);
    expect(() => migrate(connection)).toThrow(/written by a newer program/);
  });

  it('of the present layout is migrated by nobody, and so beside whoever writes', () => {
    const [ours, other] = [kept(openConnection(path)), kept(openConnection(path))];
    migrate(ours);
    other.script('BEGIN IMMEDIATE');
    migrate(ours);
    expect(versionOf(ours)).toBe(MIGRATIONS.length);
  });

  it('of layout 1 keeps the order of its pending entries', async () => {
    const older = openConnection(path);
    migrate(older, MIGRATIONS.slice(0, 1));
    const document = JSON.stringify(sampleAlert('a1')).replaceAll("'", "''");
    older.script(`INSERT INTO alert VALUES (1, 'a1', 0, 0, '${document}'), (2, 'a2', 0, 0, '${document}'), (3, 'a3', 0, 0, '${document}');
      INSERT INTO outbox (id, alert, message_id, target, order_key, created_at, attempts, next_attempt_at, settled_at) VALUES
      (1, 1, 'm1', 'soar', '"k"', 0, 1, 0, 5), (2, 2, 'm2', 'soar', '"k"', 0, 0, 0, NULL), (3, 3, 'm3', 'soar', '"k"', 0, 0, 0, NULL)`);
    older.close();
    const store = kept(openSqliteStore({ path, clock }));
    const query = { now: START, limit: 9, except: new Set<number>(), ignoreBackoff: false };
    expect((await store.pending('soar', query)).map((entry) => entry.messageId)).toEqual(['m2']);
    await store.delivered([2], START);
    expect((await store.pending('soar', query)).map((entry) => entry.messageId)).toEqual(['m3']);
  });

  it('of the first release keeps the standing of its rules', async () => {
    const older = openConnection(path);
    migrate(older, MIGRATIONS.slice(0, 1));
    const { ledger: _, standing: __, ...rest } = SAMPLE_STATE;
    const state = JSON.stringify({ ...rest, condition: 'blocked', failures: 2 });
    older.script(`INSERT INTO rule (id, tenant, rule_id, state) VALUES (1, 'contoso', 'rule-a', '${state}')`);
    older.close();
    const store = kept(openSqliteStore({ path, clock }));
    expect(await store.ruleState('contoso', 'rule-a')).toMatchObject({ standing: 'blocked', failures: 2 });
  });

  it('of another kind, or damaged, is refused by name', () => {
    writeFileSync(path, 'this is no database '.repeat(500));
    const message = new RegExp(`${path} is damaged or no database; restore a copy`);
    expect(() => openSqliteStore({ path, clock })).toThrow(message);
    expect(() => openReader({ path, clock })).toThrow(message);
  });

  it('tells damage found later, too', async () => {
    const store = openSqliteStore({ path, clock });
    await commitAlerts(
      store,
      Array.from({ length: 500 }, (_, index) => `a${index}`),
      ['soar'],
    );
    await store.close();
    const bytes = readFileSync(path);
    bytes.fill(0xff, 8192, bytes.length);
    writeFileSync(path, bytes);
    await expect(async () => pendingIds(kept(openSqliteStore({ path, clock })), 'soar')).rejects.toMatchObject({
      code: 'STATE_FAILED',
    });
  });

  it('that cannot be made is refused by name', () => {
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'folder'));
    for (const wrong of [join(folder, 'file', 'state.db'), join(folder, 'folder')]) {
      expect(() => openSqliteStore({ path: wrong, clock })).toThrow(`The state file ${wrong} cannot be opened; check`);
    }
  });
});

describe('a full disk', () => {
  it('refuses the commit as a whole and takes it once there is room', async () => {
    const connection = kept(openConnection(path));
    const store = storeOn(connection);
    await commitAlerts(store, ['a1'], ['soar']);
    connection.script('PRAGMA max_page_count = 60');
    const big = Array.from({ length: 100 }, (_, index) => sampleAlert(`b${index}`, { description: 'x'.repeat(9000) }));
    const commit = sampleCommit(store, {
      rule: { ...SAMPLE_STATE, frontier: START + 1 },
      keys: [{ key: '0'.repeat(32), ...NEVER_TOLD, state: 'told', lastReturned: START }],
      alerts: big,
      messages: big.map((alert) => sampleMessage(alert, 'soar')),
      run: sampleRun('run-2'),
    });
    const refusal = { code: 'STATE_FULL', retryable: true, message: expect.stringContaining('the disk is full') };
    await expect(store.commit(commit)).rejects.toMatchObject(refusal);
    expect(await pendingIds(store, 'soar')).toEqual(['a1']);
    expect((await store.ruleState('contoso', 'rule-a'))?.frontier).toBe(START);
    expect((await store.findKeys('contoso', 'rule-a', ['0'.repeat(32)])).size).toBe(0);
    connection.script('PRAGMA max_page_count = 100000');
    await store.commit(commit);
    expect(await pendingIds(store, 'soar')).toHaveLength(101);
  });
});

describe('a locked file', () => {
  it('refuses writes with an error that may be tried again, and reads go on', async () => {
    const connection = kept(openConnection(path));
    connection.script('PRAGMA journal_mode = WAL');
    const store = storeOn(connection);
    await commitAlerts(store, ['a1'], ['soar']);
    const other = kept(openConnection(path));
    other.script('BEGIN IMMEDIATE');
    const refusal = { code: 'STATE_BUSY', retryable: true, message: expect.stringContaining(path) };
    await expect(commitAlerts(store, ['a2'], ['soar'])).rejects.toMatchObject(refusal);
    await expect(store.cache.set('k', 'v')).rejects.toMatchObject(refusal);
    expect(await pendingIds(store, 'soar')).toEqual(['a1']);
    other.script('ROLLBACK');
    await commitAlerts(store, ['a2'], ['soar']);
    expect(await pendingIds(store, 'soar')).toEqual(['a1', 'a2']);
  });
});

describe('a reader', () => {
  it('reads beside the writer and cannot write', async () => {
    const store = kept(openSqliteStore({ path, clock }));
    const reader = kept(openReader({ path, clock }));
    await commitAlerts(store, ['a1'], ['soar']);
    expect(await reader.targetCounts()).toEqual([{ target: 'soar', pending: 1, oldestAt: START, dead: 0 }]);
    await expect(reader.cache.set('k', 'v')).rejects.toMatchObject({
      code: 'STATE_FAILED',
      message: expect.stringContaining('for reading only'),
    });
  });

  it('sees an empty state where there is no file, and makes none', async () => {
    const reader = kept(openReader({ path, clock }));
    expect(await reader.ruleStates()).toEqual([]);
    expect(() => statSync(path)).toThrow(/ENOENT/);
  });

  it('does not change an older layout', () => {
    openConnection(path).close();
    writeFileSync(path, '');
    expect(() => openReader({ path, clock })).toThrow(
      new RegExp(`has layout 0, this program needs ${MIGRATIONS.length}; run "huntwire once"`),
    );
  });
});

describe('the cache', () => {
  it('drops the entries that were set longest ago and what is too long', async () => {
    const { createCacheRows } = await import('../../src/state/rows/cache-rows.ts');
    const connection = kept(openConnection(':memory:'));
    migrate(connection);
    const cache = createCacheRows(databaseOf(connection), 3);
    for (const key of ['a', 'b', 'c', 'a', 'd', 'e']) await cache.set(key, key);
    await cache.set('long', 'x'.repeat(5 * 1024 * 1024));
    const values = await Promise.all(['a', 'b', 'c', 'd', 'e', 'long'].map((key) => cache.get(key)));
    expect(values).toEqual(['a', null, null, 'd', 'e', null]);
  });
});

describe('a memory store', () => {
  it('has a fence of its own and shares nothing', async () => {
    const [one, two] = [kept(openMemoryStore({ clock })), kept(openMemoryStore({ clock }))];
    await commitAlerts(one, ['a1'], ['soar']);
    expect(await two.ruleStates()).toEqual([]);
    expect(one.fence).toBeGreaterThan(0);
  });
});
