import type { RunnableRule } from '../../rules/rule.ts';
import { LANES, type Lane } from '../../sources/quota/lanes.ts';

/** Due runs go by severity, all that catches up goes last. */
export function laneOf(rule: RunnableRule, kind: 'due' | 'backlog'): Lane {
  return kind === 'backlog' ? 'backlog' : rule.severity;
}

/** Turns that are ready, served lane by lane and within a lane in the order of their arrival. */
export interface ReadyTurns<Item> {
  readonly size: number;
  add(lane: Lane, item: Item): void;
  /** The next item that `skip` does not name, left where it is. */
  peek(skip: (item: Item) => boolean): { readonly lane: Lane; readonly item: Item } | null;
  remove(lane: Lane, item: Item): void;
  /** Puts another item in the place of each. */
  replace(change: (item: Item) => Item): void;
}

export function createReadyTurns<Item>(): ReadyTurns<Item> {
  const lanes = new Map<Lane, Item[]>(LANES.map((lane) => [lane, []]));
  return {
    get size() {
      return [...lanes.values()].reduce((sum, items) => sum + items.length, 0);
    },
    add: (lane, item) => {
      lanes.get(lane)?.push(item);
    },
    peek: (skip) => {
      for (const [lane, items] of lanes) {
        const item = items.find((one) => !skip(one));
        if (item !== undefined) return { lane, item };
      }
      return null;
    },
    remove: (lane, item) => {
      const items = lanes.get(lane) ?? [];
      const index = items.indexOf(item);
      if (index >= 0) items.splice(index, 1);
    },
    replace: (change) => {
      for (const [lane, items] of lanes) lanes.set(lane, items.map(change));
    },
  };
}
