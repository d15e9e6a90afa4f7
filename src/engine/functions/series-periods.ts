import { fitLine } from './series-fit.ts';

/** A period counts only where the series holds so many of it. */
const LEAST_REPEATS = 3;
/** The shortest period that is looked for. */
const SHORTEST = 4;

/** How alike a series and itself a lag later are: -1 to 1 (Pearson). 0 where one of them does not change. */
function likeness(series: readonly number[], lag: number): number {
  const count = series.length - lag;
  let [sumA, sumB, squareA, squareB, product] = [0, 0, 0, 0, 0];
  for (let at = 0; at < count; at += 1) {
    const [a, b] = [series[at] ?? 0, series[at + lag] ?? 0];
    sumA += a;
    sumB += b;
    squareA += a * a;
    squareB += b * b;
    product += a * b;
  }
  const spread = Math.sqrt((squareA - (sumA * sumA) / count) * (squareB - (sumB * sumB) / count));
  return spread > 1e-12 ? (product - (sumA * sumB) / count) / spread : 0;
}

/**
 * The period of a series in bins, or 0: the lag, with a peak of likeness, of the highest likeness that is at least the threshold. A straight
 * line is taken off before. The service's own scores are not documented; this is our choice, see docs/kql-differences.md.
 */
export function detectPeriod(series: readonly number[], threshold: number): number {
  const { fit } = fitLine(series);
  const flat = series.map((value, index) => value - (fit[index] ?? 0));
  const longest = Math.floor(series.length / LEAST_REPEATS);
  const scores = Array.from({ length: longest + 2 }, (_, lag) => (lag < SHORTEST - 1 ? -1 : likeness(flat, lag)));
  let best = 0;
  for (let lag = SHORTEST; lag <= longest; lag += 1) {
    const score = scores[lag] ?? -1;
    const isPeak = score > (scores[lag - 1] ?? -1) && score >= (scores[lag + 1] ?? -1);
    if (isPeak && score >= threshold && score > (scores[best] ?? -1) + 1e-9) best = lag;
  }
  return best;
}
