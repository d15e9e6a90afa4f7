import { sql } from 'kysely';
import type { DeliveryHappened, DeliveryOutcome, Happening, JournalPage, JournalStore } from '../../journal-store.ts';
import type { Database } from '../../steps/database.ts';
import { compiledOnce } from '../../steps/statement.ts';
import { all, type RowSteps } from '../../steps/steps.ts';
import { db } from '../../steps/tables.ts';
import { listed } from '../../steps/words.ts';
import { auditEntryOf } from '../audit/audit-rows.ts';
import type { JournalRow } from './journal-rows.ts';
import { alertsIn } from './read-alerts.ts';
import { runOfText } from './run-text.ts';

interface StoredEntry extends JournalRow {
  readonly id: number;
}

/** Reads what happened, from a place on. */
export function createJournal(database: Database): Pick<JournalStore, 'journal' | 'journalPlace'> {
  return {
    journal: (query) => database.read(() => readPage(query)),
    journalPlace: (since) => database.read(() => placeBefore(since)),
  };
}

function* readPage(query: { readonly after: number; readonly limit: number }): RowSteps<JournalPage> {
  const rows = yield* all(entriesBehind(query));
  const events: Happening[] = [];
  let place = query.after;
  let taken = 0;
  for (const row of rows) {
    if (events.length >= query.limit) break;
    events.push(...(yield* eventsOf(row)));
    place = row.id;
    taken += 1;
  }
  return { events, place, isLast: taken === rows.length && rows.length < query.limit };
}

const entriesBehind = compiledOnce(({ after, limit }: { readonly after: number; readonly limit: number }) =>
  db.selectFrom('journal').selectAll().where('id', '>', after).orderBy('id').limit(limit),
);

function* eventsOf(row: StoredEntry): RowSteps<readonly Happening[]> {
  if (row.kind === 'run') return yield* runEvents(row);
  if (row.kind === 'alert') return yield* alertsIn(row, { first: row.first ?? 1, last: row.last ?? 0 });
  if (row.kind === 'audit') return yield* auditOf(row);
  return yield* deliveriesOf(row);
}

function* auditOf({ id: place, first }: StoredEntry): RowSteps<readonly Happening[]> {
  const rows = yield* all(auditById({ id: first ?? 0 }));
  return rows.map((row) => ({ kind: 'audit', place, ...auditEntryOf(row) }));
}

const auditById = compiledOnce(({ id }: { readonly id: number }) =>
  db.selectFrom('audit').selectAll().where('id', '=', id),
);

/** A run, and its alerts behind it. */
function* runEvents({ id: place, at, first }: StoredEntry): RowSteps<readonly Happening[]> {
  const [row] = yield* all(runById({ id: first ?? 0 }));
  if (!row) return [];
  const { run_id: runId, rule_id: ruleId, tenant, record, hash, first_alert, last_alert } = row;
  const run = { ...runOfText(record, { runId, tenant, ruleId }), ...(hash !== null && { query: hash }) };
  const range = { first: first_alert ?? 1, last: last_alert ?? 0 };
  return [{ kind: 'run', place, at, run }, ...(yield* alertsIn({ id: place, at }, range))];
}

const runById = compiledOnce(({ id }: { readonly id: number }) =>
  db
    .selectFrom('run')
    .innerJoin('rule', 'rule.id', 'run.rule')
    .leftJoin('sent_query', 'sent_query.id', 'run.query')
    .select(['run_id', 'tenant', 'rule_id', 'record', 'hash', 'first_alert', 'last_alert'])
    .where('run.id', '=', id),
);

function* deliveriesOf(row: StoredEntry): RowSteps<readonly DeliveryHappened[]> {
  const { id: place, at, kind, reason, status } = row;
  const outcome = kind as DeliveryOutcome;
  return (yield* all(entriesNamed({ entries: row.entries ?? '[]' }))).map(({ target, message_id, alert_id }) => ({
    kind: 'delivery',
    place,
    at,
    outcome,
    target,
    messageId: message_id,
    alertId: alert_id,
    reason,
    status,
  }));
}

const entriesNamed = compiledOnce(({ entries }: { readonly entries: string }) =>
  db
    .selectFrom('outbox')
    .innerJoin('alert', 'alert.id', 'outbox.alert')
    .select(['target', 'message_id', 'alert_id'])
    .where('outbox.id', 'in', sql<number>`(select cast(value as bigint) from ${listed(sql`${entries}`)})`)
    .orderBy('outbox.id'),
);

/** Halves the places, which grow with time, instead of reading all of them. */
function* placeBefore(since: number): RowSteps<number> {
  const [ends] = yield* all(endsOfJournal({}));
  let low = (ends?.least ?? 1) - 1;
  let high = ends?.most ?? 0;
  while (low < high) {
    const middle = Math.floor((low + high + 1) / 2);
    const at = (yield* all(entryFrom({ id: middle })))[0]?.at ?? Number.POSITIVE_INFINITY;
    if (at < since) low = middle;
    else high = middle - 1;
  }
  return low;
}

const endsOfJournal = compiledOnce(() =>
  db.selectFrom('journal').select((all) => [all.fn.min('id').as('least'), all.fn.max('id').as('most')]),
);
const entryFrom = compiledOnce(({ id }: { readonly id: number }) =>
  db.selectFrom('journal').select('at').where('id', '>=', id).orderBy('id').limit(1),
);
