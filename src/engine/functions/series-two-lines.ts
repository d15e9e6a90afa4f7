import type { EvaluationContext, ScalarFunction, Value } from '../value.ts';
import { boxReal } from '../values/real.ts';
import { defineFor } from './define.ts';
import { numbersOf, PRODUCTS_A_TICK } from './series.ts';
import { fitLine, type Line } from './series-fit.ts';

/** The two lines that fit best, and where the right one begins. */
interface TwoLines {
  readonly split: number;
  readonly left: Line;
  readonly right: Line;
  readonly whole: Line;
}

function restOf(line: Line, length: number): number {
  return line.rvariance * Math.max(1, length - 1);
}

function fitTwoLines(series: readonly number[], { tick }: EvaluationContext): TwoLines | null {
  const whole = fitLine(series);
  let best: { readonly lines: TwoLines; readonly rest: number } | null = null;
  for (let split = 1; split < series.length; split += 1) {
    tick(series.length / PRODUCTS_A_TICK);
    const [left, right] = [fitLine(series.slice(0, split)), fitLine(series.slice(split))];
    const rest = restOf(left, split) + restOf(right, series.length - split);
    if (best === null || rest < best.rest) best = { lines: { split, left, right, whole }, rest };
  }
  return best?.lines ?? null;
}

/** Names and values in the order of the service's columns. */
function entriesOf({ split, left, right, whole }: TwoLines, length: number): [string, Value][] {
  const freedom = Math.max(1, length - 1);
  const rvariance = (restOf(left, split) + restOf(right, length - split)) / freedom;
  const rsquare = whole.variance === 0 ? 1 : 1 - rvariance / whole.variance;
  return [
    ['rsquare', boxReal(rsquare)],
    ['split_idx', split],
    ['variance', boxReal(whole.variance)],
    ['rvariance', boxReal(rvariance)],
    ['line_fit', [...left.fit, ...right.fit].map(boxReal)],
  ];
}

function lineEntries({ rsquare, slope, interception, variance, rvariance }: Line): [string, Value][] {
  return Object.entries({ rsquare, slope, interception, variance, rvariance }).map(([name, value]) => [
    name,
    boxReal(value),
  ]);
}

function twoLines(
  series: Value,
  context: EvaluationContext,
): { readonly lines: TwoLines; readonly length: number } | null {
  const numbers = numbersOf(series);
  const lines = numbers && numbers.length > 3 ? fitTwoLines(numbers, context) : null;
  return numbers && lines ? { lines, length: numbers.length } : null;
}

function asBag(series: Value, context: EvaluationContext): Value {
  const found = twoLines(series, context);
  if (!found) return null;
  return new Map<string, Value>([
    ...entriesOf(found.lines, found.length),
    ['right', new Map(lineEntries(found.lines.right))],
    ['left', new Map(lineEntries(found.lines.left))],
  ]);
}

function asTuple(series: Value, context: EvaluationContext): Value {
  const found = twoLines(series, context);
  if (!found) return null;
  const { lines, length } = found;
  return [...entriesOf(lines, length), ...lineEntries(lines.right), ...lineEntries(lines.left)].map(
    ([, value]) => value,
  );
}

function fitting(name: string, describe: (series: Value, context: EvaluationContext) => Value): ScalarFunction {
  return defineFor(
    name,
    ['dynamic'],
    ({ context }) =>
      (series) =>
        describe(series, context),
  );
}

/** A series as two straight lines, one after the other. */
export const SERIES_TWO_LINES: readonly ScalarFunction[] = [
  fitting('series_fit_2lines', asTuple),
  fitting('series_fit_2lines_dynamic', asBag),
];
