import { setImmediate } from 'node:timers/promises';

/** Maps many items, a few at a time: between them the event loop has its turn. Few items are mapped in one go. */
export async function mapInTurns<Item, Mapped>(
  items: readonly Item[],
  map: (item: Item) => Mapped,
  atOnce = 200,
): Promise<readonly Mapped[]> {
  const mapped: Mapped[] = [];
  for (let next = 0; next < items.length; next += atOnce) {
    if (next > 0) await setImmediate();
    for (const item of items.slice(next, next + atOnce)) mapped.push(map(item));
  }
  return mapped;
}
