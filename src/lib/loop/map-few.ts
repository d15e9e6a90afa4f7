/** As Promise.all over what `make` gives for each item, in the order of the items, but no more than `most` at once, and none after one failed. */
export async function mapFew<Item, Made>(
  items: readonly Item[],
  most: number,
  make: (item: Item) => Promise<Made>,
): Promise<readonly Made[]> {
  const made = new Map<number, Made>();
  const left = items.entries();
  let hasFailed = false;
  const work = async (): Promise<void> => {
    for (const [index, item] of left) {
      if (hasFailed) return;
      try {
        made.set(index, await make(item));
      } catch (thrown) {
        hasFailed = true;
        throw thrown;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, work));
  return items.map((_, index) => made.get(index) as Made);
}
