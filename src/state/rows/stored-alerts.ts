import { sql } from 'kysely';
import type { Alert } from '../../alerts/alert.ts';
import type { AlertMark, AlertQuery } from '../alert-page.ts';
import type { Database } from '../steps/database.ts';
import { compiledOnce } from '../steps/statement.ts';
import { all, type RowSteps } from '../steps/steps.ts';
import { db } from '../steps/tables.ts';
import { jsonTextAt } from '../steps/words.ts';
import type { Store } from '../store.ts';
import { withAcknowledgement } from './detours/read-acknowledgement.ts';
import { highestId } from './order-rows.ts';

/** One who asks for a beginning wants to know whether it names one alert or several. */
const MOST = 2;
/** So many messages are looked at for one page, however few of them are meant. */
export const LOOKED_AT = 5000;
/** What a page holds in memory, in characters of its documents. */
const MOST_CHARACTERS = 8_000_000;

/** Alerts as they were committed, for people and programs that ask. */
export function createStoredAlerts(database: Database): Pick<Store, 'alertsById' | 'alertPage'> {
  return {
    alertsById: (beginning) => database.ask(() => alertsById(beginning)),
    alertPage: (query) => database.read(() => readPage(query)),
  };
}

function* alertsById(beginning: string): RowSteps<readonly Alert[]> {
  const newest = db
    .selectFrom('alert')
    .select(['alert_id', (all) => all.fn.max('revision').as('revision')])
    .where('alert_id', '>=', beginning)
    .where(sql`substr(alert_id, 1, ${beginning.length})`, '=', beginning)
    .groupBy('alert_id')
    .orderBy('alert_id')
    .limit(MOST)
    .as('newest');
  const query = db
    .selectFrom(newest)
    .innerJoin('alert', (on) =>
      on.onRef('alert.alert_id', '=', 'newest.alert_id').onRef('alert.revision', '=', 'newest.revision'),
    )
    .select('document');
  return yield* shownAlerts(yield* all(query));
}

function* shownAlerts(rows: readonly { readonly document: string }[]): RowSteps<Alert[]> {
  const alerts: Alert[] = [];
  for (const { document } of rows) alerts.push(yield* withAcknowledgement(JSON.parse(document) as Alert));
  return alerts;
}

function* readPage(query: AlertQuery): RowSteps<Awaited<ReturnType<Store['alertPage']>>> {
  const highest = yield* highestId('alert');
  const known = query.after === null || (yield* isKnown(query.after, highest));
  const after = known ? (query.after?.row ?? 0) : 0;
  const from = query.since === undefined ? after + 1 : yield* firstSince(query.since, { from: after + 1, to: highest });
  const last = Math.min(highest, from + LOOKED_AT - 1);
  const found = yield* all(pageQuery({ ...query, from, last }));
  const rows = found.slice(0, countWithin(found));
  const isFull = rows.length < found.length || rows.length === query.limit;
  const end = isFull ? (rows.at(-1)?.id ?? last) : Math.max(last, after);
  return {
    alerts: yield* shownAlerts(rows),
    end: (yield* markAt(end)) ?? query.after,
    more: end < highest,
    begunAnew: !known,
  };
}

/** A row that tidying took is known where later ones are there; its number is given again only in a state that holds none of them. */
export function* isKnown({ row, alertId }: AlertMark, highest: number): RowSteps<boolean> {
  if (row > highest) return false;
  const [found] = yield* all(db.selectFrom('alert').select('alert_id').where('id', '=', row));
  return found === undefined || found.alert_id === alertId;
}

/** Rows are numbered as they are committed, so that the first of a time is found in twenty looks instead of a million. */
export function* firstSince(
  since: number,
  { from, to }: { readonly from: number; readonly to: number },
): RowSteps<number> {
  let [low, high] = [from, to + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [found] = yield* all(firstFrom({ middle }));
    if (found && found.created_at < since) low = middle + 1;
    else high = middle;
  }
  return low;
}

const firstFrom = compiledOnce(({ middle }: { readonly middle: number }) =>
  db.selectFrom('alert').select('created_at').where('id', '>=', middle).orderBy('id').limit(1),
);

function pageQuery({ from, last, limit, ...wanted }: AlertQuery & { readonly from: number; readonly last: number }) {
  return alertsBetween({ from, last }, wanted).select(['id', 'document']).orderBy('id').limit(limit);
}

/** Messages by their numbers, of which all that is given holds. */
export function alertsBetween(
  { from, last }: { readonly from: number; readonly last: number },
  { tenant, ruleId, status, kind, severities }: Omit<AlertQuery, 'after' | 'limit'>,
) {
  const told = (path: string) => jsonTextAt('document', path);
  let query = db.selectFrom('alert').where('id', '>=', from).where('id', '<=', last);
  if (tenant !== undefined) query = query.where(told('tenant'), '=', tenant);
  if (ruleId !== undefined) query = query.where(told('rule.id'), '=', ruleId);
  if (status !== undefined) query = query.where(told('status'), '=', status);
  if (kind !== undefined) query = query.where(told('kind'), '=', kind);
  // No alert is of none of them; Postgres knows no empty list.
  if (severities !== undefined)
    query = query.where(told('severity'), 'in', severities.length === 0 ? [''] : severities);
  return query;
}

/** One at least, or nobody would come past it. */
function countWithin(rows: readonly { readonly document: string }[]): number {
  let characters = 0;
  const over = rows.findIndex(({ document }, index) => {
    characters += document.length;
    return index > 0 && characters > MOST_CHARACTERS;
  });
  return over < 0 ? rows.length : over;
}

export function* markAt(row: number): RowSteps<AlertMark | null> {
  const query = db.selectFrom('alert').select(['id', 'alert_id']).where('id', '<=', row).orderBy('id', 'desc').limit(1);
  const [found] = yield* all(query);
  return found ? { row: found.id, alertId: found.alert_id } : null;
}
