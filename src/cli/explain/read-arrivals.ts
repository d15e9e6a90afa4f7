import { existsSync } from 'node:fs';
import type { RunnableRule } from '../../rules/rule.ts';
import { createArrivalBook } from '../../run/arrivals/arrival-book.ts';
import { openReader } from '../../state/sqlite-store.ts';
import type { World } from '../terminal/world.ts';

type StampedSince = (table: string) => number | null;

/** What the tenants' runs know of the ingestion time of rows, as their state has it: of several tenants what holds for all. */
export async function readArrivals(
  { clock }: World,
  rule: RunnableRule,
  path: string,
  tenants: readonly { readonly name: string; readonly source: { readonly api: string } }[],
): Promise<StampedSince> {
  const known = new Map<string, number>();
  if (!existsSync(path) || tenants.length === 0) return () => null;
  const store = openReader({ path, clock });
  try {
    const books = tenants.map(({ name, source }) => createArrivalBook(name, source.api, store.cache));
    for (const { table } of rule.prepared.tables) {
      for (const book of books) await book.note(table);
      const since = books.map((book) => book.stampedSince(table, clock.now()));
      known.set(table, Math.max(...since.map((one) => one ?? Number.POSITIVE_INFINITY)));
    }
  } finally {
    await store.close();
  }
  return (table) => known.get(table) ?? null;
}
