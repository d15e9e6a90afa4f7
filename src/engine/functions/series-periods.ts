import type { EvaluationContext, ScalarFunction, Value } from '../value.ts';
import { boxReal } from '../values/real.ts';
import { defineBound, defineFor, type FunctionBinding } from './define.ts';
import { dotProduct, numbersOf, PRODUCTS_A_TICK } from './series.ts';
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
export function detectPeriod(series: readonly number[], threshold: number, { tick }: EvaluationContext): number {
  const { fit } = fitLine(series);
  const flat = series.map((value, index) => value - (fit[index] ?? 0));
  const longest = Math.floor(series.length / LEAST_REPEATS);
  const scores = Array.from({ length: longest + 2 }, (_, lag) => {
    tick(series.length / PRODUCTS_A_TICK);
    return lag < SHORTEST - 1 ? -1 : likeness(flat, lag);
  });
  let best = 0;
  for (let lag = SHORTEST; lag <= longest; lag += 1) {
    const score = scores[lag] ?? -1;
    const isPeak = score > (scores[lag - 1] ?? -1) && score >= (scores[lag + 1] ?? -1);
    if (isPeak && score >= threshold && score > (scores[best] ?? -1) + 1e-9) best = lag;
  }
  return best;
}

/** What a period must score to be told by `series_periods_detect`. */
const SIGNIFICANT = 0.6;
/** `series_periods_validate` takes so many periods. */
const MOST_PERIODS = 16;
/** Below this share of the square root of the length, what looks like a period is chance. */
const CHANCE = 1.96;

/**
 * Autocorrelation at each lag up to half of the series, half way between its two usual norms, which meets the documented score; 0 where it is
 * not above chance. Lags below 4 have none.
 */
function periodScores(series: readonly number[], { tick }: EvaluationContext): number[] {
  const count = series.length;
  const mean = series.reduce((sum, one) => sum + one, 0) / count;
  const around = series.map((one) => one - mean);
  const spread = dotProduct(around, around);
  return Array.from({ length: Math.floor(count / 2) + 1 }, (_, lag) => {
    if (lag < SHORTEST || spread < 1e-12) return 0;
    tick(count / PRODUCTS_A_TICK);
    const score = (dotProduct(around.slice(0, -lag), around.slice(lag)) / spread) * Math.sqrt(count / (count - lag));
    return score > CHANCE / Math.sqrt(count) ? Math.min(1, score) : 0;
  });
}

/** Periods whose score is a peak, best first; multiples of a better one are left out. */
function significantPeriods(scores: readonly number[], from: number, to: number): number[] {
  const at = (lag: number): number => scores[lag] ?? 0;
  const peaks = [...scores.keys()].filter(
    (lag) => lag >= from && lag <= to && at(lag) >= SIGNIFICANT && at(lag) > at(lag - 1) && at(lag) >= at(lag + 1),
  );
  const found: number[] = [];
  for (const lag of peaks.sort((a, b) => at(b) - at(a) || a - b)) {
    if (!found.some((one) => lag % one === 0)) found.push(lag);
  }
  return found;
}

/** `series_periods_detect(series, least, most, count)`: periods and their scores, as many as asked for, the rest zeros. */
function bindDetect({ context }: FunctionBinding) {
  return (series: Value, least: number, most: number, count: number): Value => {
    const numbers = numbersOf(series);
    if (!numbers || !(count >= 1)) return null;
    const scores = periodScores(numbers, context);
    const found = significantPeriods(scores, least, most).slice(0, count);
    const zeros = new Array<number>(Math.max(0, Math.min(count, numbers.length) - found.length)).fill(0);
    return [[...found, ...zeros], [...found.map((lag) => scores[lag] ?? 0), ...zeros].map(boxReal)];
  };
}

/** `series_periods_validate(series, period…)`: the periods as they were given, and the score of each. */
function bindValidate({ types, context }: FunctionBinding): ((...values: Value[]) => Value) | null {
  if (types.length < 2 || types.length > MOST_PERIODS + 1) return null;
  return (series = null, ...periods) => {
    const numbers = numbersOf(series);
    if (!numbers) return null;
    const scores = periodScores(numbers, context);
    return [periods, periods.map((period) => boxReal(scores[Math.round(Number(period ?? 0))] ?? 0))];
  };
}

/** Periods of a series; how they are scored is our choice, see docs/kql-differences.md. */
export const SERIES_PERIODS: readonly ScalarFunction[] = [
  defineFor('series_periods_detect', ['dynamic', 'real', 'real', 'index'], bindDetect),
  defineBound('series_periods_validate', bindValidate),
];
