import type { CompiledQuery } from 'kysely';
import { type Binder, createBinder, type NamedValues, placesOf } from './bind.ts';
import type { Connection, PreparedStatement } from './connection.ts';

/** Rows, or keys, per statement; every size is compiled once. SQLite takes 32,766 values a statement. */
const SIZES = [200, 20, 1] as const;
/** For rows of kilobytes: larger statements copy more than they save. */
export const SIZES_OF_LARGE_ROWS = [20, 1] as const;

/** One statement over many rows or keys, prepared for a few sizes, so that nothing is compiled on the hot path. */
export interface BulkStatement<Item extends NamedValues, Shared extends NamedValues, Row> {
  /** Hands over all items; the rows that came back, in any order. */
  rows(items: readonly Item[], shared: Shared): Row[];
  /** Returns how many rows were changed. */
  run(items: readonly Item[], shared: Shared): number;
}

interface Sized {
  readonly statement: PreparedStatement;
  readonly bind: Binder;
}

/** `build` makes the statement of as many items as it is given; they and `shared` hold places in the stead of values. */
export function createBulk<Item extends NamedValues, Shared extends NamedValues, Row>(
  connection: Connection,
  build: (items: readonly Item[], shared: Shared) => CompiledQuery<Row>,
  sizes: readonly number[] = SIZES,
): BulkStatement<Item, Shared, Row> {
  const prepared = new Map<number, Sized>();
  const forSize = (size: number): Sized => {
    const known = prepared.get(size);
    if (known) return known;
    const items = Array.from({ length: size }, (_, index) => placesOf<Item>(index));
    const query = build(items, placesOf<Shared>());
    const made = { statement: connection.prepare(query.sql), bind: createBinder(query.parameters) };
    prepared.set(size, made);
    return made;
  };
  return {
    rows: (items, shared) =>
      chunks(sizes, items.length).flatMap(({ first, size }) => {
        const { statement, bind } = forSize(size);
        return statement.rows(bind(items, first, shared)) as Row[];
      }),
    run: (items, shared) =>
      chunks(sizes, items.length).reduce((changed, { first, size }) => {
        const { statement, bind } = forSize(size);
        return changed + statement.run(bind(items, first, shared));
      }, 0),
  };
}

/** Where each statement begins and how many items it takes, the largest first. */
function chunks(sizes: readonly number[], count: number): readonly { readonly first: number; readonly size: number }[] {
  const made = [];
  let first = 0;
  for (const size of sizes) for (; count - first >= size; first += size) made.push({ first, size });
  return made;
}
