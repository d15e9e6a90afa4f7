import type { Column } from '../kql/types.ts';
import type { Codes, Selection } from './runtime/column.ts';
import type { Value } from './value.ts';

/** Rows of one table in memory, by column, as engine values (see value.ts). */
export interface TableData {
  readonly rowCount: number;
  /** The values of one column, `rowCount` of them; null where the data has no such column: its cells are then null, or '' for strings. */
  column(name: string): readonly Value[] | null;
  /** A column as codes, where the data has them: `distinct` are its values by code, each once. */
  codes?(name: string): Codes | null;
}

/** Between which values those of a column lie in a part of a table: whole numbers, datetimes and timespans by size, texts by their UTF-8 bytes. */
export interface ValueRange {
  readonly least: Value;
  readonly most: Value;
}

/** Of a column of the part; null where that is not known. */
export type RangeOf = (column: string) => ValueRange | null;

/** The rows of a part of a table that a query can need. Throws what the query's conditions throw. */
export interface Narrowing {
  (part: TableData): Selection;
  /** The columns that it reads. */
  readonly columns: ReadonlySet<string>;
  /** False where no row of a part with such values can be needed, so that the part need not be read. */
  mayKeep(rangeOf: RangeOf): boolean;
}

/** A table that can be read. Nothing is read before a query names it. */
export interface TableSource {
  readonly columns: readonly Column[];
  /**
   * Reads the given columns; others may be left out. Called once a query, again only for columns that
   * turn out to be needed later. The hidden column `_ingested` (datetime) is asked for when ingestion_time() is used.
   * Rows that `narrow` does not keep may be left out, where there is one.
   */
  load(columns: ReadonlySet<string>, signal: AbortSignal, narrow?: Narrowing | null): Promise<TableData>;
}

/** A table whose columns a look at its data tells. */
export interface LazyTable {
  /** Called once a query that may name the table; `mentions` tells of a name whether the query's text holds it, so that one look may read what it asks for. */
  open(mentions: (name: string) => boolean, signal: AbortSignal): Promise<TableSource>;
}

/** Name of the hidden column that ingestion_time() reads. */
export const INGESTED = '_ingested';
