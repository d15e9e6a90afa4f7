/** Which lengths are the shortest between two nodes; paths are told from the shortest length on. */
export function shortestTotals(): {
  /** Whether a path of this length is told: the first of its pair, or with `all` any that is as short. */
  admits(from: number, to: number, total: number, all: boolean): boolean;
} {
  const known = new Map<string, number>();
  return {
    admits(from, to, total, all) {
      const key = `${from},${to}`;
      const shortest = known.get(key);
      if (shortest === undefined) known.set(key, total);
      return shortest === undefined || (all && shortest === total);
    },
  };
}
