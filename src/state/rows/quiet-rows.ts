import type { QuietMemory } from '../../alerts/memory.ts';
import { createBulk } from '../steps/bulk.ts';
import type { Database } from '../steps/database.ts';
import { compiledOnce } from '../steps/statement.ts';
import { all, change, type Items, type RowSteps } from '../steps/steps.ts';
import { db } from '../steps/tables.ts';
import type { Store } from '../store.ts';
import { ruleRowId } from './rule-rows.ts';
import { exactText, fromExactText, textOfTimes, timesOfText } from './text.ts';

type Of = { readonly rule: number };
type DedupKey = { readonly dedup_key: string };
type QuietRow = DedupKey & {
  readonly opened_at: number;
  readonly opened_before: string | null;
  readonly ended_at: number | null;
  readonly held: string | null;
};

/** Quiet times of dedup keys: looked up before a run tells anything, written by its commit. */
export function createQuietRows(database: Database): Pick<Store, 'findQuiet'> {
  return {
    findQuiet: async (tenant, ruleId, wanted) =>
      wanted.length === 0 ? new Map() : database.read(() => searchQuiet(tenant, ruleId, wanted)),
  };
}

/** Inside a transaction. */
export function* saveQuiet(rule: number, records: readonly QuietMemory[]): RowSteps<void> {
  yield* change(upsertQuiet(records.map(toQuietRow), { rule }));
}

function toQuietRow({ dedupKey, openedAt, openedBefore, endedAt, held }: QuietMemory): QuietRow {
  const opened = { opened_at: openedAt, opened_before: textOfTimes(openedBefore), ended_at: endedAt ?? null };
  const isAny = Object.keys(held).length > 0;
  return { dedup_key: exactText(dedupKey), ...opened, held: isAny ? JSON.stringify(held) : null };
}

function toMemory(row: QuietRow): QuietMemory {
  return {
    dedupKey: fromExactText(row.dedup_key),
    openedAt: row.opened_at,
    openedBefore: timesOfText(row.opened_before),
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
    held: row.held === null ? {} : (JSON.parse(row.held) as QuietMemory['held']),
  };
}

function* searchQuiet(tenant: string, ruleId: string, keys: readonly string[]): RowSteps<Map<string, QuietMemory>> {
  const rule = yield* ruleRowId(tenant, ruleId);
  // Most rules keep nothing of the kind: one look spares one for every key.
  if (keys.length > FEW_KEYS && (yield* all(anyQuiet({ rule }))).length === 0) return new Map();
  const wanted = keys.map((key) => ({ dedup_key: exactText(key) }));
  const found = yield* all(quietOf(wanted, { rule }));
  return new Map(found.map((row) => [fromExactText(row.dedup_key), toMemory(row)]));
}

const FEW_KEYS = 16;

const anyQuiet = compiledOnce(({ rule }: Of) => db.selectFrom('quiet').select('id').where('rule', '=', rule).limit(1));

const quietOf = createBulk<DedupKey, Of, QuietRow>({ dedup_key: 'text' }, buildQuietSearch);

function buildQuietSearch(keys: Items, { rule }: Of) {
  return db
    .selectFrom('quiet')
    .select(['dedup_key', 'opened_at', 'opened_before', 'ended_at', 'held'])
    .where('rule', '=', rule)
    .where('dedup_key', 'in', keys.among<string>('dedup_key'));
}

const upsertQuiet = createBulk<QuietRow, Of, unknown>(
  { dedup_key: 'text', opened_at: 'number', opened_before: 'text', ended_at: 'number', held: 'text' },
  buildQuietUpsert,
  { unique: 'dedup_key' },
);

function buildQuietUpsert(rows: Items, { rule }: Of) {
  return rows.into('quiet', { rule }).onConflict((conflict) =>
    conflict.columns(['rule', 'dedup_key']).doUpdateSet((set) => ({
      opened_at: set.ref('excluded.opened_at'),
      opened_before: set.ref('excluded.opened_before'),
      ended_at: set.ref('excluded.ended_at'),
      held: set.ref('excluded.held'),
    })),
  );
}
