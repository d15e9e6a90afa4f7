import type { Compilable, Expression, InsertQueryBuilder, OperationNodeSource } from 'kysely';
import type { NamedValues } from './bind.ts';
import type { Tables } from './tables.ts';

/** A statement as kysely builds it; each database compiles it in its own words. */
export type Built<Row> = Compilable<Row> & OperationNodeSource;

/** A statement that is built once and filled with values each time. */
export interface Recipe<Row> {
  /** With places in the stead of values. */
  readonly build: () => Built<Row>;
}

/** `utf8`: bytes that are stored as the text that they are. */
export type ColumnType = 'number' | 'real' | 'text' | 'bytes' | 'utf8';

/** Rows or keys that one statement is given at once; each database hands them over in its own way. */
export interface Items {
  /** The values of a column of all items, for `in`. */
  among<Value>(column: string): Expression<Value>;
  /** The items as new rows of a table; `shared` are places of values that all have, by the names of their columns. */
  into<Table extends keyof Tables>(
    table: Table,
    shared: NamedValues,
  ): InsertQueryBuilder<Tables, Table, Record<never, never>>;
}

/** One statement over many items. */
export interface Bulk<Row> {
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** Rows of kilobytes: SQLite copies more than it saves where it takes many of them at once. */
  readonly isLarge: boolean;
  /** The column by which an upsert knows its rows, where one call may name a row twice: the last one holds. */
  readonly unique: string | null;
  /** New rows that are hardly ever there before: Postgres does not look for each, and begins the transaction again where one is. */
  readonly isNew: boolean;
  readonly build: (items: Items, shared: NamedValues) => Built<Row>;
}

/** A statement with the values that it is to run with. */
export type AskedRows<Row> =
  | { readonly kind: 'filled'; readonly recipe: Recipe<Row>; readonly values: NamedValues }
  | {
      readonly kind: 'many';
      readonly bulk: Bulk<Row>;
      readonly items: readonly NamedValues[];
      readonly shared: NamedValues;
    };

/** A place in the work of a writer: from here on it numbers rows, which must be committed in the order of their numbers. */
export interface InLine {
  readonly kind: 'line';
}

/** One thing that row code asks of its database, which answers with rows, or with how many were changed. */
export interface RowStep {
  readonly asked: Built<unknown> | AskedRows<unknown> | InLine;
  readonly wants: 'rows' | 'count';
}

/**
 * What is done with the state, step by step, whatever database it is kept in: SQLite takes all steps at once, so that nothing comes between
 * them, Postgres one after another on one connection.
 */
export type RowSteps<Result> = Generator<RowStep, Result, unknown>;

/** The rows that a statement gives, by the names of their columns. */
export function* all<Row>(asked: Built<Row> | AskedRows<Row>): RowSteps<readonly Row[]> {
  return (yield { asked, wants: 'rows' }) as readonly Row[];
}

/** How many rows a statement has changed. */
export function* change(asked: Built<unknown> | AskedRows<unknown>): RowSteps<number> {
  return (yield { asked, wants: 'count' }) as number;
}

/** Waits for those that write beside this one and fell in line before. Whoever may write everything anyway has it already. */
export function* fallInLine(): RowSteps<void> {
  yield { asked: { kind: 'line' }, wants: 'count' };
}
