/** What happened, and when: lists of it are in the order of time. */
export interface Timed {
  readonly at: number;
}

export function groupedBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** How many of them are not behind an instant. */
export function countUntil(things: readonly Timed[], at: number): number {
  let [low, high] = [0, things.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((things[middle]?.at ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The latest of them that is not behind an instant. */
export function latestUntil<Thing extends Timed>(things: readonly Thing[], at: number): Thing | undefined {
  return things[countUntil(things, at) - 1];
}
