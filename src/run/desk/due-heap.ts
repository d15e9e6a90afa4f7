/** What falls due when: a binary heap, so that a tick over thousands of rules costs only what is due. */
export interface DueHeap<Item> {
  readonly size: number;
  push(at: number, item: Item): void;
  /** The earliest time in the heap, or null when it is empty. */
  earliest(): number | null;
  /** Takes the earliest item if it is due at `now`. */
  pop(now: number): Item | null;
  /** Takes everything, in no order. */
  drain(): readonly { readonly at: number; readonly item: Item }[];
}

interface Entry<Item> {
  readonly at: number;
  readonly order: number;
  readonly item: Item;
}

/** Items of the same time come out in the order in which they went in. */
export function createDueHeap<Item>(): DueHeap<Item> {
  const entries: Entry<Item>[] = [];
  let order = 0;
  return {
    get size() {
      return entries.length;
    },
    push(at, item) {
      entries.push({ at, order, item });
      order += 1;
      rise(entries, entries.length - 1);
    },
    earliest: () => entries[0]?.at ?? null,
    pop(now) {
      const first = entries[0];
      const last = entries.at(-1);
      if (!first || !last || first.at > now) return null;
      entries.pop();
      if (entries.length > 0) {
        entries[0] = last;
        sink(entries, 0);
      }
      return first.item;
    },
    drain: () => entries.splice(0),
  };
}

function before<Item>(a: Entry<Item> | undefined, b: Entry<Item> | undefined): boolean {
  if (!a || !b) return Boolean(a);
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function swap<Item>(entries: Entry<Item>[], a: number, b: number): void {
  const [first, second] = [entries[a], entries[b]];
  if (!first || !second) return;
  entries[a] = second;
  entries[b] = first;
}

function rise<Item>(entries: Entry<Item>[], start: number): void {
  let index = start;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (!before(entries[index], entries[parent])) return;
    swap(entries, index, parent);
    index = parent;
  }
}

function sink<Item>(entries: Entry<Item>[], start: number): void {
  let index = start;
  for (;;) {
    const left = 2 * index + 1;
    const smaller = before(entries[left + 1], entries[left]) ? left + 1 : left;
    if (!before(entries[smaller], entries[index])) return;
    swap(entries, index, smaller);
    index = smaller;
  }
}
