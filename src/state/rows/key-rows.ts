import type { KeyMemory, KeyState } from '../../alerts/memory.ts';
import { createBulk } from '../steps/bulk.ts';
import type { Database } from '../steps/database.ts';
import { compiledOnce } from '../steps/statement.ts';
import { all, change, type Items, type RowSteps } from '../steps/steps.ts';
import { db } from '../steps/tables.ts';
import type { Store } from '../store.ts';
import { ruleRowId } from './rule-rows.ts';
import { spansOfText, textOfSpans, textOfTimes, timesOfText } from './text.ts';

type Of = { readonly rule: number };
type Key = { readonly key: Buffer };
type KeyRow = Key & {
  readonly state: string;
  readonly told_to: number | null;
  readonly told_before: string | null;
  readonly held_to: number | null;
  readonly held_newest: string | null;
  readonly held_before: string | null;
  readonly last_returned: number;
};

/** Row keys of rules: looked up before a run tells anything, written by its commit. */
export function createKeyRows(database: Database): Pick<Store, 'findKeys'> {
  return {
    findKeys: async (tenant, ruleId, wanted) =>
      wanted.length === 0 ? new Map() : database.read(() => searchKeys(tenant, ruleId, wanted)),
  };
}

/** Inside a transaction. */
export function* saveKeys(rule: number, records: readonly KeyMemory[]): RowSteps<void> {
  yield* change(upsertKeys(records.map(toKeyRow), { rule }));
}

/** Inside a transaction. */
export function* forgetKeys(rule: number, before: number): RowSteps<void> {
  yield* change(deleteKeys({ rule, before }));
}

const deleteKeys = compiledOnce(({ rule, before }: Of & { readonly before: number }) =>
  db.deleteFrom('row_key').where('rule', '=', rule).where('last_returned', '<', before),
);

function toKeyRow(memory: KeyMemory): KeyRow {
  return {
    key: Buffer.from(memory.key, 'hex'),
    state: memory.state,
    told_to: memory.toldTo,
    told_before: textOfTimes(memory.toldBefore),
    held_to: memory.heldTo,
    held_newest: memory.heldNewest,
    held_before: textOfSpans(memory.heldBefore),
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
    heldBefore: spansOfText(row.held_before),
    lastReturned: row.last_returned,
  };
}

function* searchKeys(tenant: string, ruleId: string, keys: readonly string[]): RowSteps<Map<string, KeyMemory>> {
  const rule = yield* ruleRowId(tenant, ruleId);
  const found = new Map<string, KeyMemory>();
  // A rule that has told nothing yet may get many rows: one look spares one for every key.
  if (keys.length > FEW_KEYS && (yield* all(anyKey({ rule }))).length === 0) return found;
  const wanted = keys.map((key) => ({ key: Buffer.from(key, 'hex') }));
  for (const row of yield* all(keysOf(wanted, { rule }))) {
    const memory = toMemory(row);
    found.set(memory.key, memory);
  }
  return found;
}

const FEW_KEYS = 16;

const anyKey = compiledOnce(({ rule }: Of) => db.selectFrom('row_key').select('id').where('rule', '=', rule).limit(1));

const keysOf = createBulk<Key, Of, KeyRow>({ key: 'bytes' }, buildKeySearch);

function buildKeySearch(keys: Items, { rule }: Of) {
  return db
    .selectFrom('row_key')
    .select(['key', 'state', 'told_to', 'told_before', 'held_to', 'held_newest', 'held_before', 'last_returned'])
    .where('rule', '=', rule)
    .where('key', 'in', keys.among<Buffer>('key'));
}

const upsertKeys = createBulk<KeyRow, Of, unknown>(
  {
    key: 'bytes',
    state: 'text',
    told_to: 'number',
    told_before: 'text',
    held_to: 'number',
    held_newest: 'text',
    held_before: 'text',
    last_returned: 'number',
  },
  buildKeyUpsert,
  { unique: 'key' },
);

function buildKeyUpsert(rows: Items, { rule }: Of) {
  return rows.into('row_key', { rule }).onConflict((conflict) =>
    conflict.columns(['rule', 'key']).doUpdateSet((set) => ({
      state: set.ref('excluded.state'),
      told_to: set.ref('excluded.told_to'),
      told_before: set.ref('excluded.told_before'),
      held_to: set.ref('excluded.held_to'),
      held_newest: set.ref('excluded.held_newest'),
      held_before: set.ref('excluded.held_before'),
      last_returned: set.ref('excluded.last_returned'),
    })),
  );
}
