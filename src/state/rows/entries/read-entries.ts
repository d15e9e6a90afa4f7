import type { Compilable } from 'kysely';
import type { Alert } from '../../../alerts/alert.ts';
import { parseWritten } from '../../../lib/json/known-text.ts';
import type { OutboxEntry } from '../../outbox-store.ts';
import { createBulk } from '../../steps/bulk.ts';
import { all, type Items, type RowSteps } from '../../steps/steps.ts';
import { db } from '../../steps/tables.ts';
import { fromExactText } from '../text.ts';

type Id = { readonly id: number };
type RowOf<Build extends (items: Items) => unknown> = ReturnType<Build> extends Compilable<infer Row> ? Row : never;
type HeadRow = RowOf<typeof buildHeads>;
type PastRow = RowOf<typeof buildPasts>;
type Past = Omit<PastRow, 'id'>;

/** Alert text read into memory by one call; the rest comes with the next. An alert has at most 256 KB. */
const BATCH_CHARACTERS = 8 * 1024 * 1024;
const READ_AT_ONCE = 20;

/** Entries of one target, in the order of their ids here; fewer where their alerts are large. Inside one snapshot. */
export function* readEntries(target: string, ids: readonly number[]): RowSteps<OutboxEntry[]> {
  const heads = new Map<number, HeadRow>();
  let characters = 0;
  for (let next = 0; next < ids.length && characters < BATCH_CHARACTERS; next += READ_AT_ONCE) {
    const wanted = ids.slice(next, next + READ_AT_ONCE).map((id) => ({ id }));
    for (const row of yield* all(headsOf(wanted, {}))) {
      heads.set(row.id, row);
      characters += row.document.length;
    }
  }
  const rows = ids.map((id) => heads.get(id)).filter((row) => row !== undefined);
  const pasts = yield* readPasts(rows);
  return rows.map((row) => toEntry(target, row, pasts.get(row.id) ?? NO_PAST));
}

function* readPasts(rows: readonly Id[]): RowSteps<ReadonlyMap<number, Past>> {
  const found = yield* all(
    pastsOf(
      rows.map(({ id }) => ({ id })),
      {},
    ),
  );
  return new Map(found.map((row) => [row.id, row]));
}

const NO_PAST: Past = {
  attempts: 0,
  first_attempt_at: null,
  aged_ms: 0,
  tried_at: null,
  probed_from: null,
  receipt: null,
  instead_of: null,
  escalated_after: null,
};

function toEntry(target: string, head: HeadRow, past: Past): OutboxEntry {
  return {
    id: head.id,
    messageId: head.message_id,
    target,
    orderKey: fromExactText(head.order_key),
    attempts: past.attempts,
    createdAt: head.created_at,
    firstAttemptAt: past.first_attempt_at,
    agedMs: past.aged_ms,
    triedAt: past.tried_at,
    probedFrom: past.probed_from,
    receipt: past.receipt === null ? null : fromExactText(past.receipt),
    alert: parseWritten<Alert>(head.document),
    characters: head.document.length,
    ...detourOf(past),
  };
}

function detourOf({ instead_of, escalated_after }: Past): Pick<OutboxEntry, 'detour'> {
  if (instead_of !== null) return { detour: { kind: 'fallback', of: instead_of } };
  return escalated_after === null ? {} : { detour: { kind: 'escalation', afterMs: escalated_after } };
}

function buildHeads(entries: Items) {
  return db
    .selectFrom('outbox')
    .innerJoin('alert', 'alert.id', 'outbox.alert')
    .select(['outbox.id', 'message_id', 'order_key', 'outbox.created_at', 'document'])
    .where('outbox.id', 'in', entries.among<number>('id'));
}

/** Most entries have none: the driver takes longer for the eight columns of each than the database for looking. */
function buildPasts(entries: Items) {
  return db
    .selectFrom('outbox')
    .innerJoin('alert', 'alert.id', 'outbox.alert')
    .leftJoin('receipt', (on) =>
      on.onRef('receipt.alert_id', '=', 'alert.alert_id').onRef('receipt.target', '=', 'outbox.target'),
    )
    .select(['outbox.id', 'attempts', 'first_attempt_at', 'aged_ms', 'tried_at', 'probed_from', 'receipt'])
    .select(['instead_of', 'escalated_after'])
    .where('outbox.id', 'in', entries.among<number>('id'))
    .where((where) =>
      where.or([
        where('attempts', '!=', 0),
        where('first_attempt_at', 'is not', null),
        where('aged_ms', '!=', 0),
        where('tried_at', 'is not', null),
        where('probed_from', 'is not', null),
        where('receipt', 'is not', null),
        where('instead_of', 'is not', null),
        where('escalated_after', 'is not', null),
      ]),
    );
}

const headsOf = createBulk<Id, Record<never, never>, HeadRow>({ id: 'number' }, buildHeads, { isLarge: true });
const pastsOf = createBulk<Id, Record<never, never>, PastRow>({ id: 'number' }, buildPasts);
