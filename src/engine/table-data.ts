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

/** The rows of a part of a table that a query can need. Throws what the query's conditions throw. */
export type Narrowing = (part: TableData) => Selection;

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
