import type { RunnableRule, Severity } from '../rules/rule.ts';

const RANK: Readonly<Record<Severity, number>> = { critical: 0, high: 1, medium: 2, low: 3, informational: 4 };

/** The lane of all backlog, below every due run. */
export const BACKLOG_LANE = 5;

/** Lower runs first. */
export function laneOf(rule: RunnableRule, kind: 'due' | 'backlog'): number {
  return kind === 'backlog' ? BACKLOG_LANE : RANK[rule.severity];
}

/** Turns that are ready, served lane by lane and within a lane in the order of their arrival. */
export interface Lanes<Item> {
  readonly size: number;
  add(lane: number, item: Item): void;
  /** The next item and its lane, left where it is; items that `skip` names are passed over. */
  peek(skip: (item: Item) => boolean): { readonly lane: number; readonly item: Item } | null;
  remove(lane: number, item: Item): void;
}

export function createLanes<Item>(): Lanes<Item> {
  const lanes: Item[][] = Array.from({ length: BACKLOG_LANE + 1 }, () => []);
  return {
    get size() {
      return lanes.reduce((sum, lane) => sum + lane.length, 0);
    },
    add: (lane, item) => {
      lanes[Math.min(lane, BACKLOG_LANE)]?.push(item);
    },
    peek: (skip) => {
      for (const [lane, items] of lanes.entries()) {
        const item = items.find((one) => !skip(one));
        if (item !== undefined) return { lane, item };
      }
      return null;
    },
    remove: (lane, item) => {
      const items = lanes[lane] ?? [];
      const index = items.indexOf(item);
      if (index >= 0) items.splice(index, 1);
    },
  };
}
