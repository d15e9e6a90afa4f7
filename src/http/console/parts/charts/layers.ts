import { stack } from 'd3-shape';
import type { TriedChart } from '../../../../actions/pages/tried-result.ts';

export type TriedSeries = TriedChart['series'][number];

/** A point with what it stands on. */
export interface LayerPoint {
  readonly x: number;
  readonly low: number;
  readonly high: number;
}

export interface Layer {
  readonly name: string;
  readonly points: readonly LayerPoint[];
}

/** Each series from nothing up. */
export function plainLayers(series: readonly TriedSeries[]): readonly Layer[] {
  return series.map(({ name, points }) => ({
    name,
    points: points.map(({ x, y }) => ({ x: Number(x), low: 0, high: y })),
  }));
}

/** One series upon another; one that has no value at a place is nothing there. */
export function stackedLayers(series: readonly TriedSeries[]): readonly Layer[] {
  const places = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => Number(x))))].sort((a, b) => a - b);
  const values = series.map(({ points }) => new Map(points.map(({ x, y }) => [Number(x), y])));
  const stacked = stack<unknown, number, number>()
    .keys(series.keys())
    .value((x, index) => values[index]?.get(x) ?? 0)(places);
  return stacked.map((layer) => ({
    name: series[layer.key]?.name ?? '',
    points: layer.map(([low, high], index) => ({ x: places[index] ?? 0, low, high })),
  }));
}
