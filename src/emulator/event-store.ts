import type { AnyTable } from '../engine/open-tables.ts';

/** The events behind the stand-in. */
export interface EventStore<Table extends AnyTable = AnyTable> {
  readonly tables: Readonly<Record<string, Table>>;
  /** Lets the tables show what has arrived by `now` (epoch ms) and nothing later. Called before every query, one query at a time. */
  advance(now: number): void;
}
