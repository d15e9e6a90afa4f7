import type { RunnableRule } from '../../rules/rule.ts';
import { createArrivalBook } from '../../run/arrivals/arrival-book.ts';
import { mayHaveState, openStateReader, type StatePlace } from '../../state/state-place.ts';
import type { World } from '../terminal/world.ts';

type StampedSince = (table: string) => number | null;

/** What the tenants' runs know of the ingestion time of rows, as their state has it: of several tenants what holds for all. */
export async function readArrivals(
  { clock }: World,
  rule: RunnableRule,
  place: StatePlace,
  tenants: readonly { readonly name: string; readonly source: { readonly api: string } }[],
): Promise<StampedSince> {
  const known = new Map<string, number>();
  if (!mayHaveState(place) || tenants.length === 0) return () => null;
  const store = await openStateReader(place, { clock });
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
