export interface MappingPace {
  /** So many are mapped between two turns. */
  readonly atOnce?: number;
  /** How dear an item is beside those of others: what costs next to nothing waits for nobody. */
  readonly effort?: number;
}

/** Who has work left and waits for a turn. */
interface Waiting {
  readonly left: number;
  readonly go: () => void;
}

const waiting: Waiting[] = [];

/**
 * Maps many items, a few at a time: between them the event loop has its turn. Few items are mapped in one go. Of several that are mapped
 * at the same time the one with the least work left goes on first, so that what is done with it need not wait for all.
 */
export async function mapInTurns<Item, Mapped>(
  items: readonly Item[],
  map: (item: Item) => Mapped,
  { atOnce = 200, effort = 1 }: MappingPace = {},
): Promise<readonly Mapped[]> {
  const mapped: Mapped[] = [];
  for (let next = 0; next < items.length; next += atOnce) {
    if (next > 0) await turn((items.length - next) * effort);
    for (const item of items.slice(next, next + atOnce)) mapped.push(map(item));
  }
  return mapped;
}

function turn(left: number): Promise<void> {
  return new Promise((go) => {
    waiting.push({ left, go });
    if (waiting.length === 1) setImmediate(giveTurn);
  });
}

function giveTurn(): void {
  let first = 0;
  for (let index = 1; index < waiting.length; index++) if (leftOf(index) < leftOf(first)) first = index;
  waiting.splice(first, 1)[0]?.go();
  if (waiting.length > 0) setImmediate(giveTurn);
}

function leftOf(index: number): number {
  return waiting[index]?.left ?? 0;
}
