import type { KeyMemory, KeyState, QuietMemory } from '../../alerts/memory.ts';
import type { Store } from '../store.ts';
import { type BulkStatement, createBulk } from './bulk.ts';
import type { Connection } from './connection.ts';
import { ruleRowId } from './rule-rows.ts';
import { db } from './tables.ts';
import { exactText, fromExactText } from './text.ts';

/** Row keys and quiet times of rules: looked up before a run tells anything, written by its commit. */
export interface KeyRows extends Pick<Store, 'findKeys' | 'findQuiet'> {
  saveKeys(rule: number, keys: readonly KeyMemory[]): void;
  forgetKeys(rule: number, before: number): void;
  saveQuiet(rule: number, quiet: readonly QuietMemory[]): void;
}

const NO_KEY = Buffer.alloc(16);

export function createKeyRows(connection: Connection): KeyRows {
  const keys = createBulk(connection, buildKeySearch);
  const quiet = createBulk(connection, buildQuietSearch);
  const saveKeys = createBulk(connection, buildKeyUpsert);
  const saveQuiet = createBulk(connection, buildQuietUpsert);
  return {
    findKeys: async (tenant, ruleId, wanted) =>
      connection.read(() => searchKeys(keys, ruleRowId(connection, tenant, ruleId), wanted)),
    findQuiet: async (tenant, ruleId, wanted) =>
      connection.read(() => searchQuiet(quiet, ruleRowId(connection, tenant, ruleId), wanted)),
    saveKeys: (rule, records) => saveKeys.run(records.map((record) => keyValues(rule, record))),
    forgetKeys: (rule, before) => {
      const query = db.deleteFrom('row_key').where('rule', '=', rule).where('last_returned', '<', before).compile();
      connection.run(query);
    },
    saveQuiet: (rule, records) =>
      saveQuiet.run(records.map((one) => [rule, exactText(one.dedupKey), one.openedAt, one.suppressedCount])),
  };
}

function keyValues(rule: number, record: KeyMemory) {
  return [rule, Buffer.from(record.key, 'hex'), record.state, record.toldTo, record.lastReturned];
}

function searchKeys(bulk: BulkStatement, rule: number | null, keys: readonly string[]): Map<string, KeyMemory> {
  const found = new Map<string, KeyMemory>();
  if (rule === null) return found;
  const items = keys.map((key) => [Buffer.from(key, 'hex')]);
  for (const [blob, state, toldTo, lastReturned] of bulk.rows(items, [rule])) {
    const key = (blob as Buffer).toString('hex');
    const record = { key, state: state as KeyState, toldTo: toldTo as number | null };
    found.set(key, { ...record, lastReturned: Number(lastReturned) });
  }
  return found;
}

function searchQuiet(bulk: BulkStatement, rule: number | null, keys: readonly string[]): Map<string, QuietMemory> {
  const found = new Map<string, QuietMemory>();
  if (rule === null) return found;
  const items = keys.map((key) => [exactText(key)]);
  for (const [stored, openedAt, suppressedCount] of bulk.rows(items, [rule])) {
    const dedupKey = fromExactText(String(stored));
    found.set(dedupKey, { dedupKey, openedAt: Number(openedAt), suppressedCount: Number(suppressedCount) });
  }
  return found;
}

function buildKeySearch(count: number) {
  return db
    .selectFrom('row_key')
    .select(['key', 'state', 'told_to', 'last_returned'])
    .where('rule', '=', 0)
    .where('key', 'in', Array<Buffer>(count).fill(NO_KEY))
    .compile();
}

function buildQuietSearch(count: number) {
  return db
    .selectFrom('quiet')
    .select(['dedup_key', 'opened_at', 'suppressed_count'])
    .where('rule', '=', 0)
    .where('dedup_key', 'in', Array<string>(count).fill(''))
    .compile();
}

function buildKeyUpsert(count: number) {
  const row = { rule: 0, key: NO_KEY, state: '', told_to: 0, last_returned: 0 };
  return db
    .insertInto('row_key')
    .values(Array(count).fill(row))
    .onConflict((conflict) =>
      conflict.columns(['rule', 'key']).doUpdateSet((set) => ({
        state: set.ref('excluded.state'),
        told_to: set.ref('excluded.told_to'),
        last_returned: set.ref('excluded.last_returned'),
      })),
    )
    .compile();
}

function buildQuietUpsert(count: number) {
  const row = { rule: 0, dedup_key: '', opened_at: 0, suppressed_count: 0 };
  return db
    .insertInto('quiet')
    .values(Array(count).fill(row))
    .onConflict((conflict) =>
      conflict.columns(['rule', 'dedup_key']).doUpdateSet((set) => ({
        opened_at: set.ref('excluded.opened_at'),
        suppressed_count: set.ref('excluded.suppressed_count'),
      })),
    )
    .compile();
}
