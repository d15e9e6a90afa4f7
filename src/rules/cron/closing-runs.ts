import type { CronGrid } from './cron-grid.ts';

/**
 * The runs of a set rule: those of its cron, and where two of them lie further apart than the lookback only because clocks were put
 * back in between, runs at the earlier one plus each multiple of the lookback.
 */
export function withClosingRuns(grid: CronGrid, lookbackMs: number): Pick<CronGrid, 'next' | 'latest'> {
  return {
    next: (time) => {
      const next = grid.next(time);
      const latest = grid.latest(time);
      if (next === null || latest === null || !isStretched(grid, latest, next, lookbackMs)) return next;
      return Math.min(next, latest + (Math.floor((time - latest) / lookbackMs) + 1) * lookbackMs);
    },
    latest: (time) => {
      const latest = grid.latest(time);
      const next = latest === null ? null : grid.next(latest);
      if (next === null || latest === null || !isStretched(grid, latest, next, lookbackMs)) return latest;
      return latest + Math.floor((time - latest) / lookbackMs) * lookbackMs;
    },
  };
}

function isStretched(grid: CronGrid, from: number, to: number, lookbackMs: number): boolean {
  return to - from > lookbackMs && grid.wall(to) - grid.wall(from) <= lookbackMs;
}
