import { sql } from 'kysely';
import type { Alert } from '../../alerts/alert.ts';
import type { AlertMark, AlertQuery } from '../alert-page.ts';
import type { Store } from '../store.ts';
import type { Connection } from './connection.ts';
import { withAcknowledgement } from './detours/read-acknowledgement.ts';
import { highestId } from './order-rows.ts';
import { db } from './tables.ts';

/** One who asks for a beginning wants to know whether it names one alert or several. */
const MOST = 2;
/** So many messages are looked at for one page, however few of them are meant. */
const LOOKED_AT = 5000;
/** What a page holds in memory, in characters of its documents. */
const MOST_CHARACTERS = 8_000_000;

/** Alerts as they were committed, for people and programs that ask. */
export function createStoredAlerts(connection: Connection): Pick<Store, 'alertsById' | 'alertPage'> {
  return {
    alertsById: async (beginning) => alertsById(connection, beginning),
    alertPage: async (query) => connection.read(() => readPage(connection, query)),
  };
}

function alertsById(connection: Connection, beginning: string): readonly Alert[] {
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
  return connection.all(query.compile()).map((row) => shownAlert(connection, row));
}

function shownAlert(connection: Connection, { document }: { readonly document: string }): Alert {
  return withAcknowledgement(connection, JSON.parse(document) as Alert);
}

function readPage(connection: Connection, query: AlertQuery): Awaited<ReturnType<Store['alertPage']>> {
  const highest = highestId(connection, 'alert');
  const known = query.after === null || isKnown(connection, query.after, highest);
  const after = known ? (query.after?.row ?? 0) : 0;
  const from =
    query.since === undefined ? after + 1 : firstSince(connection, query.since, { from: after + 1, to: highest });
  const last = Math.min(highest, from + LOOKED_AT - 1);
  const found = connection.all(pageQuery({ ...query, from, last }));
  const rows = found.slice(0, countWithin(found));
  const isFull = rows.length < found.length || rows.length === query.limit;
  const end = isFull ? (rows.at(-1)?.id ?? last) : Math.max(last, after);
  return {
    alerts: rows.map((row) => shownAlert(connection, row)),
    end: markAt(connection, end) ?? query.after,
    more: end < highest,
    begunAnew: !known,
  };
}

/** A row that tidying took is known where later ones are there; its number is given again only in a state that holds none of them. */
function isKnown(connection: Connection, { row, alertId }: AlertMark, highest: number): boolean {
  if (row > highest) return false;
  const [found] = connection.all(db.selectFrom('alert').select('alert_id').where('id', '=', row).compile());
  return found === undefined || found.alert_id === alertId;
}

/** Rows are numbered as they are committed, so that the first of a time is found in twenty looks instead of a million. */
function firstSince(
  connection: Connection,
  since: number,
  { from, to }: { readonly from: number; readonly to: number },
): number {
  let [low, high] = [from, to + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const query = db.selectFrom('alert').select('created_at').where('id', '>=', middle).orderBy('id').limit(1);
    const [found] = connection.all(query.compile());
    if (found && found.created_at < since) low = middle + 1;
    else high = middle;
  }
  return low;
}

function pageQuery({ from, last, limit, ...wanted }: AlertQuery & { readonly from: number; readonly last: number }) {
  const { tenant, ruleId, status, kind, severities } = wanted;
  const told = (path: string) => sql<string>`json_extract(document, ${sql.lit(`$.${path}`)})`;
  let query = db.selectFrom('alert').select(['id', 'document']).where('id', '>=', from).where('id', '<=', last);
  if (tenant !== undefined) query = query.where(told('tenant'), '=', tenant);
  if (ruleId !== undefined) query = query.where(told('rule.id'), '=', ruleId);
  if (status !== undefined) query = query.where(told('status'), '=', status);
  if (kind !== undefined) query = query.where(told('kind'), '=', kind);
  if (severities !== undefined) query = query.where(told('severity'), 'in', severities);
  return query.orderBy('id').limit(limit).compile();
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

function markAt(connection: Connection, row: number): AlertMark | null {
  const query = db.selectFrom('alert').select(['id', 'alert_id']).where('id', '<=', row).orderBy('id', 'desc').limit(1);
  const [found] = connection.all(query.compile());
  return found ? { row: found.id, alertId: found.alert_id } : null;
}
