import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../lib/duration.ts';
import type { ReportedLatency } from './report-document.ts';

/** Upper bounds of the bars. */
const BOUNDS = [
  10 * SECOND_MS,
  30 * SECOND_MS,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  6 * HOUR_MS,
  DAY_MS,
] as const;

/** Quantiles by the nearest rank. What took less than nothing, by clocks that differ, took nothing. */
export function latencyOf(times: readonly number[]): ReportedLatency {
  const sorted = Float64Array.from(times, (time) => Math.max(0, time)).sort();
  const at = (share: number): number | null => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
  const counts = new Array<number>(BOUNDS.length + 1).fill(0);
  for (const time of sorted) {
    const bar = BOUNDS.findIndex((bound) => time <= bound);
    const index = bar < 0 ? BOUNDS.length : bar;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return {
    deliveries: sorted.length,
    median: at(0.5),
    p90: at(0.9),
    p99: at(0.99),
    longest: at(1),
    distribution: counts.map((deliveries, index) => ({ upToMs: BOUNDS[index] ?? null, deliveries })),
  };
}
