import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Connection, openConnection } from '../../src/state/sqlite/connection.ts';
import { packColumn } from '../../src/state/sqlite/packed/packed-column.ts';
import { createStepTaker } from '../../src/state/sqlite/take-steps.ts';
import { createBulk } from '../../src/state/steps/bulk.ts';
import { all, change, type Items } from '../../src/state/steps/steps.ts';
import { db } from '../../src/state/steps/tables.ts';
import { anyCharacter } from '../any-character.ts';

type Row = { readonly key: Buffer; readonly state: string; readonly told_to: number | null };
type Of = { readonly rule: number };
const COLUMNS = { key: 'bytes', state: 'text', told_to: 'number' } as const;
const insertInto = (rows: Items, { rule }: Of) => rows.into('row_key', { rule });
const search = (keys: Items, { rule }: Of) =>
  db
    .selectFrom('row_key')
    .select(['key', 'state', 'told_to'])
    .where('rule', '=', rule)
    .where('key', 'in', keys.among<Buffer>('key'))
    .where('told_to', 'in', keys.among<number>('told_to'));

const insertPacked = createBulk<Row, Of, unknown>(COLUMNS, insertInto);
const searchPacked = createBulk<Row, Of, Row>(COLUMNS, search);
/** Large rows are never packed. */
const insertSingly = createBulk<Row, Of, unknown>(COLUMNS, insertInto, { isLarge: true });
const searchSingly = createBulk<Row, Of, Row>(COLUMNS, search, { isLarge: true });

function openKeys(): Connection {
  const connection = openConnection(':memory:');
  connection.script('CREATE TABLE row_key (rule INTEGER, key BLOB, state TEXT, told_to INTEGER)');
  return connection;
}

function contentOf(connection: Connection): readonly unknown[] {
  return connection
    .prepare('SELECT rule, hex(key), state, typeof(state), told_to, typeof(told_to) FROM row_key')
    .rows([]);
}

function shown(rows: readonly Row[]): readonly string[] {
  return rows.map(({ key, state, told_to }) => `${Buffer.from(key).toString('hex')} ${state} ${told_to}`).sort();
}

const sameText = fc.constantFrom('told', 'testing').chain((state) => fc.constant(() => state));
const textsOfOneWidth = fc.constant((index: number) => String(index).padStart(4, 'k'));
const texts = fc.func<[number], string>(fc.string({ unit: anyCharacter }));
const numbers = fc.oneof(
  fc.integer({ min: -5, max: Number.MAX_SAFE_INTEGER - 2000 }).map((first) => (index: number) => first + index),
  fc.func<[number], number | null>(fc.option(fc.maxSafeNat())),
  fc.func<[number], number>(fc.maxSafeNat()),
  fc.constant(() => null),
);
const lists = fc
  .tuple(
    fc.oneof(fc.constantFrom(15, 16, 40), fc.constant(1010)),
    fc.constantFrom(1, 16),
    fc.oneof(sameText, textsOfOneWidth, texts),
    numbers,
  )
  .map(([count, width, stateOf, numberOf]): readonly Row[] =>
    Array.from({ length: count }, (_, index) => ({
      key: Buffer.from(String(index).padStart(width, '0')),
      state: JSON.stringify(stateOf(index)),
      told_to: numberOf(index),
    })),
  );

describe('items whose columns are packed', () => {
  it('come into the state, and are found there, as those that are handed over one by one', () => {
    fc.assert(
      fc.property(lists, (rows) => {
        const [packed, single] = [openKeys(), openKeys()];
        const [takePacked, takeSingle] = [createStepTaker(packed), createStepTaker(single)];
        expect(takePacked(change(insertPacked(rows, { rule: 7 })))).toBe(rows.length);
        takeSingle(change(insertSingly(rows, { rule: 7 })));
        expect(contentOf(packed)).toEqual(contentOf(single));
        const wanted = rows.slice(0, 30);
        const found = takePacked(all(searchPacked(wanted, { rule: 7 })));
        expect(shown(found)).toEqual(shown(takeSingle(all(searchSingly(wanted, { rule: 7 })))));
        expect(takePacked(all(searchPacked(wanted, { rule: 8 })))).toEqual([]);
        packed.close();
        single.close();
      }),
      { numRuns: 20 },
    );
  });

  it('refuse a value that is missing', () => {
    const rows = Array.from({ length: 20 }, () => ({ key: Buffer.from('k'), told_to: 1 }));
    const connection = openKeys();
    const insert = () => createStepTaker(connection)(change(insertPacked(rows as unknown as Row[], { rule: 1 })));
    expect(insert).toThrow('its state');
    connection.close();
  });
});

describe('a packed column', () => {
  const formOf = (
    type: 'text' | 'number' | 'bytes' | 'utf8' | 'real',
    ...values: (string | number | Buffer | null)[]
  ) => packColumn(type, values)?.form ?? null;

  it('has the form of its values', () => {
    expect(formOf('text', 'a', 'a')).toBe('same');
    expect(formOf('text', null, null)).toBe('same');
    expect(formOf('text', 'a', 'b')).toBe('text');
    expect(formOf('number', 4, 5, 6)).toBe('next');
    expect(formOf('number', 4, 6, 5)).toBe('digits');
    expect(formOf('bytes', Buffer.from('a'), Buffer.from('b'))).toBe('bytes');
  });

  it('is none of values that are not of one width, or that the driver would change', () => {
    expect(formOf('text', 'a', 'bb')).toBeNull();
    expect(formOf('text', 'a', null)).toBeNull();
    expect(formOf('text', 'é', 'a')).toBeNull();
    expect(formOf('text', '\u0000', 'a')).toBeNull();
    expect(formOf('text', '\ud800', 'a')).toBeNull();
    expect(formOf('text', '', 'a')).toBeNull();
    expect(formOf('number', 4, null)).toBeNull();
    expect(formOf('number', -4, 7)).toBeNull();
    expect(formOf('number', 0.5, 7)).toBeNull();
    expect(formOf('real', 1, 2)).toBeNull();
    expect(formOf('bytes', Buffer.from('a'), Buffer.from(''))).toBeNull();
    expect(formOf('utf8', Buffer.from('a'), Buffer.from('b'))).toBeNull();
  });
});
