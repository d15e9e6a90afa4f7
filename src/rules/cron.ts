import { Cron } from 'croner';
import type { Schedule } from './rule.ts';

/** Any fixed instant will do: gaps between runs are asked, not the runs themselves. It lies before no leap day and no change of clocks. */
const REFERENCE = Date.UTC(2026, 0, 5);
const SAMPLE_RUNS = 200;

/** A cron evaluator with the options that all parts of the project share: five fields, never started. Throws on a bad pattern. */
export function createCron(pattern: string, timezone: string): Cron {
  return new Cron(pattern, { timezone, mode: '5-part', paused: true });
}

/** Whether the expression names an instant that ever comes. Throws on a bad pattern. */
export function runsAgain(schedule: Schedule & { readonly kind: 'cron' }): boolean {
  return createCron(schedule.cron, schedule.timezone).nextRun(new Date(REFERENCE)) !== null;
}

export interface Gaps {
  readonly shortestMs: number;
  readonly longestMs: number;
}

/** The shortest and longest time between two runs, for a cron among the first 200 from a fixed day; null where it never runs twice. */
export function scheduleGaps(schedule: Schedule): Gaps | null {
  if (schedule.kind === 'every') return { shortestMs: schedule.everyMs, longestMs: schedule.everyMs };
  const runs = createCron(schedule.cron, schedule.timezone).nextRuns(SAMPLE_RUNS, new Date(REFERENCE));
  const gaps = runs.slice(1).map((run, index) => run.getTime() - (runs[index]?.getTime() ?? 0));
  if (gaps.length === 0) return null;
  return { shortestMs: Math.min(...gaps), longestMs: Math.max(...gaps) };
}
