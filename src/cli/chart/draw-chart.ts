import type { KqlChart } from '../../engine/chart.ts';
import type { Column } from '../../kql/types.ts';
import type { Row } from '../../sources/source.ts';
import { oneLine } from '../terminal/print.ts';
import { barChart } from './bar-chart.ts';
import { chartSeries } from './chart-series.ts';
import { lineChart } from './line-chart.ts';

const BARS: ReadonlySet<string> = new Set(['barchart', 'columnchart', 'piechart', 'treemap']);
const LINES: ReadonlySet<string> = new Set([
  'timechart',
  'linechart',
  'areachart',
  'stackedareachart',
  'anomalychart',
  'scatterchart',
]);

/** A chart for the terminal, line by line; null where the kind has none there, or the rows have no numbers to draw. */
export function drawChart(
  chart: KqlChart,
  columns: readonly Column[],
  rows: readonly Row[],
  width: number,
): readonly string[] | null {
  if (!BARS.has(chart.kind) && !LINES.has(chart.kind)) return null;
  const shape = chartSeries(columns, rows, chart);
  if (!shape || shape.series.length === 0) return null;
  const series = shape.series.map(({ name, points }) => ({ name: oneLine(name), points: points.map(plainPoint) }));
  const lines = BARS.has(chart.kind)
    ? barChart(shape.isTime ? series.map(timeNames) : series, { width, shares: chart.kind === 'piechart' })
    : lineChart(series, { width, isTime: shape.isTime, joined: chart.kind !== 'scatterchart' });
  if (lines.length === 0) return null;
  return chart.title === null ? lines : [oneLine(chart.title), '', ...lines];
}

type Point = { readonly x: number | string; readonly y: number };

function plainPoint({ x, y }: Point): Point {
  return { x: typeof x === 'string' ? oneLine(x) : x, y };
}

function timeNames({ name, points }: { readonly name: string; readonly points: readonly Point[] }) {
  const named = points.map(({ x, y }) => ({ x: typeof x === 'number' ? new Date(x).toISOString() : x, y }));
  return { name, points: named };
}
