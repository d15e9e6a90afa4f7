import type { EvaluationContext, ScalarFunction, Value } from '../value.ts';
import { isArray } from '../values/dynamic.ts';
import { boxReal, realOfDynamic } from '../values/real.ts';
import { defineBound, defineFor, type FunctionBinding } from './define.ts';
import { numbersOf } from './series.ts';
import { fitLine, seasonOf } from './series-fit.ts';
import { outlierScores } from './series-outliers.ts';
import { detectPeriod } from './series-periods.ts';

const USUAL_THRESHOLD = 0.6;
const USUAL_FENCE = 1.5;

/** What a series is made of; all of its length. */
interface Decomposition {
  readonly baseline: readonly number[];
  readonly seasonal: readonly number[];
  readonly trend: readonly number[];
  /** 0 where the series has no value. */
  readonly residual: readonly number[];
}

interface DecompositionOptions {
  /** In bins; 0 for none, -1 to find it. */
  readonly seasonality: number;
  readonly trend: string;
  /** Points at the end that nothing is learnt from. */
  readonly testPoints: number;
  readonly threshold: number;
}

/** A series of numbers; null where it holds none. Missing values are put on the line between their neighbours. */
function filled(series: Value): number[] | null {
  if (!isArray(series)) return null;
  const known = series.map((value) => realOfDynamic(value) ?? Number.NaN);
  const places = [...known.keys()].filter((index) => Number.isFinite(known[index]));
  if (places.length === 0) return null;
  let next = 0;
  return known.map((value, index) => {
    while (next < places.length && (places[next] ?? 0) < index) next += 1;
    if (Number.isFinite(value)) return value;
    const after = places[next] ?? places.at(-1) ?? 0;
    const before = places[next - 1] ?? after;
    const share = after > before ? Math.min(1, (index - before) / (after - before)) : 0;
    return (known[before] ?? 0) * (1 - share) + (known[after] ?? 0) * share;
  });
}

function trendOf(learnt: readonly number[], length: number, kind: string): number[] | null {
  if (kind === 'none') return new Array<number>(length).fill(0);
  if (kind === 'avg') return new Array<number>(length).fill(learnt.reduce((sum, one) => sum + one, 0) / learnt.length);
  if (kind !== 'linefit') return null;
  const { slope, interception } = fitLine(learnt);
  return Array.from({ length }, (_, index) => interception + slope * index);
}

/** Trend, then the median of each place in the period of what the trend leaves. */
export function decompose(
  series: Value,
  options: DecompositionOptions,
  context: EvaluationContext,
): Decomposition | null {
  const numbers = filled(series);
  const learnt = numbers?.slice(0, Math.max(1, numbers.length - options.testPoints));
  const trend = numbers && learnt && trendOf(learnt, numbers.length, options.trend);
  if (!numbers || !learnt || !trend || !isArray(series)) return null;
  const period = options.seasonality === -1 ? detectPeriod(learnt, options.threshold, context) : options.seasonality;
  const rest = learnt.map((value, index) => value - (trend[index] ?? 0));
  const seasonal = period > 0 ? seasonOf(rest, period, numbers.length) : numbers.map(() => 0);
  const baseline = numbers.map((_, index) => (trend[index] ?? 0) + (seasonal[index] ?? 0));
  const residual = baseline.map((value, index) => (realOfDynamic(series[index] ?? null) ?? value) - value);
  return { baseline, seasonal, trend, residual };
}

function boxed(numbers: readonly number[]): Value {
  return numbers.map(boxReal);
}

/** An argument as a number, or what it is where it was left out. */
function numberAt({ constants }: FunctionBinding, position: number, usual: number): number | null {
  const value = constants[position];
  return position >= constants.length ? usual : typeof value === 'number' ? value : null;
}

/** Options from the place where the seasonality stands; null: computed, or not valid. */
function optionsAt(binding: FunctionBinding, first: number, testPoints: number | null): DecompositionOptions | null {
  const skip = testPoints === null ? 0 : 1;
  const trend = binding.constants[first + 1] ?? 'avg';
  const seasonality = numberAt(binding, first, -1);
  const points = testPoints ?? numberAt(binding, first + 2, 0);
  const threshold = numberAt(binding, first + 3 - skip, USUAL_THRESHOLD);
  if (typeof trend !== 'string' || seasonality === null || points === null || threshold === null) return null;
  if (!['avg', 'linefit', 'none'].includes(trend) || seasonality < -1 || points < 0) return null;
  return { seasonality, trend, testPoints: points, threshold };
}

/** `series_decompose(series, seasonality, trend, test_points, threshold)`: baseline, seasonal, trend, residual. */
function bindDecompose(binding: FunctionBinding): ((series?: Value) => Value) | null {
  const options = optionsAt(binding, 1, null);
  return (
    options &&
    ((series = null) => {
      const parts = decompose(series, options, binding.context);
      return parts && [parts.baseline, parts.seasonal, parts.trend, parts.residual].map(boxed);
    })
  );
}

/** The method stands between test points and threshold of the seasonality. */
function bindAnomalies(binding: FunctionBinding): ((series?: Value) => Value) | null {
  const { constants } = binding;
  const method = constants[5] ?? 'ctukey';
  const fence = numberAt(binding, 1, USUAL_FENCE);
  const others = { ...binding, constants: constants.filter((_, index) => index !== 5) };
  const options = optionsAt(others, 2, null);
  if (!options || fence === null || (method !== 'ctukey' && method !== 'tukey')) return null;
  return (series = null) => {
    const parts = decompose(series, options, binding.context);
    if (!parts) return null;
    const learnt = parts.residual.slice(0, Math.max(1, parts.residual.length - options.testPoints));
    const scores = outlierScores(parts.residual, learnt, method === 'tukey' ? [25, 75] : [10, 90]);
    const flags = scores.map((score) => (score > fence ? 1 : score < -fence ? -1 : 0));
    return [flags, boxed(scores), boxed(parts.baseline)];
  };
}

/** The number of points to forecast comes second; the baseline is the forecast. */
function bindForecast(binding: FunctionBinding): ((series?: Value) => Value) | null {
  const points = numberAt(binding, 1, 0);
  const options = points === null ? null : optionsAt(binding, 2, points);
  return (
    options &&
    ((series = null) => {
      const parts = decompose(series, options, binding.context);
      return parts && [boxed(parts.baseline)];
    })
  );
}

const SEASONAL_THRESHOLD = 0.7;

/** The season alone, of a period that is given or found; zeros where there is none. */
function seasonal(series: Value, period: number, context: EvaluationContext): Value {
  const numbers = numbersOf(series);
  if (!numbers || !Number.isInteger(period) || period === 0) return null;
  const length = period === -1 ? detectPeriod(numbers, SEASONAL_THRESHOLD, context) : period;
  return boxed(length >= 1 ? seasonOf(numbers, length, numbers.length) : numbers.map(() => 0));
}

/** Series taken apart into trend, season and rest. */
export const SERIES_DECOMPOSE: readonly ScalarFunction[] = [
  defineFor(
    'series_seasonal',
    ['dynamic', 'index?'],
    ({ context }) =>
      (series, period = -1) =>
        seasonal(series, period, context),
  ),
  defineBound('series_decompose', bindDecompose),
  defineBound('series_decompose_anomalies', bindAnomalies),
  defineBound('series_decompose_forecast', bindForecast),
];
