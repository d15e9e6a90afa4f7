import type { DeliveryOutcome } from '../../journal-store.ts';
import type { Connection } from '../connection.ts';
import { compiledOnce } from '../statement.ts';
import { db } from '../tables.ts';
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

/** Writes the journal: a row for a run, for alerts that came together, for deliveries that ended together. Inside a transaction. */
export interface JournalRows {
  noteRun(run: number, at: number): void;
  /** Of alerts that no run made. */
  noteAlerts(range: Range, at: number): void;
  noteDeliveries(settled: SettledEntries): void;
  /** A row of the audit. */
  noteAudit(entry: number, at: number): void;
}

type JournalRow = {
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

export function createJournalRows(connection: Connection): JournalRows {
  const add = (row: JournalRow): void => {
    connection.run(insertRow(row));
  };
  return {
    noteRun: (run, at) => add({ ...NOTHING, kind: 'run', first: run, at }),
    noteAudit: (entry, at) => add({ ...NOTHING, kind: 'audit', first: entry, at }),
    noteAlerts: ({ first, last }, at) => add({ ...NOTHING, kind: 'alert', first, last, at }),
    noteDeliveries: ({ outcome, ids, reason = null, status = null, at }) => {
      const why = reason === null ? null : plainText(reason.slice(0, LONGEST_REASON));
      for (let next = 0; next < ids.length; next += MOST_IDS) {
        const entries = JSON.stringify(ids.slice(next, next + MOST_IDS));
        add({ ...NOTHING, kind: outcome, entries, reason: why, status, at });
      }
    },
  };
}

const insertRow = compiledOnce(({ at, kind, first, last, entries, reason, status }: JournalRow) =>
  db.insertInto('journal').values({ at, kind, first, last, entries, reason, status }).compile(),
);
