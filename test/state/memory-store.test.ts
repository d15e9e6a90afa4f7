import { describe, expect, it } from '@jest/globals';
import { type Connection, openConnection } from '../../src/state/sqlite/connection.ts';
import { makeLayout, versionOf } from '../../src/state/sqlite/migrate.ts';
import { MIGRATIONS } from '../../src/state/sqlite/migrations.ts';
import { openMemoryStore } from '../../src/state/sqlite-store.ts';
import { describeStore } from '../contract/store.ts';

describeStore('memory', () => ({
  open: async (clock) => openMemoryStore({ clock }),
  clean: async () => undefined,
}));

describe('the layout of a state in memory', () => {
  it('is what all steps make, whether it took them or was copied, and has no rows', () => {
    const [first, second] = [laidOut(), laidOut()];
    expect(objectsOf(second)).toEqual(objectsOf(first));
    expect(versionOf(second)).toBe(MIGRATIONS.length);
    expect(tablesOf(first).length).toBeGreaterThan(10);
    expect(tablesOf(first).filter((table) => first.prepare(`SELECT 1 FROM "${table}"`).rows([]).length > 0)).toEqual(
      [],
    );
  });
});

function laidOut(): Connection {
  const connection = openConnection(':memory:');
  makeLayout(connection);
  return connection;
}

function objectsOf(connection: Connection): readonly unknown[] {
  return connection.prepare('SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY rowid').rows([]);
}

function tablesOf(connection: Connection): string[] {
  const query = connection.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
  return query.rows([]).map((row) => String((row as { readonly name: string }).name));
}
