import type { ScalarType } from '../../../src/kql/types.ts';

/** Times are epoch ms while a query runs. */
export type Value = string | number | boolean | null | readonly string[];

export interface ModelRow {
  readonly cells: Readonly<Record<string, Value>>;
  /** What ingestion_time() tells; null: nothing. */
  readonly arrival: number | null;
}

export interface ModelColumn {
  readonly name: string;
  readonly type: ScalarType;
}

export interface ModelTable {
  readonly columns: readonly ModelColumn[];
  readonly rows: readonly ModelRow[];
}

export interface Expression {
  readonly type: ScalarType;
  evaluate(row: ModelRow): Value;
}

/** What is still to be read of a query. */
export interface Reader {
  peek(): string;
  /** Takes the next token's text if it is this one. */
  take(text: string): boolean;
  expect(text: string): void;
  name(): string;
  next(): import('./kql-tokens.ts').Token;
  ended(): boolean;
}
