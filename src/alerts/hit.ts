import type { AlertPer, Severity } from '../rules/rule.ts';
import type { Row } from '../sources/source.ts';

/** The key of one or more rows of a run, and their newest event in the form of alerts; null where they tell no time. */
export interface RowKey {
  readonly key: string;
  readonly newest: string | null;
}

/** The rows of a key that exceptions take out of a run. */
export interface ExceptedRows extends RowKey {
  readonly rows: number;
  /** Of the alert that they would have been part of; null: a row by itself, which no alert is there to tell of. */
  readonly dedupKey: string | null;
}

/** What one exception took out of a run. */
export interface ExceptionCount {
  readonly reason: string;
  readonly owner: string;
  readonly rows: number;
}

/** A row, or group of rows, that passes the threshold. */
export interface Hit {
  readonly per: AlertPer;
  /** The row key or the group key; the same for every hit of a run-wide threshold. */
  readonly key: string;
  readonly dedupKey: string;
  /** Keys of all rows that belong to it, each once. */
  readonly rowKeys: readonly RowKey[];
  /** The first rows, for the alert; there may be more (`rowCount`). */
  readonly rows: readonly Row[];
  readonly rowCount: number;
  /** Rows were left out of `rows` for their size, not for their number. */
  readonly rowsCut: boolean;
  readonly severity: Severity;
  /** Oldest and newest event time in the form of alerts; null where no row tells one. */
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
}

/** Something about the result that a person should know; none of it stops the run. */
export interface ResultWarning {
  /** `not-a-number`: cells left out of the aggregate; `exception-column`: entries that match nothing; `missing-column`: named by the rule, not in the result. */
  readonly kind: 'not-a-number' | 'exception-column' | 'missing-column';
  readonly columns: readonly string[];
  /** Rows concerned; 0 where it is the result as a whole. */
  readonly rows: number;
  readonly message: string;
}

/** All that one run's rows come to. */
export interface Collected {
  readonly hits: readonly Hit[];
  /** Rows that came, excepted ones included. */
  readonly rows: number;
  readonly excepted: {
    readonly rows: number;
    readonly keys: readonly ExceptedRows[];
    /** By exception, in the order of the rule; adds up to `rows`. */
    readonly by: readonly ExceptionCount[];
  };
  /** Keys of rows that belong to no hit: they are touched where known, and never written anew. */
  readonly otherKeys: readonly string[];
  /** Keys that rows had under earlier forms, by their keys. */
  readonly oldKeys: ReadonlyMap<string, readonly string[]>;
  /** How many rows that were. */
  readonly otherRows: number;
  readonly warnings: readonly ResultWarning[];
}
