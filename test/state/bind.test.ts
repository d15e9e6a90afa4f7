import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createBinder, placesOf } from '../../src/state/sqlite/bind.ts';
import { createBulk } from '../../src/state/sqlite/bulk.ts';
import { openConnection } from '../../src/state/sqlite/connection.ts';
import { compiledOnce, createStatement } from '../../src/state/sqlite/statement.ts';
import { db } from '../../src/state/sqlite/tables.ts';

describe('a binder', () => {
  it('fills places by name, in the order of the parameters, and leaves other values as they are', () => {
    const first = placesOf<{ id: number; name: string }>(0);
    const second = placesOf<{ id: number; name: string }>(1);
    const shared = placesOf<{ at: number }>();
    const bind = createBinder([shared.at, second.name, first.id, 7, first.name, null, shared.at]);
    const items = [
      { id: 0, name: 'skipped' },
      { id: 1, name: 'a' },
      { id: 2, name: 'b' },
    ];
    expect(bind(items, 1, { at: 99 })).toEqual([99, 'b', 1, 7, 'a', null, 99]);
  });

  it('refuses a value that is missing instead of binding another one', () => {
    const bind = createBinder([placesOf<{ id: number }>(0).id]);
    expect(() => bind([{ other: 1 }], 0, {})).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
    expect(() => bind([], 0, {})).toThrow('its id');
  });
});

/** A table of what is quiet, all columns filled by name in another order than the table has them. */
function openQuiet() {
  const connection = openConnection(':memory:');
  connection.script('CREATE TABLE quiet (rule INTEGER, dedup_key TEXT, opened_at INTEGER, suppressed_count INTEGER)');
  return connection;
}

type One = { readonly dedup_key: string; readonly opened_at: number };
type Of = { readonly rule: number };

function insertQuiet(rows: readonly One[], { rule }: Of) {
  return db
    .insertInto('quiet')
    .values(rows.map(({ dedup_key, opened_at }) => ({ opened_at, suppressed_count: 5, dedup_key, rule })))
    .compile();
}

function searchQuiet(keys: readonly Pick<One, 'dedup_key'>[], { rule }: Of) {
  const wanted = keys.map(({ dedup_key }) => dedup_key);
  return db
    .selectFrom('quiet')
    .select(['opened_at', 'dedup_key'])
    .where('rule', '=', rule)
    .where('dedup_key', 'in', wanted)
    .compile();
}

describe('a bulk statement', () => {
  it('takes any number of items in parts, each with what they share', () => {
    const texts = fc.uniqueArray(fc.string(), { maxLength: 60 });
    fc.assert(
      fc.property(texts, fc.constantFrom([1], [7, 1], [20, 3, 1]), (names, sizes) => {
        const connection = openQuiet();
        const items = names.map((name, opened_at) => ({ dedup_key: JSON.stringify(name), opened_at }));
        expect(createBulk(connection, insertQuiet, sizes).run(items, { rule: 1 })).toBe(items.length);
        const search = createBulk(connection, searchQuiet);
        expect([...search.rows(items, { rule: 1 })].sort((a, b) => a.opened_at - b.opened_at)).toEqual(items);
        expect(search.rows(items, { rule: 2 })).toEqual([]);
        connection.close();
      }),
      { numRuns: 30 },
    );
  });
});

describe('a statement', () => {
  it('runs again and again with other values', () => {
    const connection = openQuiet();
    const save = createStatement(connection, (one: One & Of) => insertQuiet([one], one));
    const read = createStatement(connection, (one: Pick<One, 'dedup_key'> & Of) => searchQuiet([one], one));
    expect(save.run({ rule: 1, dedup_key: 'a', opened_at: 10 })).toBe(1);
    expect(save.run({ dedup_key: 'b', opened_at: 20, rule: 1 })).toBe(1);
    expect(read.rows({ rule: 1, dedup_key: 'b' })).toEqual([{ opened_at: 20, dedup_key: 'b' }]);
    expect(read.rows({ rule: 1, dedup_key: 'a' })).toEqual([{ opened_at: 10, dedup_key: 'a' }]);
    expect(read.rows({ rule: 2, dedup_key: 'a' })).toEqual([]);
    connection.close();
  });
});

describe('a query that is compiled once', () => {
  it('is built with its first use and filled anew each time, on every connection', () => {
    let built = 0;
    const openedOf = compiledOnce(({ rule, key }: Of & { readonly key: string }) => {
      built += 1;
      return db.selectFrom('quiet').select('opened_at').where('rule', '=', rule).where('dedup_key', '=', key).compile();
    });
    expect(built).toBe(0);
    for (const at of [1, 2]) {
      const connection = openQuiet();
      connection.run(insertQuiet([{ dedup_key: 'a', opened_at: at }], { rule: 1 }));
      expect(connection.all(openedOf({ rule: 1, key: 'a' }))).toEqual([{ opened_at: at }]);
      expect(connection.all(openedOf({ rule: 2, key: 'a' }))).toEqual([]);
      connection.close();
    }
    expect(built).toBe(1);
  });

  it('refuses a value that is missing', () => {
    const openedOf = compiledOnce(({ rule }: Of) =>
      db.selectFrom('quiet').select('opened_at').where('rule', '=', rule).compile(),
    );
    expect(() => openedOf({} as Of)).toThrow('its rule');
  });
});
