import type { KeyMemory, KeyState } from '../../alerts/memory.ts';
import type { Store } from '../store.ts';
import { type BulkStatement, createBulk } from './bulk.ts';
import type { Connection } from './connection.ts';
import { ruleRowId } from './rule-rows.ts';
import { compiledOnce } from './statement.ts';
import { db } from './tables.ts';
import { textOfTimes, timesOfText } from './text.ts';

/** Row keys of rules: looked up before a run tells anything, written by its commit. */
export interface KeyRows extends Pick<Store, 'findKeys'> {
  saveKeys(rule: number, keys: readonly KeyMemory[]): void;
  forgetKeys(rule: number, before: number): void;
}

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

export function createKeyRows(connection: Connection): KeyRows {
  const keys = createBulk(connection, buildKeySearch);
  const saveKeys = createBulk(connection, buildKeyUpsert);
  return {
    findKeys: async (tenant, ruleId, wanted) =>
      connection.read(() => searchKeys(keys, ruleRowId(connection, tenant, ruleId), wanted)),
    saveKeys: (rule, records) => saveKeys.run(records.map(toKeyRow), { rule }),
    forgetKeys: (rule, before) => void connection.run(deleteKeys({ rule, before })),
  };
}

const deleteKeys = compiledOnce(({ rule, before }: Of & { readonly before: number }) =>
  db.deleteFrom('row_key').where('rule', '=', rule).where('last_returned', '<', before).compile(),
);

function toKeyRow(memory: KeyMemory): KeyRow {
  return {
    key: Buffer.from(memory.key, 'hex'),
    state: memory.state,
    told_to: memory.toldTo,
    told_before: textOfTimes(memory.toldBefore),
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
    toldBefore: timesOfText(row.told_before),
    heldTo: row.held_to,
    heldNewest: row.held_newest,
    lastReturned: row.last_returned,
  };
}

function searchKeys(
  search: BulkStatement<Key, Of, KeyRow>,
  rule: number,
  keys: readonly string[],
): Map<string, KeyMemory> {
  const found = new Map<string, KeyMemory>();
  const wanted = keys.map((key) => ({ key: Buffer.from(key, 'hex') }));
  for (const row of search.rows(wanted, { rule })) {
    const memory = toMemory(row);
    found.set(memory.key, memory);
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
