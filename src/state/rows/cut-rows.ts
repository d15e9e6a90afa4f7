import { sql } from 'kysely';
import type { HeldSpan } from '../../alerts/memory.ts';
import { DAY_MS } from '../../lib/duration.ts';
import type { Database } from '../steps/database.ts';
import { compiledOnce } from '../steps/statement.ts';
import { all, change, type RowSteps } from '../steps/steps.ts';
import { db } from '../steps/tables.ts';
import { gathered, listed } from '../steps/words.ts';
import type { Store } from '../store.ts';
import { ruleRowId } from './rule-rows.ts';
import { spansOfText, textOfSpans } from './text.ts';

/** A quiet time that was opened so long before is over, and its record is not yet old enough to be tidied away with what it counts. */
const LONG_AGO_MS = 370 * DAY_MS;

/** A few megabytes at most. */
const KEYS_AT_ONCE = 1000;

/** Takes back what a wrong clock wrote into the memory of a rule. */
export function createCutRows(database: Database): Pick<Store, 'cutMemory'> {
  return { cutMemory: (tenant, ruleId, after) => database.write(() => cutRule(tenant, ruleId, after)) };
}

function* cutRule(tenant: string, ruleId: string, after: number): RowSteps<void> {
  const rule = yield* ruleRowId(tenant, ruleId);
  yield* cutKeys(rule, after);
  yield* cutQuiet(rule, after);
  yield* cutFiring(rule, after);
}

function* cutKeys(rule: number, after: number): RowSteps<void> {
  const ahead = db
    .updateTable('row_key')
    .set({ told_to: upTo('told_to', after), held_to: upTo('held_to', after) })
    .where('rule', '=', rule)
    .where((where) => where.or([where('told_to', '>', after), where('held_to', '>', after)]));
  yield* change(ahead);
  yield* cutHeld(rule, after);
  const before = db
    .updateTable('row_key')
    .set({ told_before: timesUpTo('told_before', after) })
    .where('rule', '=', rule)
    .where('told_before', 'is not', null);
  yield* change(before);
}

/** What was held back ahead is so until then; what was before stays as it is. */
function* cutHeld(rule: number, after: number): RowSteps<void> {
  let last = 0;
  for (;;) {
    const rows = yield* all(heldKeys({ rule, last }));
    for (const { id, held_before } of rows) {
      const text = textOfSpans(spansUpTo(spansOfText(held_before), after));
      if (text !== held_before)
        yield* change(db.updateTable('row_key').set({ held_before: text }).where('id', '=', id));
    }
    const end = rows.at(-1);
    if (!end) return;
    last = end.id;
  }
}

function spansUpTo(spans: readonly HeldSpan[], after: number): readonly HeldSpan[] {
  return spans.filter(({ from }) => from < after).map((span) => ({ ...span, to: Math.min(span.to, after) }));
}

const heldKeys = compiledOnce(({ rule, last }: { readonly rule: number; readonly last: number }) => {
  const query = db.selectFrom('row_key').select(['id', 'held_before']).where('rule', '=', rule);
  return query.where('held_before', 'is not', null).where('id', '>', last).orderBy('id').limit(KEYS_AT_ONCE);
});

/** The record stays, for what it counts. */
function* cutQuiet(rule: number, after: number): RowSteps<void> {
  const ahead = db
    .updateTable('quiet')
    .set({ opened_at: after - LONG_AGO_MS })
    .where('rule', '=', rule);
  yield* change(ahead.where('opened_at', '>', after));
  const before = db
    .updateTable('quiet')
    .set({ opened_before: timesUpTo('opened_before', after) })
    .where('rule', '=', rule)
    .where('opened_before', 'is not', null);
  yield* change(before);
}

/** What was found as of an instant ahead says nothing of it. */
function* cutFiring(rule: number, after: number): RowSteps<void> {
  const gone = db.updateTable('firing').set({ gone_from: null }).where('rule', '=', rule);
  yield* change(gone.where('gone_from', '>', after));
  const times = { held_at: upTo<number>('held_at', after), told_at: upTo<number>('told_at', after) };
  const ahead = db.updateTable('firing').set(times).where('rule', '=', rule);
  yield* change(ahead.where((where) => where.or([where('held_at', '>', after), where('told_at', '>', after)])));
}

/** null stays null. */
function upTo<Value = number | null>(column: string, after: number) {
  const ref = sql.ref(column);
  return sql<Value>`case when ${ref} > ${after} then ${after} else ${ref} end`;
}

const TIME = sql<number>`cast(value as bigint)`;

/** A list of times (text.ts) without those later than `after`; null where none is left. */
function timesUpTo(column: string, after: number) {
  const list = listed(sql.ref(column));
  return sql<string | null>`nullif((select ${gathered(TIME)} from ${list} where ${TIME} <= ${after}), '[]')`;
}
