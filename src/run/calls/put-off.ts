import { roughSize } from '../../alerts/rough-size.ts';
import { mapInTurns } from '../../lib/loop/in-turns.ts';

/** What came is looked at when all has come. */
export interface PutOff<Item> {
  take(item: Item): void;
  finish(): Promise<void>;
}

export interface PutOffLimits {
  readonly most: number;
  /** Characters of all together, roughly. */
  readonly size: number;
}

/** A hundredth of a second of work. */
const LIMITS: PutOffLimits = { most: 1000, size: 4 * 1024 * 1024 };
/** It is followed by the making of alerts, which others are at already. */
const BEFORE_ALERTS = { effort: 2 } as const;

/**
 * Puts off what is to be done with the rows of an answer until its end. Where the answers of several rules come at the same time, piece by
 * piece in turn, the first of them goes on to its alerts and its commit then, and does not wait until the rows of all are looked at. Of a
 * large answer the rows are looked at as they come.
 */
export function startPutOff<Item>(look: (item: Item) => void, limits: PutOffLimits = LIMITS): PutOff<Item> {
  let items: Item[] | null = [];
  let size = 0;
  const takeUp = (some: readonly Item[]): void => {
    items = null;
    for (const item of some) look(item);
  };
  return {
    take: (item) => {
      if (items === null) {
        look(item);
        return;
      }
      items.push(item);
      size += roughSize(item);
      if (items.length > limits.most || size > limits.size) takeUp(items);
    },
    finish: async () => {
      const some = items ?? [];
      items = null;
      await mapInTurns(some, look, BEFORE_ALERTS);
    },
  };
}
