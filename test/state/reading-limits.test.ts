import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { createCacheRows } from '../../src/state/rows/cache-rows.ts';
import { type Connection, openConnection } from '../../src/state/sqlite/connection.ts';
import { databaseOf } from '../../src/state/sqlite/database.ts';
import { migrate } from '../../src/state/sqlite/migrate.ts';
import { createSqlStore } from '../../src/state/sqlite/sql-store.ts';
import { openMemoryStore, openReader, openSqliteStore } from '../../src/state/sqlite-store.ts';
import type { Store } from '../../src/state/store.ts';
import { commitAlerts, START, sampleAlert, sampleCommit, sampleMessage } from './samples.ts';

const clock = createManualClock(START);
const MEBI = 1024 * 1024;

const read = (store: Store, limit: number, except: Iterable<number> = []) =>
  store.pending('soar', { now: START, limit, except: new Set(except), ignoreBackoff: true });

const ids = (count: number) => Array.from({ length: count }, (_, index) => `a${String(index).padStart(5, '0')}`);

describe('pending entries', () => {
  it('come until they have 8 Mi characters of alerts, and the rest with the next call', async () => {
    const store = openMemoryStore({ clock });
    const alerts = ids(70).map((id) => sampleAlert(id, { description: 'x'.repeat(250 * 1024) }));
    await store.commit(sampleCommit(store, { alerts, messages: alerts.map((alert) => sampleMessage(alert, 'soar')) }));
    const first = await read(store, 100);
    expect(first).toHaveLength(Math.ceil((8 * MEBI) / (250 * 1024)));
    const all = [...first];
    for (let page = first; page.length > 0; all.push(...page))
      page = await read(
        store,
        100,
        all.map(({ id }) => id),
      );
    expect(all.map(({ messageId }) => messageId)).toEqual(ids(70));
  });

  it('come in order up to the limit, however many are held', async () => {
    const store = openMemoryStore({ clock });
    await commitAlerts(store, ids(2000), ['soar']);
    const all = await read(store, 5000);
    expect(all.map(({ messageId }) => messageId)).toEqual(ids(2000));
    const held = all.slice(0, 1900).map(({ id }) => id);
    expect((await read(store, 50, held)).map(({ messageId }) => messageId)).toEqual(ids(2000).slice(1900, 1950));
    expect(await read(store, 500, held)).toHaveLength(100);
  });
});

describe('dead letters', () => {
  it('are listed, replayed and dropped by more ids than one statement takes', async () => {
    const store = openMemoryStore({ clock });
    await commitAlerts(store, ids(1001), ['soar']);
    await store.buryPending('soar', { reason: 'r', at: START });
    const letters = await store.deadLetters({ target: null, ids: null });
    const all = letters.map(({ id }) => id);
    expect(await store.deadLetters({ target: 'soar', ids: all })).toEqual(letters);
    expect(await store.replay(all.slice(0, 501), START)).toBe(501);
    expect(await store.replay(all.slice(0, 501), START)).toBe(0);
    expect(await store.drop(all)).toBe(500);
    expect(await store.targetCounts()).toMatchObject([{ pending: 501, dead: 0 }]);
  });
});

describe('the cache', () => {
  it('keeps a value of 4 Mi characters and forgets what a longer one takes the place of', async () => {
    const store = openMemoryStore({ clock });
    await store.cache.set('k', 'x'.repeat(4 * MEBI));
    expect(await store.cache.get('k')).toHaveLength(4 * MEBI);
    await store.cache.set('k', 'x'.repeat(4 * MEBI + 1));
    expect(await store.cache.get('k')).toBeNull();
  });

  it('keeps the 20,000 entries that were set last', async () => {
    const connection = openConnection(':memory:');
    migrate(connection);
    connection.script(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
      INSERT INTO cache (id, name, value) SELECT i, '"k' || i || '"', '"v"' FROM n`);
    const cache = createCacheRows(databaseOf(connection));
    await cache.set('new', 'v');
    expect([await cache.get('k1'), await cache.get('k2'), await cache.get('new')]).toEqual([null, 'v', 'v']);
  });
});

describe('a connection', () => {
  it('goes on with more statements than it keeps prepared', () => {
    const connection = openConnection(':memory:');
    connection.script('CREATE TABLE t (a INTEGER)');
    const query = (index: number) => ({ sql: `SELECT ${index} AS a`, parameters: [] }) as never;
    for (let round = 0; round < 2; round += 1)
      for (let index = 0; index < 500; index += 1) expect(connection.all(query(index))).toEqual([{ a: index }]);
  });
});

describe('a state file', () => {
  let folder: string;
  let opened: { close(): unknown }[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'huntwire-limits-'));
    opened = [];
  });
  afterEach(async () => {
    for (const one of opened) await one.close();
    rmSync(folder, { recursive: true });
  });
  const pragma = (connection: Connection, name: string) =>
    Object.values((connection.prepare(`PRAGMA ${name}`).rows([])[0] ?? {}) as Record<string, unknown>)[0];

  it('has pages of 8 kB and a write-ahead log, which is empty once it is closed', async () => {
    const path = join(folder, 'state.db');
    const store = openSqliteStore({ path, clock });
    await commitAlerts(store, ids(10), ['soar']);
    await store.close();
    const connection = openConnection(path);
    opened.push(connection);
    expect([pragma(connection, 'page_size'), pragma(connection, 'journal_mode')]).toEqual([8192, 'wal']);
    expect(await read(createSqlStore(connection, clock, 0), 100)).toHaveLength(10);
  });

  it('is synced with every write, but for those that a power failure may undo', () => {
    const path = join(folder, 'own.db');
    const connection = openConnection(path);
    opened.push(connection);
    const level = () => pragma(connection, 'synchronous');
    const [full, normal] = [2, 1];
    expect([connection.write(level), connection.writeLazily(level), connection.write(level)]).toEqual([
      full,
      normal,
      full,
    ]);
    const failing = (): void => {
      throw new Error('no');
    };
    expect(() => connection.writeLazily(failing)).toThrow('no');
    expect(level()).toBe(full);
  });

  it('of which a reader is open can be written and closed', async () => {
    const path = join(folder, 'state.db');
    const store = openSqliteStore({ path, clock });
    const reader = openReader({ path, clock });
    opened.push(reader);
    await commitAlerts(store, ids(1), ['soar']);
    await store.close();
    expect(await reader.pendingTargets()).toEqual(['soar']);
  });
});
