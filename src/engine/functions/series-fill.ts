import type { ScalarCall, ScalarFunction, Value } from '../value.ts';
import { isArray, jsonText, packed } from '../values/dynamic.ts';
import { boxReal, isWholeReal, realOfDynamic } from '../values/real.ts';
import { defineBound, type FunctionBinding } from './define.ts';

type Items = readonly Value[];

/** The value that marks a gap: null, or what the argument gives. */
function markerOf(value: Value, type: string | undefined): string {
  return jsonText(type === undefined ? null : packed(value, type));
}

function isGap(item: Value, marker: string): boolean {
  return item === null || jsonText(item) === marker;
}

function fillConstant({ types }: FunctionBinding): ScalarCall {
  return (series = null, constant = null, missing = null) => {
    const marker = markerOf(missing, types[2]);
    const value = packed(constant, types[1] ?? 'dynamic');
    return isArray(series) ? series.map((item) => (isGap(item, marker) ? value : item)) : null;
  };
}

function forward(items: Items, marker: string): Value[] {
  let last: Value = null;
  return items.map((item) => {
    if (!isGap(item, marker)) last = item;
    return isGap(item, marker) ? (last ?? item) : item;
  });
}

function fillDirection(backward: boolean): (binding: FunctionBinding) => ScalarCall {
  return ({ types }) =>
    (series = null, missing = null) => {
      if (!isArray(series)) return null;
      const marker = markerOf(missing, types[1]);
      return backward ? forward(series.toReversed(), marker).reverse() : forward(series, marker);
    };
}

/** A point on the line between two known ones; among whole numbers it is cut to a whole one. */
function between(before: Value, after: Value, share: number): Value {
  const [from, to] = [realOfDynamic(before) ?? 0, realOfDynamic(after) ?? 0];
  const value = from + (to - from) * share;
  const real = isWholeReal(before) || isWholeReal(after) || !Number.isInteger(from) || !Number.isInteger(to);
  return real ? boxReal(value) : Math.trunc(value);
}

function interpolate(items: Items, marker: string, edges: boolean): Value[] {
  const known = items.flatMap((item, index) => (isGap(item, marker) ? [] : [index]));
  return items.map((item, index) => {
    if (!isGap(item, marker)) return item;
    const left = known.findLast((one) => one < index);
    const right = known.find((one) => one > index);
    if (left === undefined || right === undefined) return edges ? (items[left ?? right ?? index] ?? item) : item;
    return between(items[left] ?? null, items[right] ?? null, (index - left) / (right - left));
  });
}

/** `series_fill_linear(series, missing, edges, constant)`: the constant fills a series that is all gaps. */
function fillLinear({ types }: FunctionBinding): ScalarCall {
  return (series = null, missing = null, edges = true, constant = 0) => {
    if (!isArray(series)) return null;
    const marker = markerOf(missing, types[1]);
    const value = packed(constant, types[3] ?? 'long');
    if (series.every((item) => isGap(item, marker))) return series.map(() => value);
    return interpolate(series, marker, edges !== false);
  };
}

/** Filling the gaps of series. */
export const SERIES_FILL: readonly ScalarFunction[] = [
  defineBound('series_fill_const', fillConstant),
  defineBound('series_fill_forward', fillDirection(false)),
  defineBound('series_fill_backward', fillDirection(true)),
  defineBound('series_fill_linear', fillLinear),
];
