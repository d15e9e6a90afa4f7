import type { QuietMemory } from '../../alerts/memory.ts';
import type { Store } from '../store.ts';
import { type BulkStatement, createBulk } from './bulk.ts';
import type { Connection } from './connection.ts';
import { ruleRowId } from './rule-rows.ts';
import { db } from './tables.ts';
import { exactText, fromExactText, textOfTimes, timesOfText } from './text.ts';

/** Quiet times of dedup keys: looked up before a run tells anything, written by its commit. */
export interface QuietRows extends Pick<Store, 'findQuiet'> {
  saveQuiet(rule: number, quiet: readonly QuietMemory[]): void;
}

type Of = { readonly rule: number };
type DedupKey = { readonly dedup_key: string };
type QuietRow = DedupKey & {
  readonly opened_at: number;
  readonly opened_before: string | null;
  readonly ended_at: number | null;
  readonly held: string | null;
};

export function createQuietRows(connection: Connection): QuietRows {
  const search = createBulk(connection, buildQuietSearch);
  const save = createBulk(connection, buildQuietUpsert);
  return {
    findQuiet: async (tenant, ruleId, wanted) =>
      connection.read(() => searchQuiet(search, ruleRowId(connection, tenant, ruleId), wanted)),
    saveQuiet: (rule, records) => save.run(records.map(toQuietRow), { rule }),
  };
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

function searchQuiet(
  search: BulkStatement<DedupKey, Of, QuietRow>,
  rule: number,
  keys: readonly string[],
): Map<string, QuietMemory> {
  const wanted = keys.map((key) => ({ dedup_key: exactText(key) }));
  return new Map(search.rows(wanted, { rule }).map((row) => [fromExactText(row.dedup_key), toMemory(row)]));
}

function buildQuietSearch(keys: readonly DedupKey[], { rule }: Of) {
  const wanted = keys.map(({ dedup_key }) => dedup_key);
  return db
    .selectFrom('quiet')
    .select(['dedup_key', 'opened_at', 'opened_before', 'ended_at', 'held'])
    .where('rule', '=', rule)
    .where('dedup_key', 'in', wanted)
    .compile();
}

function buildQuietUpsert(rows: readonly QuietRow[], { rule }: Of) {
  const values = rows.map((row) => ({
    rule,
    dedup_key: row.dedup_key,
    opened_at: row.opened_at,
    opened_before: row.opened_before,
    ended_at: row.ended_at,
    held: row.held,
  }));
  return db
    .insertInto('quiet')
    .values(values)
    .onConflict((conflict) =>
      conflict.columns(['rule', 'dedup_key']).doUpdateSet((set) => ({
        opened_at: set.ref('excluded.opened_at'),
        opened_before: set.ref('excluded.opened_before'),
        ended_at: set.ref('excluded.ended_at'),
        held: set.ref('excluded.held'),
      })),
    )
    .compile();
}
