import type { AuditEntry, AuditQuery, AuditRowSeen, AuditStore } from '../../audit-store.ts';
import type { Database } from '../../steps/database.ts';
import { all, type RowSteps } from '../../steps/steps.ts';
import { db } from '../../steps/tables.ts';
import { noteAudit } from '../journal/journal-rows.ts';
import { plainText } from '../text.ts';

/** Notes who changed what, inside the transaction of the change. */
export function* noteChange({ at, who, action, subject, before, after }: AuditEntry): RowSteps<void> {
  const words = { who: shortText(who), action, subject: shortText(subject) };
  const values = { at: Math.round(at), ...words, before: shortJson(before), after: shortJson(after) };
  const [row] = yield* all(db.insertInto('audit').values(values).returning('id'));
  if (row) yield* noteAudit(row.id, values.at);
}

export function createAuditRows(database: Database): AuditStore {
  return {
    noteAudit: (entry) => database.write(() => noteChange(entry)),
    audit: (query) => database.ask(() => readLatest(query)),
    auditPage: (query) => database.ask(() => readPage(query)),
  };
}

function* readLatest(query: AuditQuery): RowSteps<AuditEntry[]> {
  return (yield* all(latest(query))).map(auditEntryOf).reverse();
}

function* readPage(query: AuditQuery & { readonly before: number | null }): RowSteps<AuditRowSeen[]> {
  const rows = latest(query)
    .select('id')
    .where('id', '<', query.before ?? Number.MAX_SAFE_INTEGER);
  return (yield* all(rows)).map((row) => ({ row: row.id, entry: auditEntryOf(row) }));
}

export interface AuditRow {
  readonly at: number;
  readonly who: string;
  readonly action: string;
  readonly subject: string;
  readonly before: string | null;
  readonly after: string | null;
}

export function auditEntryOf({ at, who, action, subject, before, after }: AuditRow): AuditEntry {
  return { at, who, action, subject, before: jsonIn(before), after: jsonIn(after) };
}

function latest({ limit, since, action, who }: AuditQuery) {
  const every = db.selectFrom('audit').select(['at', 'who', 'action', 'subject', 'before', 'after']);
  let query = every.orderBy('id', 'desc').limit(limit);
  if (since !== undefined) query = query.where('at', '>=', since);
  if (action !== undefined) query = query.where('action', '=', action);
  return who === undefined ? query : query.where('who', '=', who);
}

const LONGEST_TEXT = 500;
const LONGEST_JSON = 4000;

function shortText(text: string): string {
  // A pair of surrogates may be cut in two.
  return plainText(Buffer.from(text.slice(0, LONGEST_TEXT)).toString());
}

/** What is longer keeps its beginning, as a text. */
function shortJson(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const text = JSON.stringify(value);
  return plainText(text.length <= LONGEST_JSON ? text : JSON.stringify(`${text.slice(0, LONGEST_JSON / 2)}…`));
}

function jsonIn(text: string | null): unknown {
  return text === null ? null : JSON.parse(text);
}
