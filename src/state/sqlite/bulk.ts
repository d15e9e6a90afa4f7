import type { CompiledQuery } from 'kysely';
import type { Connection, PreparedStatement, SqlValue } from './connection.ts';

/** Rows, or keys, per statement; every size is compiled once. SQLite takes 32,766 values a statement. */
const SIZES = [200, 20, 1] as const;
/** For rows of kilobytes: larger statements copy more than they save. */
export const SIZES_OF_LARGE_ROWS = [20, 1] as const;

/** One statement over many rows or keys, prepared for a few sizes, so that nothing is compiled on the hot path. */
export interface BulkStatement {
  /** Hands over all items; the rows that came back, in any order. */
  rows(items: readonly Item[], prefix?: Item): (readonly unknown[])[];
  /** Returns how many rows were changed. */
  run(items: readonly Item[], prefix?: Item): number;
}

type Item = readonly SqlValue[];

/** `build` makes the statement for `count` items: its parameters are those of `prefix`, then item after item. */
export function createBulk(
  connection: Connection,
  build: (count: number) => CompiledQuery<unknown>,
  sizes: readonly number[] = SIZES,
): BulkStatement {
  const prepared = new Map<number, PreparedStatement>();
  const forSize = (size: number): PreparedStatement => {
    const known = prepared.get(size);
    if (known) return known;
    const made = connection.prepare(build(size).sql);
    prepared.set(size, made);
    return made;
  };
  return {
    rows: (items, prefix = []) =>
      chunks(sizes, items, prefix).flatMap(({ size, values }) => forSize(size).rows(values)),
    run: (items, prefix = []) => {
      let changed = 0;
      for (const { size, values } of chunks(sizes, items, prefix)) changed += forSize(size).run(values);
      return changed;
    },
  };
}

function chunks(
  sizes: readonly number[],
  items: readonly Item[],
  prefix: Item,
): { size: number; values: SqlValue[] }[] {
  const made = [];
  let next = 0;
  for (const size of sizes) {
    for (; items.length - next >= size; next += size) {
      made.push({ size, values: [...prefix, ...items.slice(next, next + size).flat()] });
    }
  }
  return made;
}
