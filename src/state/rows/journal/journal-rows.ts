import type { DeliveryOutcome } from '../../journal-store.ts';
import { compiledOnce } from '../../steps/statement.ts';
import { change, type RowSteps } from '../../steps/steps.ts';
import { db } from '../../steps/tables.ts';
import { plainText } from '../text.ts';

/** Ids of rows that were written together. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** What became of outbox entries at once, for one reason. */
export interface SettledEntries {
  readonly outcome: DeliveryOutcome;
  readonly ids: readonly number[];
  readonly reason?: string | null;
  readonly status?: number | null;
  /** Epoch ms. */
  readonly at: number;
}

export type JournalRow = {
  readonly at: number;
  readonly kind: string;
  readonly first: number | null;
  readonly last: number | null;
  readonly entries: string | null;
  readonly reason: string | null;
  readonly status: number | null;
};

const NOTHING = { first: null, last: null, entries: null, reason: null, status: null };
/** Ids in one row. */
const MOST_IDS = 1000;
const LONGEST_REASON = 1000;

function* add(row: JournalRow): RowSteps<void> {
  yield* change(insertRow(row));
}

/** Inside a transaction. */
export function* noteRun(row: number, at: number): RowSteps<void> {
  yield* add({ ...NOTHING, kind: 'run', first: row, at });
}

/** A row of the audit. Inside a transaction. */
export function* noteAudit(entry: number, at: number): RowSteps<void> {
  yield* add({ ...NOTHING, kind: 'audit', first: entry, at });
}

/** Of alerts that no run made. Inside a transaction. */
export function* noteAlerts({ first, last }: Range, at: number): RowSteps<void> {
  yield* add({ ...NOTHING, kind: 'alert', first, last, at });
}

/** One row for deliveries that ended together. Inside a transaction. */
export function* noteDeliveries({ outcome, ids, reason = null, status = null, at }: SettledEntries): RowSteps<void> {
  const why = reason === null ? null : plainText(reason.slice(0, LONGEST_REASON));
  for (let next = 0; next < ids.length; next += MOST_IDS) {
    const entries = JSON.stringify(ids.slice(next, next + MOST_IDS));
    yield* add({ ...NOTHING, kind: outcome, entries, reason: why, status, at });
  }
}

const insertRow = compiledOnce(({ at, kind, first, last, entries, reason, status }: JournalRow) =>
  db.insertInto('journal').values({ at, kind, first, last, entries, reason, status }),
);
