import type { EvaluationContext, ScalarFunction, Value } from '../value.ts';
import { isArray, isBag } from '../values/dynamic.ts';
import { boxReal, realOfDynamic } from '../values/real.ts';
import { define, defineFor } from './define.ts';
import { dotProduct, numbersOf, PRODUCTS_A_TICK } from './series.ts';

/** Columns of series_stats(): the bag of series_stats_dynamic() without sum and length. */
const COLUMNS = 7;

/** A straight line through a series, least squares over the positions 0, 1, 2 … */
export interface Line {
  readonly rsquare: number;
  readonly slope: number;
  readonly interception: number;
  /** Of the data, and of what is left beside the line; both over n - 1. */
  readonly variance: number;
  readonly rvariance: number;
  readonly fit: readonly number[];
}

function meanOf(series: readonly number[]): number {
  return series.reduce((sum, one) => sum + one, 0) / series.length;
}

export function fitLine(series: readonly number[]): Line {
  const [meanX, meanY] = [(series.length - 1) / 2, meanOf(series)];
  const [dx, dy] = [series.map((_, index) => index - meanX), series.map((one) => one - meanY)];
  const spread = dotProduct(dx, dx);
  const slope = spread === 0 ? 0 : dotProduct(dx, dy) / spread;
  const interception = meanY - slope * meanX;
  const fit = series.map((_, index) => slope * index + interception);
  const rest = series.map((one, index) => one - (fit[index] ?? 0));
  const freedom = Math.max(1, series.length - 1);
  const [variance, rvariance] = [dotProduct(dy, dy) / freedom, dotProduct(rest, rest) / freedom];
  return { rsquare: variance === 0 ? 1 : 1 - rvariance / variance, slope, interception, variance, rvariance, fit };
}

function lineOf(series: Value): Line | null {
  const numbers = numbersOf(series);
  return numbers && numbers.length > 1 ? fitLine(numbers) : null;
}

function boxed(entries: Readonly<Record<string, number>>): [string, Value][] {
  return Object.entries(entries).map(([name, value]) => [name, boxReal(value)]);
}

function lineBag(series: Value): Value {
  const line = lineOf(series);
  if (!line) return null;
  const { rsquare, slope, interception, variance, rvariance, fit } = line;
  return new Map<string, Value>([
    ...boxed({ rsquare, slope, variance, rvariance, interception }),
    ['line_fit', fit.map(boxReal)],
  ]);
}

/** The columns of series_fit_line() in their order. */
function lineTuple(series: Value): Value {
  const line = lineOf(series);
  if (!line) return null;
  const { rsquare, slope, variance, rvariance, interception, fit } = line;
  return [...[rsquare, slope, variance, rvariance, interception].map(boxReal), fit.map(boxReal)];
}

function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(middle)] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** The median of every place in a period, over and over for a length. */
export function seasonOf(numbers: readonly number[], period: number, length: number): number[] {
  const places = Array.from({ length: Math.min(period, numbers.length) }, (): number[] => []);
  numbers.forEach((one, at) => {
    places[at % period]?.push(one);
  });
  const medians = places.map(medianOf);
  return Array.from({ length }, (_, index) => medians[index % period] ?? 0);
}

/** An infinite impulse response filter with the coefficients of its numerator and denominator. */
function filter(series: Value, numerator: Value, denominator: Value, { tick }: EvaluationContext): Value {
  const [x, b, a] = [numbersOf(series), numbersOf(numerator), numbersOf(denominator)];
  const first = a?.[0];
  if (!x || !b || !a || !first) return null;
  const y: number[] = [];
  x.forEach((_, at) => {
    tick((a.length + b.length) / PRODUCTS_A_TICK);
    const ahead = b.reduce((sum, one, back) => sum + one * (x[at - back] ?? 0), 0);
    const behind = a.slice(1).reduce((sum, one, back) => sum + one * (y[at - back - 1] ?? 0), 0);
    y.push((ahead - behind) / first);
  });
  return y.map(boxReal);
}

/** With `finiteOnly` what is no finite number is left out; else it makes the whole null. */
function statistics(series: Value, finiteOnly = false): Value {
  const items = isArray(series) ? series : [];
  const places = items.flatMap((item, index) => (finiteOnly && !isFinite64(item) ? [] : [index]));
  const numbers = isArray(series) ? numbersOf(places.map((index) => items[index] ?? null)) : null;
  if (!numbers || numbers.length === 0) return null;
  const smallest = numbers.reduce((least, one) => Math.min(least, one));
  const largest = numbers.reduce((most, one) => Math.max(most, one));
  const mean = meanOf(numbers);
  const squares = dotProduct(numbers, numbers) - numbers.length * mean ** 2;
  const variance = squares / Math.max(1, numbers.length - 1);
  return new Map<string, Value>([
    ...boxed({ min: smallest }),
    ['min_idx', places[numbers.indexOf(smallest)] ?? null],
    ...boxed({ max: largest }),
    ['max_idx', places[numbers.indexOf(largest)] ?? null],
    ...boxed({ avg: mean, stdev: Math.sqrt(variance), variance, sum: numbers.reduce((sum, one) => sum + one, 0) }),
    ['len', numbers.length],
  ]);
}

function isFinite64(item: Value): boolean {
  const number = realOfDynamic(item);
  return number !== null && Number.isFinite(number);
}

/** The columns of series_stats() in their order. */
function statisticsTuple(series: Value, finiteOnly = false): Value {
  const bag = statistics(series, finiteOnly);
  return isBag(bag) ? [...bag.values()].slice(0, COLUMNS) : null;
}

/** Lines, seasons, filters and statistics of series. */
export const SERIES_FIT: readonly ScalarFunction[] = [
  define('series_fit_line', ['dynamic'], lineTuple),
  define('series_fit_line_dynamic', ['dynamic'], lineBag),
  defineFor(
    'series_iir',
    ['dynamic', 'dynamic', 'dynamic'],
    ({ context }) =>
      (series, numerator, denominator) =>
        filter(series, numerator, denominator, context),
  ),
  define('series_stats', ['dynamic', 'bool?'], statisticsTuple),
  define('series_stats_dynamic', ['dynamic', 'bool?'], statistics),
];
