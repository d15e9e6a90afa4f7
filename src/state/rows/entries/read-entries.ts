import { isAscii } from 'node:buffer';
import { type Compilable, sql } from 'kysely';
import type { OutboxEntry } from '../../outbox-store.ts';
import { createBulk } from '../../steps/bulk.ts';
import { all, type Items, type RowSteps } from '../../steps/steps.ts';
import { db } from '../../steps/tables.ts';
import { gathered, joinedDocuments, list, SEPARATOR } from '../../steps/words.ts';
import { fromExactText } from '../text.ts';
import { createStoredEntry, type EntryHead, type EntryPast, NO_PAST } from './stored-entry.ts';

type Id = { readonly id: number };
type RowOf<Build extends (items: Items) => unknown> = ReturnType<Build> extends Compilable<infer Row> ? Row : never;
type PageRow = RowOf<typeof buildPages>;
type HeadCells = readonly [id: number, messageId: string, orderKey: string, createdAt: number, past: unknown];

/** Alert text read into memory by one call; the rest comes with the next. An alert has at most 256 KB. */
const BATCH_CHARACTERS = 8 * 1024 * 1024;
/** Of entries whose alerts may be of any size. */
const FIRST_PAGE = 20;
const LARGEST_PAGE = 500;
/** Of alert text in one page, about: it stays in memory for as long as one of its entries does. */
const PAGE_CHARACTERS = 256 * 1024;

/** Entries of one target, in the order of their ids here; fewer where their alerts are large. Inside one snapshot. */
export function* readEntries(target: string, ids: readonly number[]): RowSteps<OutboxEntry[]> {
  const heads = new Map<number, EntryHead>();
  let characters = 0;
  let size = FIRST_PAGE;
  for (let next = 0; next < ids.length && characters < BATCH_CHARACTERS; ) {
    const wanted = ids.slice(next, next + size);
    next += wanted.length;
    for (const head of headsOf(yield* all(pagesOf(wanted.map(toId), {})))) {
      heads.set(head.id, head);
      characters += head.text.length;
    }
    size = pageSize(next, characters);
  }
  return ids.flatMap((id) => heads.get(id) ?? []).map((head) => createStoredEntry(target, head));
}

function toId(id: number): Id {
  return { id };
}

/** By what those before had of text; the next page may have four times as much. */
function pageSize(entries: number, characters: number): number {
  const each = Math.max(1, characters) / entries;
  return Math.max(1, Math.min(LARGEST_PAGE, entries, Math.round(PAGE_CHARACTERS / each)));
}

function* headsOf(pages: readonly PageRow[]): Iterable<EntryHead> {
  for (const { heads, documents } of pages) {
    if (heads === null || documents === null) continue;
    const texts = documentsOf(documents);
    const cells = JSON.parse(heads) as readonly HeadCells[];
    for (const [at, [id, messageId, orderKey, createdAt, past]] of cells.entries()) {
      const text = texts[at] ?? '';
      yield { id, messageId, orderKey: fromExactText(orderKey), createdAt, text, past: pastOf(past) };
    }
  }
}

function documentsOf(joined: string | ArrayBuffer): readonly string[] {
  if (typeof joined === 'string') return joined.split(SEPARATOR);
  const bytes = Buffer.from(joined);
  // What is ASCII throughout is only copied.
  return bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8').split(SEPARATOR);
}

function pastOf(cells: unknown): EntryPast {
  if (cells === null) return NO_PAST;
  const known = (typeof cells === 'string' ? JSON.parse(cells) : cells) as PastCells;
  const [attempts, firstAttemptAt, agedMs, triedAt, probedFrom, receipt, insteadOf, escalatedAfter] = known;
  return {
    attempts,
    firstAttemptAt,
    agedMs,
    triedAt,
    probedFrom,
    receipt: receipt === null ? null : fromExactText(receipt),
    insteadOf,
    escalatedAfter,
  };
}

/** As PAST. */
type PastCells = readonly [
  attempts: number,
  firstAttemptAt: number | null,
  agedMs: number,
  triedAt: number | null,
  probedFrom: number | null,
  receipt: string | null,
  insteadOf: string | null,
  escalatedAfter: number | null,
];

const PAST = [
  'outbox.attempts',
  'outbox.first_attempt_at',
  'outbox.aged_ms',
  'outbox.tried_at',
  'outbox.probed_from',
  'receipt.receipt',
  'outbox.instead_of',
  'outbox.escalated_after',
];
/** Those that are never null. */
const COUNTS: ReadonlySet<string> = new Set(['outbox.attempts', 'outbox.aged_ms']);

/** A page is one row: the driver takes longer for a row of each entry than the database for reading them. */
function buildPages(entries: Items) {
  const head = ['outbox.id', 'outbox.message_id', 'outbox.order_key', 'outbox.created_at'].map((name) => sql.ref(name));
  return db
    .selectFrom('outbox')
    .innerJoin('alert', 'alert.id', 'outbox.alert')
    .leftJoin('receipt', (on) =>
      on.onRef('receipt.alert_id', '=', 'alert.alert_id').onRef('receipt.target', '=', 'outbox.target'),
    )
    .select([gathered(list(...head, pastCells())).as('heads'), joinedDocuments('alert.document').as('documents')])
    .where('outbox.id', 'in', entries.among<number>('id'));
}

/** Null where there is nothing to be told, as of most entries. */
function pastCells() {
  const isTold = PAST.map((name) =>
    COUNTS.has(name) ? sql`${sql.ref(name)} != 0` : sql`${sql.ref(name)} is not null`,
  );
  return sql`case when ${sql.join(isTold, sql` or `)} then ${list(...PAST.map((name) => sql.ref(name)))} end`;
}

const pagesOf = createBulk<Id, Record<never, never>, PageRow>({ id: 'number' }, buildPages);
