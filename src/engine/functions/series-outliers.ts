import type { ScalarFunction, Value } from '../value.ts';
import { isArray } from '../values/dynamic.ts';
import { boxReal, realOfDynamic } from '../values/real.ts';
import { define } from './define.ts';

const LOWEST = 2;
const HIGHEST = 98;

/** The value below which a percentage of sorted numbers lies, on the line between its neighbours. */
function percentileOfSorted(sorted: readonly number[], percentage: number): number {
  const place = (percentage / 100) * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0];
  return low + (high - low) * (place - Math.floor(place));
}

/** How many ranges between two percentiles of the learnt numbers each number lies beyond them (Tukey); 0 within. */
export function outlierScores(
  numbers: readonly number[],
  learnt: readonly number[],
  [low, high]: readonly [number, number],
): number[] {
  const sorted = learnt.toSorted((a, b) => a - b);
  const [bottom, top] = [percentileOfSorted(sorted, low), percentileOfSorted(sorted, high)];
  const range = top - bottom;
  return numbers.map((number) => {
    const beyond = number > top ? number - top : number < bottom ? number - bottom : 0;
    return beyond === 0 || range === 0 ? 0 : beyond / range;
  });
}

function isPercentage(value: number): boolean {
  return value >= LOWEST && value <= HIGHEST;
}

/** Nulls and ignored values score 0. */
function outliers(series: Value, kind = 'ctukey', ignored?: number, low = 10, high = 90): Value {
  if (!isArray(series) || (kind !== 'ctukey' && kind !== 'tukey')) return null;
  const range = kind === 'tukey' ? ([25, 75] as const) : ([low, high] as const);
  if (!isPercentage(range[0]) || !isPercentage(range[1]) || range[0] >= range[1]) return null;
  const numbers = series.map(realOfDynamic);
  const known = numbers.filter((number) => number !== null && number !== ignored) as number[];
  const scores =
    known.length > 0
      ? outlierScores(
          numbers.map((number) => number ?? 0),
          known,
          range,
        )
      : numbers.map(() => 0);
  return scores.map((score, index) => boxReal(numbers[index] === null || numbers[index] === ignored ? 0 : score));
}

export const SERIES_OUTLIERS: readonly ScalarFunction[] = [
  define('series_outliers', ['dynamic', 'string?', 'dynamic?', 'real?', 'real?'], (series, kind, ignored, low, high) =>
    outliers(series, kind, realOfDynamic(ignored ?? null) ?? undefined, low, high),
  ),
];
