import type { TableSource } from '../engine/table-data.ts';

/** The events behind the stand-in. */
export interface EventStore {
  readonly tables: Readonly<Record<string, TableSource>>;
  /** Lets the tables show what has arrived by `now` (epoch ms) and nothing later. Called before every query, one query at a time. */
  advance(now: number): void;
}
