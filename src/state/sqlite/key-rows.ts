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

const NONE: readonly number[] = [];

type Of = { readonly rule: number };
type Key = { readonly key: Buffer };
type KeyRow = Key & {
  readonly state: string;
  readonly told_to: number | null;
  readonly told_before: string | null;
  readonly held_to: number | null;
  readonly held_newest: string | null;
  readonly last_returned: number;
};
type DedupKey = { readonly dedup_key: string };
type QuietRow = DedupKey & { readonly opened_at: number; readonly suppressed_count: number };

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
    saveKeys: (rule, records) => saveKeys.run(records.map(toKeyRow), { rule }),
    forgetKeys: (rule, before) => {
      const query = db.deleteFrom('row_key').where('rule', '=', rule).where('last_returned', '<', before).compile();
      connection.run(query);
    },
    saveQuiet: (rule, records) => saveQuiet.run(records.map(toQuietRow), { rule }),
  };
}

function toKeyRow(memory: KeyMemory): KeyRow {
  return {
    key: Buffer.from(memory.key, 'hex'),
    state: memory.state,
    told_to: memory.toldTo,
    told_before: memory.toldBefore.length === 0 ? null : JSON.stringify(memory.toldBefore),
    held_to: memory.heldTo,
    held_newest: memory.heldNewest,
    last_returned: memory.lastReturned,
  };
}

function toMemory(row: KeyRow): KeyMemory {
  return {
    // The driver hands blobs over as ArrayBuffers, which cannot say themselves in hex.
    key: Buffer.from(row.key).toString('hex'),
    state: row.state as KeyState,
    toldTo: row.told_to,
    toldBefore: row.told_before === null ? NONE : (JSON.parse(row.told_before) as number[]),
    heldTo: row.held_to,
    heldNewest: row.held_newest,
    lastReturned: row.last_returned,
  };
}

function toQuietRow({ dedupKey, openedAt, suppressedCount }: QuietMemory): QuietRow {
  return { dedup_key: exactText(dedupKey), opened_at: openedAt, suppressed_count: suppressedCount };
}

function searchKeys(
  search: BulkStatement<Key, Of, KeyRow>,
  rule: number | null,
  keys: readonly string[],
): Map<string, KeyMemory> {
  const found = new Map<string, KeyMemory>();
  if (rule === null) return found;
  const wanted = keys.map((key) => ({ key: Buffer.from(key, 'hex') }));
  for (const row of search.rows(wanted, { rule })) {
    const memory = toMemory(row);
    found.set(memory.key, memory);
  }
  return found;
}

function searchQuiet(
  search: BulkStatement<DedupKey, Of, QuietRow>,
  rule: number | null,
  keys: readonly string[],
): Map<string, QuietMemory> {
  const found = new Map<string, QuietMemory>();
  if (rule === null) return found;
  const wanted = keys.map((key) => ({ dedup_key: exactText(key) }));
  for (const row of search.rows(wanted, { rule })) {
    const dedupKey = fromExactText(row.dedup_key);
    found.set(dedupKey, { dedupKey, openedAt: row.opened_at, suppressedCount: row.suppressed_count });
  }
  return found;
}

function buildKeySearch(keys: readonly Key[], { rule }: Of) {
  return db
    .selectFrom('row_key')
    .select(['key', 'state', 'told_to', 'told_before', 'held_to', 'held_newest', 'last_returned'])
    .where('rule', '=', rule)
    .where(
      'key',
      'in',
      keys.map(({ key }) => key),
    )
    .compile();
}

function buildQuietSearch(keys: readonly DedupKey[], { rule }: Of) {
  return db
    .selectFrom('quiet')
    .select(['dedup_key', 'opened_at', 'suppressed_count'])
    .where('rule', '=', rule)
    .where(
      'dedup_key',
      'in',
      keys.map(({ dedup_key }) => dedup_key),
    )
    .compile();
}

function buildKeyUpsert(rows: readonly KeyRow[], { rule }: Of) {
  return db
    .insertInto('row_key')
    .values(
      rows.map((row) => ({
        rule,
        key: row.key,
        state: row.state,
        told_to: row.told_to,
        told_before: row.told_before,
        held_to: row.held_to,
        held_newest: row.held_newest,
        last_returned: row.last_returned,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['rule', 'key']).doUpdateSet((set) => ({
        state: set.ref('excluded.state'),
        told_to: set.ref('excluded.told_to'),
        told_before: set.ref('excluded.told_before'),
        held_to: set.ref('excluded.held_to'),
        held_newest: set.ref('excluded.held_newest'),
        last_returned: set.ref('excluded.last_returned'),
      })),
    )
    .compile();
}

function buildQuietUpsert(rows: readonly QuietRow[], { rule }: Of) {
  return db
    .insertInto('quiet')
    .values(
      rows.map(({ dedup_key, opened_at, suppressed_count }) => ({ rule, dedup_key, opened_at, suppressed_count })),
    )
    .onConflict((conflict) =>
      conflict.columns(['rule', 'dedup_key']).doUpdateSet((set) => ({
        opened_at: set.ref('excluded.opened_at'),
        suppressed_count: set.ref('excluded.suppressed_count'),
      })),
    )
    .compile();
}
