import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openConnection } from '../../src/state/sqlite/connection.ts';
import { createStepTaker, takeSteps } from '../../src/state/sqlite/take-steps.ts';
import { createBinder, placesOf } from '../../src/state/steps/bind.ts';
import { createBulk } from '../../src/state/steps/bulk.ts';
import { compiledOnce } from '../../src/state/steps/statement.ts';
import { all, change } from '../../src/state/steps/steps.ts';
import { db } from '../../src/state/steps/tables.ts';

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
  connection.script('CREATE TABLE quiet (rule INTEGER, dedup_key TEXT, opened_at INTEGER)');
  return connection;
}

type One = { readonly dedup_key: string; readonly opened_at: number };
type Of = { readonly rule: number };
type Key = Pick<One, 'dedup_key'>;
const COLUMNS = { dedup_key: 'text', opened_at: 'number' } as const;

const insertQuiet = createBulk<One, Of, unknown>(COLUMNS, (rows, { rule }) => rows.into('quiet', { rule }));
const insertLarge = createBulk<One, Of, unknown>(COLUMNS, (rows, { rule }) => rows.into('quiet', { rule }), {
  isLarge: true,
});
const searchQuiet = createBulk<Key, Of, One>({ dedup_key: 'text' }, (keys, { rule }) =>
  db
    .selectFrom('quiet')
    .select(['opened_at', 'dedup_key'])
    .where('rule', '=', rule)
    .where('dedup_key', 'in', keys.among<string>('dedup_key')),
);

function keysOf(items: readonly One[]): readonly Key[] {
  return items.map(({ dedup_key }) => ({ dedup_key }));
}

describe('a bulk statement', () => {
  it('takes any number of items in parts, each with what they share', () => {
    const texts = fc.uniqueArray(fc.string(), { maxLength: 60 });
    fc.assert(
      fc.property(texts, fc.constantFrom(insertQuiet, insertLarge), (names, insert) => {
        const connection = openQuiet();
        const performed = createStepTaker(connection);
        const items = names.map((name, opened_at) => ({ dedup_key: JSON.stringify(name), opened_at }));
        expect(performed(change(insert(items, { rule: 1 })))).toBe(items.length);
        const found = performed(all(searchQuiet(keysOf(items), { rule: 1 })));
        expect([...found].sort((a, b) => a.opened_at - b.opened_at)).toEqual(items);
        expect(performed(all(searchQuiet(keysOf(items), { rule: 2 })))).toEqual([]);
        connection.close();
      }),
      { numRuns: 30 },
    );
  });
});

describe('a query that is compiled once', () => {
  it('is built with its first use and filled anew each time', () => {
    let built = 0;
    const openedOf = compiledOnce(({ rule, key }: Of & { readonly key: string }) => {
      built += 1;
      return db.selectFrom('quiet').select('opened_at').where('rule', '=', rule).where('dedup_key', '=', key);
    });
    expect(built).toBe(0);
    const connection = openQuiet();
    const performed = createStepTaker(connection);
    performed(change(insertQuiet([{ dedup_key: 'a', opened_at: 7 }], { rule: 1 })));
    expect(performed(all(openedOf({ rule: 1, key: 'a' })))).toEqual([{ opened_at: 7 }]);
    expect(performed(all(openedOf({ rule: 2, key: 'a' })))).toEqual([]);
    expect(performed(all(openedOf({ rule: 1, key: 'b' })))).toEqual([]);
    connection.close();
    expect(built).toBe(1);
  });

  it('refuses a value that is missing', () => {
    const openedOf = compiledOnce(({ rule }: Of) =>
      db.selectFrom('quiet').select('opened_at').where('rule', '=', rule),
    );
    const connection = openQuiet();
    expect(() => takeSteps(connection, all(openedOf({} as Of)))).toThrow('its rule');
    connection.close();
  });
});
